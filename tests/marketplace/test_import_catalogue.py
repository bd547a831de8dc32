"""Bringing a provider's offerings to what a file says."""

from datetime import timedelta

import pytest

from marketplace.actions.catalogue_import import Counts, Supplier, import_catalogue
from marketplace.actions.offerings import retire
from marketplace.errors import NotExternal
from marketplace.errors.catalogue import (
    CheckedInFuture,
    ProviderUnknown,
    TooManyVanished,
    UnknownColumn,
)
from marketplace.models import Offering, Provider
from resellers.models import AuditEntry, Job
from tests.conftest import NOW
from tests.factories.marketplace import ProviderFactory, RelationshipFactory
from tests.marketplace.catalogue_files import catalogue_file, row, several

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SUPPLIER = Supplier("supplier.example.com", "Cloud Supplier")


def load(*rows, **options):
    facts = {"file": "cloud.csv", "supplier": SUPPLIER, "actor": None, **options}
    return import_catalogue(catalogue_file(*rows), **facts)


def everything():
    """Every row of every table an import may touch, as values."""
    models = (Provider, Offering, AuditEntry, Job)
    return [list(model.objects.order_by("pk").values()) for model in models]


def state_of(code="cloud-1"):
    found = Offering.objects.get(code=code)
    return found.status, found.retired_by, found.retired_at


def test_import_creates_provider_and_offerings():
    report = load(*several(3))
    assert report.counts == Counts(rows=3, created=3)
    assert (report.errors, report.warnings) == ([], [])
    provider = Provider.objects.get()
    assert (provider.kind, provider.name) == ("external", "Cloud Supplier")
    assert provider.website_url == "https://supplier.example.com"
    first = provider.offerings.order_by("id")[0]
    first.full_clean()
    assert first.price_source == "import:cloud.csv"
    assert first.price_checked_at == NOW
    assert first.search_text == (
        "cloud 1 falkenstein cloud 1 cloud supplier falkenstein"
    )
    assert first.list_price_e9s == 5_770_000_000


def test_import_writes_one_audit_entry(staff):
    report = load(*several(2), actor=staff)
    entry = AuditEntry.objects.get(action="catalogue.imported")
    assert entry.actor == staff
    assert entry.object_ref == Provider.objects.get().pubkey
    assert entry.after == {
        "file": "cloud.csv",
        "sha256": report.sha256,
        "price_checked_at": "2026-03-02T09:00:00Z",
        "rows": 2,
        "created": 2,
        "changed": 0,
        "unchanged": 0,
        "refused": 0,
        "prices_changed": 0,
        "prices_rose": 0,
        "retired": 0,
        "returned": 0,
    }


def test_dry_run_reports_the_same_and_writes_nothing():
    bad = row(offering_id="bad", currency="nix", traffic="much")
    before = everything()
    planned = load(*several(2), bad, dry_run=True)
    assert everything() == before
    done = load(*several(2), bad)
    planned.dry_run = False
    assert planned == done
    assert done.counts == Counts(rows=3, created=2, refused=1)


def test_dry_run_of_a_change_writes_nothing(clock):
    load(*several(6))
    clock.shift(timedelta(days=1))
    before = everything()
    report = load(*several(5, monthly_price="6.00"), dry_run=True)
    assert report.counts == Counts(rows=5, changed=5, prices_changed=5, retired=1)
    assert everything() == before


def test_same_file_again_changes_only_checked_at(clock):
    load(*several(3))
    before = {o["code"]: o for o in Offering.objects.values()}
    clock.shift(timedelta(days=1))
    assert load(*several(3)).counts == Counts(rows=3, unchanged=3)
    for code, old in before.items():
        new = Offering.objects.filter(code=code).values().get()
        checked_at = NOW + timedelta(days=1)
        assert new == {**old, "price_checked_at": checked_at}


def test_bad_rows_are_left_out_and_good_ones_apply():
    report = load(row(), row(offering_id="bad", monthly_price="x"))
    assert [(e.row, e.column, e.code) for e in report.errors] == [
        (3, "monthly_price", "invalid_number")
    ]
    assert list(Offering.objects.values_list("code", flat=True)) == ["cloud-1"]


def test_refused_file_writes_nothing():
    load(*several(2))
    before = everything()
    with pytest.raises(UnknownColumn):
        load(row(price_eur="1"))
    assert everything() == before


def test_price_change_is_remembered(clock):
    load(row())
    clock.shift(timedelta(days=9))
    assert load(row(monthly_price="6.00")).counts == Counts(
        rows=1, changed=1, prices_changed=1
    )
    offering = Offering.objects.get()
    assert offering.monthly_price_e9s == offering.list_price_e9s == 6_000_000_000
    assert offering.previous_price_e9s == 5_770_000_000
    assert offering.price_changed_at == NOW + timedelta(days=9)


