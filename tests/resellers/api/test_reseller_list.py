"""`GET /api/admin/resellers`: filters, order, pages, tags; the same on both databases."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellers.actions.profiles import create_reseller
from resellers.api.lean import rows_of
from resellers.api.list_tags import trail_mark
from resellers.api.serializers.resellers import ResellerRowOut
from resellers.clock import now
from resellers.models import AuditEntry, ContactGroup, Reseller
from resellers.pg import guards_lifted
from resellers.totals import totals_of
from tests.factories.profiles import ReferralFactory
from tests.problems import assert_error
from tests.queries import CLOCK_QUERIES, assert_constant
from tests.resellers.earning import customer, record

pytestmark = pytest.mark.django_db
LIST = "/api/admin/resellers"
PEOPLE: dict[str, dict[str, Any]] = {
    "quill": {
        "first_name": "Avery",
        "last_name": "Quill",
        "organization": "Quill Events",
        "contact_group": "event_registrants",
        "city": "Exampleton",
        "state": "Florida",
        "country": "US",
        "phone": "727-555-0142",
        "extended_values": [
            {"key": "membership_level", "value": "Gold"},
            {"key": "vip_status", "value": "yes"},
        ],
    },
    "muller": {
        "first_name": "Jörg",
        "last_name": "Müller",
        "organization": "100% Prüfung_GmbH",
        "partner_tier": "premium",
        "state": "Bavaria",
        "country": "Germany",
        "mobile_phone": "+49 89 5550142",
        "extended_values": [{"key": "membership_level", "value": "gold"}],
    },
    "roe": {
        "last_name": "Roe",
        "state": "QC",
        "country": "CAN",
        "fax": "1-514-555-0199",
        "status": "applicant",
        "extended_values": [
            {"key": "vip_status", "value": ""},
            {"key": "notes.2", "value": "a & b"},
        ],
    },
    "bare": {},
}


@pytest.fixture
def people(clock):
    """Four profiles, a minute apart, the oldest first."""
    made = {}
    for name, facts in PEOPLE.items():
        email = f"{name}@example.com"
        made[name] = create_reseller(email=email, actor=None, **facts)
        clock.shift(60)
    return made


def names(response):
    assert response.status_code == 200, response.json()
    return [row["email"].partition("@")[0] for row in response.json()]


def link(response, relation):
    found = re.search(rf'<([^>]+)>; rel="{relation}"', response.get("Link", ""))
    return found[1] if found else None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "bare roe muller quill"),
        ("status=active", "bare muller quill"),
        ("status=applicant,active", "bare roe muller quill"),
        ("status=suspended", ""),
        ("status=", "bare roe muller quill"),
        ("contactGroup=event_registrants", "quill"),
        ("contactGroup=info_seekers", ""),
        ("partnerTier=premium", "muller"),
        ("country=DE", "muller"),
        ("country=usa", "quill"),
        ("country=United%20States", "quill"),
        ("state=FL", "quill"),
        ("state=florida", "quill"),
        ("state=Qu%C3%A9bec", "roe"),
        ("state=Bavaria", "muller"),
        ("state=Bavaria&country=DE", "muller"),
        ("state=ZZ", ""),
        ("search=muller", "muller"),
        ("search=M%C3%9CLLER%20j%C3%B6rg", "muller"),
        ("search=quill%20nobody", ""),
        ("search=events%20avery", "quill"),
        ("search=roe@example", "roe"),
        ("search=100%25", "muller"),
        ("search=%25", "muller"),
        ("search=g_g", "muller"),
        ("search=7275550142", "quill"),
        ("search=%2B1%20(727)%20555-0142", "quill"),
        ("search=5550142", "muller quill"),
        ("search=0199", "roe"),
        ("search=514", ""),
        ("ext.membership_level=Gold", "quill"),
        ("ext.Membership_Level=gold", "muller"),
        ("ext.vip_status=", "roe"),
        ("ext.notes.2=a%20%26%20b", "roe"),
        ("ext_has=VIP_status", "roe quill"),
        ("ext_has=membership_level&ext.vip_status=yes", "quill"),
        ("ext.membership_level=Gold&ext.vip_status=no", ""),
        ("ext.unheard_of=x", ""),
        ("ordering=createdAt", "quill muller roe bare"),
        ("ordering=lastName", "bare muller quill roe"),
        ("ordering=organization&search=e&ext_has=membership_level", "muller quill"),
    ],
)
def test_filters_find_the_same_people_on_both_databases(viewer, people, query, found):
    assert names(viewer.get(f"{LIST}?{query}")) == found.split()


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("status=gone", "invalid_status", "?status"),
        ("status=active,", "invalid_status", "?status"),
        ("contactGroup=nobody", "unknown_contact_group", "?contactGroup"),
        ("partnerTier=gold", "invalid_choice", "?partnerTier"),
        ("country=Atlantis", "unknown_country", "?country"),
        ("ext.Vip=1&ext.vip=1", "duplicate_key", "?ext.vip"),
        ("ext.=1", "invalid_key", "?ext."),
        ("ext._x=1", "invalid_key", "?ext._x"),
        ("ext_has=a%20b", "invalid_key", "?ext_has"),
        ("currency=XXQ", "unknown_currency", "?currency"),
        ("ordering=-lastName", "invalid_ordering", "?ordering"),
        ("limit=1001", "limit_out_of_range", "?limit"),
        ("limit=0", "limit_out_of_range", "?limit"),
        ("contact_group=x", "unknown_parameter", "?contact_group"),
        ("extra.x=1", "unknown_parameter", "?extra.x"),
        ("ext=1", "unknown_parameter", "?ext"),
    ],
)
def test_what_means_nothing_is_refused(viewer, query, code, pointer):
    problem = assert_error(viewer.get(f"{LIST}?{query}"), 400, code)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_the_same_key_twice_is_400(viewer):
    assert viewer.get(f"{LIST}?ext.vip=1&ext.vip=2").status_code == 400
    assert viewer.get(f"{LIST}?search={'x' * 101}").status_code == 400
    assert viewer.get(f"{LIST}?search={'x' * 100}").json() == []


def test_an_inactive_group_can_be_asked_for(viewer, people):
    ContactGroup.objects.update(is_active=False)
    assert names(viewer.get(f"{LIST}?contactGroup=event_registrants")) == ["quill"]


@pytest.mark.parametrize(
    "ordering", ["-createdAt", "createdAt", "lastName", "organization"]
)
def test_pages_of_every_order_are_walked_there_and_back(viewer, people, ordering):
    whole = names(viewer.get(f"{LIST}?ordering={ordering}"))
    assert len(whole) == 4
    page = viewer.get(f"{LIST}?ordering={ordering}&limit=1")
    assert link(page, "prev") is None
    pages = [page]
    while address := link(pages[-1], "next"):
        pages.append(viewer.get(address))
    assert [name for page in pages for name in names(page)] == whole
    back = [pages[-1]]
    while address := link(back[-1], "prev"):
        back.append(viewer.get(address))
    assert [name for page in back for name in names(page)] == whole[::-1]


def test_total_is_told_where_the_page_holds_all(viewer, people):
    assert viewer.get(LIST)["X-Total-Count"] == "4"
    assert viewer.get(f"{LIST}?search=muller")["X-Total-Count"] == "1"


def test_totals_are_of_one_currency(viewer, people):
    quill = people["quill"]
    customer(reseller=quill)
    ReferralFactory.create(reseller=quill, customer_ref="C-2", end_reason="")
    record("inv-1", 6500)
    record("inv-2", 999, "JPY")
    rows = {
        currency: viewer.get(f"{LIST}?search=quill&currency={currency}").json()
        for currency in ("USD", "jpy", "EUR")
    }
    shown = [
        (row["totalCustomersReferred"], row["totalRevenueGenerated"])
        for (row,) in rows.values()
    ]
    assert shown == [(2, 6500), (2, 999), (2, 0)]


def test_lean_rows_are_the_serializers(viewer, people):
    """Every field of every row, empty and filled, with totals and without."""
    customer(reseller=people["quill"])
    record("inv-1", 6500)
    resellers = Reseller.objects.order_by("-created_at", "-id")
    totals = totals_of([row.pk for row in resellers], "USD")
    rows = [{"reseller": row, "totals": totals[row.pk]} for row in resellers]

    lean = viewer.get(LIST).json()

    assert lean == ResellerRowOut(rows, many=True).data
    assert [list(row) for row in lean] == [list(ResellerRowOut().fields)] * 4
    for name in ResellerRowOut().fields:
        assert {row[name] is None for row in lean} <= {True, False}
    assert rows_of([], "USD") == []


def test_tag_covers_rows_and_totals(viewer, editor, people):
    read = viewer.get(LIST)["ETag"]
    assert read == viewer.get(LIST)["ETag"]
    roe = f"{LIST}/{people['roe'].pk}"
    tags = [read]
    for change in (
        lambda: editor.patch(roe, {"phone": "727-555-0111"}),
        lambda: editor.post(f"{roe}/status", {"status": "active", "reason": "signed"}),
        lambda: editor.post(f"{roe}/referrals", {"customerRef": "C-1001"}),
        lambda: record("inv-1", 6500, occurred_at=now()),
    ):
        change()
        fresh = viewer.get(LIST, headers={"If-None-Match": tags[-1]})
        assert fresh.status_code == 200
        tags.append(fresh["ETag"])
    assert len(set(tags)) == 5


def test_unchanged_list_is_304_without_reading_a_row(viewer, people):
    read = viewer.get(LIST)["ETag"]

    with CaptureQueriesContext(connection) as seen:
        unchanged = viewer.get(LIST, headers={"If-None-Match": read})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged["ETag"] == read
    assert [q for q in seen.captured_queries if 'FROM "resellers"' in q["sql"]] == []
    other = viewer.get(f"{LIST}?limit=4", headers={"If-None-Match": read})
    assert other.status_code == 200
    assert viewer.get(LIST, headers={"If-None-Match": '"x", W/"y"'}).status_code == 200


def test_what_else_changes_leaves_the_content_known(viewer, editor, people):
    """The trail has gone on, the rows have not: read, compared, not sent."""
    read = viewer.get(LIST)["ETag"]
    group = {"slug": "others", "name": "Others"}
    assert editor.post("/api/admin/contact-groups", group).status_code == 201

    unchanged = viewer.get(LIST, headers={"If-None-Match": read})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged["ETag"] == viewer.get(LIST)["ETag"] != read


def test_an_entry_that_commits_late_moves_the_mark(people):
    """Ids are given before the commit: a lower one may appear after a higher one."""
    newest = AuditEntry.objects.latest("id")
    mark = trail_mark()
    with guards_lifted():
        AuditEntry.objects.filter(pk=newest.pk - 1).delete()
    assert AuditEntry.objects.latest("id") == newest
    assert trail_mark() != mark


def test_a_thousand_rows_take_the_queries_of_ten(viewer):
    def add(number):
        reseller = create_reseller(email=f"p{number}@example.com", actor=None)
        if number % 3 == 0:
            customer(reseller=reseller, ref=f"C-{number}")
            record(f"inv-{number}", customer_ref=f"C-{number}")

    assert_constant(
        lambda: viewer.get(f"{LIST}?limit=1000"),
        add,
        sizes=(1, 3, 40),
        expected=7 + CLOCK_QUERIES,
    )
