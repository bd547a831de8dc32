"""A file of referrals: customers given to resellers, and what is known of them."""

from datetime import UTC, datetime

import pytest

from resellers.models import AuditEntry, Rate, Referral
from tests.factories.profiles import LONG_AGO, ReferralFactory, ResellerFactory
from tests.factories.resellers import AT
from tests.resellers.importing.desk import (
    all_rows,
    bring_in,
    errors,
    file_of,
    report,
    states,
)

pytestmark = pytest.mark.django_db
HEAD = "customerRef,resellerCode,customerEmail,referredAt,notes"
KIND = "referrals"


@pytest.fixture
def avery(db):
    return ResellerFactory.create(code="RS-00AVRY", user__email="avery@example.com")


@pytest.fixture
def customer(avery):
    return ReferralFactory.create(reseller=avery, customer_ref="C-1")


def test_dry_run_tells_each_row_and_writes_nothing(customer, editor):
    before = all_rows()
    content = file_of(
        HEAD,
        "C-1,rs-00avry,c1@example.com,2025-01-01T00:00:00Z,",
        "C-2,RS-00AVRY,,2025-06-01 12:30,met in June",
        "C-1,,,,x",
        "C-3,RS-NOBODY,,,",
        "C-4,,,,",
    )
    assert [
        (row["number"], row["state"], row["label"], row["changes"], row["errors"])
        for row in report(content, editor, KIND)
    ] == [
        (2, "changed", "C-1", [["customerEmail", "", "c1@example.com"]], []),
        (
            3,
            "new",
            "C-2",
            [
                ["reseller", "", f"{customer.reseller} (RS-00AVRY)"],
                ["notes", "", "met in June"],
            ],
            [],
        ),
        (
            4,
            "error",
            "C-1",
            [["notes", "", "x"]],
            [["", "Row 2 is the same customer."]],
        ),
        (5, "error", "C-3", [], [["resellerCode", "There is no such reseller."]]),
        (
            6,
            "error",
            "C-4",
            [],
            [
                [
                    "resellerCode",
                    "Say whose customer it is: by the reseller's code, id or e-mail.",
                ]
            ],
        ),
    ]
    assert all_rows() == before


def test_import_gives_and_edits(customer, avery, editor):
    content = file_of(
        "customer_ref,reseller_id,reseller_email,customer_email,referred_at,notes",
        f"C-1,{avery.pk},,c1@example.com,,",
        "C-2,,Avery@example.com,,2025-06-01 12:30,met in June",
    )
    held = bring_in(content, editor, KIND)
    assert (held.new_count, held.changed_count) == (1, 1)
    customer.refresh_from_db()
    assert customer.customer_email == "c1@example.com"
    new = Referral.objects.get(customer_ref="C-2")
    assert (new.reseller, new.origin, new.notes) == (avery, "import", "met in June")
    assert new.referred_at == datetime(2025, 6, 1, 12, 30, tzinfo=UTC)
    actions = AuditEntry.objects.filter(batch_id=held.pk).order_by("id")
    assert list(actions.values_list("action", flat=True)) == [
        "referral.updated",
        "referral.created",
        "import.confirmed",
    ]
    assert states(content, editor, KIND) == ["unchanged"] * 2


def test_what_never_changes_is_an_error(customer, editor):
    other = ResellerFactory.create()
    content = file_of(
        "id,customer_ref,reseller_code,referred_at",
        f",C-1,{other.code},2025-01-02",
        f"{customer.pk},C-9,,",
    )
    assert errors(content, editor, KIND) == [
        [
            "reseller_code",
            "A customer is moved to another reseller on the referral's page.",
        ],
        ["referred_at", "The beginning of a referral never changes."],
        ["", "Row 2 is the same customer."],
        ["customer_ref", "The customer of a referral never changes."],
    ]


def test_times_of_others_are_taken(avery, editor):
    ReferralFactory.create(
        customer_ref="C-2", referred_at=LONG_AGO, ended_at=AT, end_reason="other"
    )
    content = file_of(
        HEAD,
        "C-2,RS-00AVRY,,2025-02-01,",
        f"C-3,RS-00AVRY,,{AT.isoformat()},",
        "C-4,RS-00AVRY,,2031-01-01,",
        "C-5,RS-00AVRY,avery@example.com,,",
        "C-6,RS-00AVRY,,soon,",
    )
    assert [column for column, _ in errors(content, editor, KIND)] == [
        "customerRef",
        "referredAt",
        "customerEmail",
        "referredAt",
    ]
    assert states(content, editor, KIND)[1] == "new"


def test_ended_ones_are_known_by_their_id(editor):
    ended = ReferralFactory.create(
        customer_ref="C-2", ended_at=AT, end_reason="customer_left"
    )
    now = ReferralFactory.create(customer_ref="C-2", referred_at=AT)
    content = file_of(
        "id,customerRef,resellerCode,endedAt,endReason",
        f"{ended.pk},C-2,{ended.reseller.code},{AT.isoformat()},customer_left",
        f"{now.pk},C-2,{now.reseller.code},,",
    )
    assert states(content, editor, KIND) == ["unchanged"] * 2


def test_reseller_must_take_customers(editor):
    asleep = ResellerFactory.create(status="inactive")
    content = file_of("customerRef,resellerId", f"C-1,{asleep.pk}")
    assert errors(content, editor, KIND) == [
        ["", "Only an active reseller is given customers."]
    ]


class TestRates:
    CONTENT = file_of(
        "customerRef,resellerCode,commissionRate",
        "C-1,RS-00AVRY,20",
        "C-2,RS-00AVRY,5.5",
    )

    def test_only_finance_sets_them(self, customer, editor):
        needs = "Only finance sets this."
        assert errors(self.CONTENT, editor, KIND) == [["commissionRate", needs]] * 2

    def test_finance_does(self, customer, finance):
        bring_in(self.CONTENT, finance, KIND)
        assert sorted(
            Rate.objects.values_list("referral__customer_ref", "rate_bp", "valid_from")
        ) == [
            ("C-1", 2000, AT),
            ("C-2", 550, datetime(2000, 1, 1, tzinfo=UTC)),
        ]
        assert states(self.CONTENT, finance, KIND) == ["unchanged"] * 2
        cleared = file_of("customerRef,commissionRate", "C-1,NULL")
        rows = report(cleared, finance, KIND)
        assert rows[0]["changes"] == [["commissionRate", "20 %", ""]]