@pytest.mark.parametrize(
    ("price", "refused"),
    [("15.00", False), ("15.01", True), ("5.00", False), ("4.99", True)],
)
def test_price_jump(price, refused):
    load(row(monthly_price="10.00"))
    report = load(row(monthly_price=price))
    assert [error.code for error in report.errors] == ["price_jump"] * refused
    filed = 1_000_000 * int(price.replace(".", "")) * 10
    expected = 10_000_000_000 if refused else filed
    assert Offering.objects.get().monthly_price_e9s == expected
    accepted = load(row(monthly_price=price), accept_large_changes=True)
    assert accepted.errors == []
    assert Offering.objects.get().monthly_price_e9s == filed


def test_set_up_fee_counts_for_the_jump():
    load(row())
    report = load(row(setup_fee="10"))
    assert [error.code for error in report.errors] == ["price_jump"]


def test_other_currency_is_a_jump():
    load(row())
    report = load(row(currency="EUR"))
    assert [error.code for error in report.errors] == ["price_jump"]


def test_price_on_request_may_become_any_price():
    load(row(monthly_price="0"))
    assert Offering.objects.get().list_price_e9s == 2**63 - 1
    assert load(row(monthly_price="99")).errors == []
    assert Offering.objects.get().list_price_e9s == 99_000_000_000


def test_vanished_offering_retires_and_returns(clock):
    load(*several(5))
    clock.shift(timedelta(days=1))
    gone = [each for each in several(5) if each["offering_id"] != "cloud-1"]
    assert load(*gone).counts.retired == 1
    assert state_of() == ("retired", "import", NOW + timedelta(days=1))
    assert load(*several(5)).counts.returned == 1
    assert state_of() == ("available", "", None)


def test_staff_retired_offering_does_not_return():
    load(*several(5))
    retire(Offering.objects.get(code="cloud-1"), actor=None)
    report = load(*several(5, monthly_price="5.80"))
    assert (report.counts.returned, report.counts.changed) == (0, 5)
    assert state_of() == ("retired", "staff", NOW)


def test_nothing_vanishes_in_a_run_with_row_errors():
    load(*several(5))
    rows = several(5)
    rows[4]["monthly_price"] = "x"
    report = load(*rows[1:])
    assert (report.counts.retired, report.counts.refused) == (0, 1)
    assert Offering.objects.filter(status="retired").count() == 0


@pytest.mark.parametrize(("left", "refused"), [(8, False), (7, True), (0, True)])
def test_too_many_vanished_refuse_the_file(left, refused):
    load(*several(10))
    before = everything()
    rows = several(left) if left else []
    if refused:
        with pytest.raises(TooManyVanished) as error:
            load(*rows)
        assert f"{10 - left} of 10" in error.value.detail
        assert everything() == before
    else:
        load(*rows)
    load(*rows, accept_large_changes=True)
    assert Offering.objects.filter(status="retired").count() == 10 - left


def test_another_providers_offerings_stay():
    load(*several(3))
    other = Supplier("other.example.com", "Other")
    load(*several(3, monthly_price="9.00"), supplier=other)
    assert Offering.objects.filter(status="available").count() == 6
    assert Offering.objects.filter(monthly_price_e9s=9 * 10**9).count() == 3


def test_new_provider_needs_a_name():
    with pytest.raises(ProviderUnknown):
        load(row(), supplier=Supplier("supplier.example.com"))
    load(row())
    assert load(row(), supplier=Supplier("SUPPLIER.example.com")).errors == []


def test_onboarded_provider_is_not_imported_to():
    ProviderFactory.create(domain="supplier.example.com")
    for dry_run in (True, False):
        with pytest.raises(NotExternal):
            load(row(), dry_run=dry_run)


def test_prices_cannot_be_checked_in_future():
    with pytest.raises(CheckedInFuture):
        load(row(), checked_at=NOW + timedelta(hours=1))


@pytest.mark.parametrize(("price", "mails"), [("11.00", 0), ("11.01", 1)])
def test_rise_tells_each_active_reseller_once(price, mails):
    load(*several(2, monthly_price="10.00"))
    provider = Provider.objects.get()
    relationship = RelationshipFactory.create(external_provider=provider)
    RelationshipFactory.create(
        external_provider=provider, status="suspended", suspended_by="reseller"
    )
    load(*several(2, monthly_price=price))
    load(*several(2, monthly_price=price))
    found = list(Job.objects.filter(kind="mail"))
    assert len(found) == mails
    for job in found:
        entry = AuditEntry.objects.get(pk=job.payload["import_entry"])
        assert (entry.after or {})["prices_rose"] == 2
        assert job.payload["relationship"] == relationship.pk
        assert job.key == f"mail:prices_rose:{relationship.pk}:{entry.pk}"


def test_import_sets_the_lowest_total():
    load(*several(2))
    provider = Provider.objects.get()
    RelationshipFactory.create(external_provider=provider, commission_percent=20)
    RelationshipFactory.create(external_provider=provider, commission_percent=10)
    load(*several(2))
    keys = set(Offering.objects.values_list("list_price_e9s", flat=True))
    assert keys == {6_350_000_000}
