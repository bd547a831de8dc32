"""Whose customer somebody is: one at a time, and told to both resellers."""

import datetime

import pytest

from resellers import clock, rates
from resellers.actions.referrals import (
    attribute_customer,
    earlier_sales,
    edit_referral,
    end_referral,
    move_referral,
)
from resellers.commission import BasisPoints
from resellers.errors import Invalid, PermissionRefused
from resellers.errors.profiles import (
    CustomerAlreadyReferred,
    InvalidCharacter,
    InvalidEmail,
    OccurredAhead,
    OccurredTooEarly,
    ReasonRequired,
    ReferralEnded,
    ReferralOverlaps,
    ResellerNotActive,
    SelfReferral,
    TextTooLong,
)
from resellers.models import BEGINNING, AuditEntry, Rate, RateScope, Referral
from resellers.models.versions import VersionChanged, version_of
from resellers.rates import RateInEffect
from tests.factories.profiles import ReferralFactory, ResellerFactory, SaleFactory
from tests.factories.resellers import (
    AT,
    AccessKeyFactory,
    StaffFactory,
    SuperuserFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
TICK = datetime.timedelta(microseconds=1)
WHY = "asked by the customer"


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT):
        yield


@pytest.fixture
def reseller():
    return ResellerFactory.create(code="RS-4K9QZ7")


def attribute(reseller, **facts):
    stated = {"customer_ref": "C-1", "origin": "staff", "actor": None, **facts}
    return attribute_customer(reseller, **stated)


def period(referral):
    referral.refresh_from_db()
    return referral.referred_at, referral.ended_at, referral.end_reason


def trail(reseller):
    rows = AuditEntry.objects.of("resellers.reseller", str(reseller.pk))
    told = rows.order_by("id").values_list("action", "before", "after", "reason")
    return list(told)


def test_a_customer_is_attributed(reseller):
    staff = SuperuserFactory.create()

    referral = attribute(
        reseller,
        customer_ref="  Shop/42 ä ",
        customer_email=" Buyer@Example.com ",
        notes="met at the fair\r\n",
        actor=staff,
    )

    referral.refresh_from_db()
    assert referral.reseller == reseller
    assert referral.customer_ref == "Shop/42 ä"
    assert referral.customer_email == "buyer@example.com"
    assert referral.notes == "met at the fair"
    assert (referral.created_by, referral.origin) == (staff, "staff")
    assert period(referral) == (AT, None, "")
    assert trail(reseller) == [
        (
            "referral.created",
            None,
            {
                "referral_id": str(referral.pk),
                "customer_ref": "Shop/42 ä",
                "customer_email": "b…@example.com",
                "referred_at": "2026-03-02T09:00:00Z",
                "origin": "staff",
            },
            "",
        )
    ]


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"customer_ref": "  "}, Invalid),
        ({"customer_ref": "C\n1"}, InvalidCharacter),
        ({"customer_ref": "C\u200b1"}, InvalidCharacter),
        ({"customer_ref": "C\x001"}, InvalidCharacter),
        ({"customer_ref": "x" * 256}, TextTooLong),
        ({"customer_email": "nobody"}, InvalidEmail),
        ({"notes": "x" * 2001}, TextTooLong),
        (
            {"referred_at": AT + datetime.timedelta(minutes=5) + TICK},
            OccurredAhead,
        ),
        ({"referred_at": BEGINNING - TICK}, OccurredTooEarly),
    ],
)
def test_bad_input_is_refused(reseller, facts, refusal):
    with pytest.raises(refusal) as refused:
        attribute(reseller, **facts)

    assert refused.value.status == 400
    assert refused.value.field == next(iter(facts))
    assert Referral.objects.count() == 0


def test_the_longest_reference_is_taken(reseller):
    ref = "x" * 255
    assert attribute(reseller, customer_ref=ref).customer_ref == ref


@pytest.mark.parametrize("status", ["applicant", "inactive", "suspended"])
def test_only_an_active_reseller_is_given_customers(status):
    with pytest.raises(ResellerNotActive):
        attribute(ResellerFactory.create(status=status))
    assert Referral.objects.count() == 0


def test_nobody_refers_themselves(reseller):
    with pytest.raises(SelfReferral):
        attribute(reseller, customer_email=reseller.user.email.upper())
    assert Referral.objects.count() == 0


def test_a_taken_customer_names_the_reseller(reseller):
    attribute(reseller)

    with pytest.raises(CustomerAlreadyReferred) as refused:
        attribute(ResellerFactory.create())

    assert refused.value.extra == {
        "reseller_id": str(reseller.pk),
        "reseller_code": "RS-4K9QZ7",
    }
    assert Referral.objects.count() == 1


def test_capitals_make_another_customer(reseller):
    attribute(reseller, customer_ref="c-1")
    attribute(reseller, customer_ref="C-1")
    assert Referral.objects.count() == 2


@pytest.mark.parametrize(
    ("start", "taken"),
    [
        (AT - 10 * DAY, True),
        (AT - 4 * DAY, True),
        (AT - 2 * DAY - TICK, True),
        (AT - 2 * DAY, False),
        (AT, False),
    ],
)
def test_periods_never_overlap(reseller, start, taken):
    """C-1 was somebody's from four days to two days ago; the end is no part of it."""
    ReferralFactory.create(
        customer_ref="C-1",
        referred_at=AT - 4 * DAY,
        ended_at=AT - 2 * DAY,
        end_reason="customer_left",
    )

    if taken:
        with pytest.raises(ReferralOverlaps):
            attribute(reseller, referred_at=start)
    else:
        attribute(reseller, referred_at=start)

    assert Referral.objects.count() == (1 if taken else 2)


def test_a_rate_of_its_own_holds_from_the_beginning(reseller):
    referral = attribute(
        reseller, commission_rate=BasisPoints(2000), actor=SuperuserFactory.create()
    )

    assert rates.rate_at(referral, AT - 1000 * DAY) == RateInEffect(
        BasisPoints(2000), RateScope.REFERRAL, BEGINNING
    )
    told = [(action, after) for action, _, after, _ in trail(reseller)]
    assert told == [
        (
            "referral.created",
            {
                "referral_id": str(referral.pk),
                "customer_ref": "C-1",
                "referred_at": "2026-03-02T09:00:00Z",
                "origin": "staff",
                "commission_rate": "20",
            },
        )
    ]


def test_a_rate_of_its_own_is_for_finance(reseller):
    with pytest.raises(PermissionRefused):
        attribute(reseller, commission_rate=BasisPoints(0), actor=StaffFactory.create())
    assert (Referral.objects.count(), Rate.objects.count()) == (0, 0)


def test_a_move_ends_and_begins_at_one_instant(reseller):
    other = ResellerFactory.create(code="RS-000ZZZ")
    referral = attribute(reseller, customer_email="buyer@example.com")

    person = SuperuserFactory.create()
    key = AccessKeyFactory.create(
        principal_kind="user", user=person, principal_ref=str(person.pk)
    )
    with clock.at(AT + DAY):
        moved = move_referral(referral, to=other, reason=WHY, actor=key)

    assert period(referral) == (AT, AT + DAY, "moved")
    assert period(moved) == (AT + DAY, None, "")
    assert (moved.reseller, moved.customer_ref) == (other, "C-1")
    assert (moved.customer_email, moved.origin) == ("buyer@example.com", "api")
    assert trail(reseller)[1:] == [
        (
            "referral.moved",
            None,
            {
                "referral_id": str(referral.pk),
                "customer_ref": "C-1",
                "ended_at": "2026-03-03T09:00:00Z",
                "to": "RS-000ZZZ",
            },
            WHY,
        )
    ]
    assert trail(other) == [
        (
            "referral.created",
            None,
            {
                "referral_id": str(moved.pk),
                "customer_ref": "C-1",
                "customer_email": "b…@example.com",
                "referred_at": "2026-03-03T09:00:00Z",
                "origin": "api",
                "from": "RS-4K9QZ7",
            },
            WHY,
        )
    ]


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"status": "inactive"}, ResellerNotActive),
        ({"user__email": "buyer@example.com"}, SelfReferral),
    ],
)
def test_a_move_needs_somebody_who_may(reseller, facts, refusal):
    referral = attribute(reseller, customer_email="buyer@example.com")

    with pytest.raises(refusal):
        move_referral(
            referral, to=ResellerFactory.create(**facts), reason=WHY, actor=None
        )

    assert period(referral) == (AT, None, "")


def test_nobody_is_moved_to_where_they_are(reseller):
    referral = attribute(reseller)
    with pytest.raises(Invalid):
        move_referral(referral, to=reseller, reason=WHY, actor=None)
    assert period(referral) == (AT, None, "")


def test_a_referral_ends_once(reseller):
    referral = attribute(reseller)

    with clock.at(AT + DAY):
        end_referral(referral, end_reason="mistake", reason=WHY, actor=None)
        with pytest.raises(ReferralEnded):
            end_referral(referral, end_reason="other", reason=WHY, actor=None)
        with pytest.raises(ReferralEnded):
            move_referral(referral, to=ResellerFactory.create(), reason=WHY, actor=None)

    assert period(referral) == (AT, AT + DAY, "mistake")
    assert trail(reseller)[1:] == [
        (
            "referral.ended",
            None,
            {
                "referral_id": str(referral.pk),
                "customer_ref": "C-1",
                "ended_at": "2026-03-03T09:00:00Z",
                "end_reason": "mistake",
            },
            WHY,
        )
    ]


@pytest.mark.parametrize(
    ("end_reason", "reason", "refusal"),
    [("moved", WHY, Invalid), ("", WHY, Invalid), ("other", "why", ReasonRequired)],
)
def test_an_end_needs_its_reasons(reseller, end_reason, reason, refusal):
    referral = attribute(reseller)
    with pytest.raises(refusal):
        end_referral(referral, end_reason=end_reason, reason=reason, actor=None)
    assert period(referral) == (AT, None, "")


def test_one_that_began_this_moment_lasts_a_moment(reseller):
    referral = attribute(reseller)
    end_referral(referral, end_reason="mistake", reason=WHY, actor=None)
    assert period(referral) == (AT, AT + TICK, "mistake")


def test_an_edit_writes_only_what_differs(reseller):
    referral = attribute(reseller, notes="as before")

    edit_referral(referral, notes="as before", customer_email="", actor=None)
    assert len(trail(reseller)) == 1
    edit_referral(
        referral,
        customer_email="New@example.com",
        versions=[version_of(Referral.objects.get())],
        actor=None,
    )

    referral.refresh_from_db()
    assert (referral.customer_email, referral.notes) == (
        "new@example.com",
        "as before",
    )
    assert trail(reseller)[1:] == [
        (
            "referral.updated",
            {"customer_email": ""},
            {
                "referral_id": str(referral.pk),
                "customer_ref": "C-1",
                "customer_email": "n…@example.com",
            },
            "",
        )
    ]


def test_an_edit_of_what_somebody_changed_is_refused(reseller):
    referral = attribute(reseller)
    read = version_of(referral)
    edit_referral(referral, notes="theirs", actor=None)

    with pytest.raises(VersionChanged):
        edit_referral(referral, notes="mine", versions=[read], actor=None)
    with pytest.raises(SelfReferral):
        edit_referral(referral, customer_email=reseller.user.email, actor=None)

    referral.refresh_from_db()
    assert (referral.notes, referral.customer_email) == ("theirs", "")


def test_earlier_sales_are_those_of_the_period(reseller):
    facts = {"customer_ref": "C-1"}
    SaleFactory.create(**facts, occurred_at=AT - 5 * DAY)
    inside = SaleFactory.create(**facts, occurred_at=AT - 4 * DAY)
    latest = SaleFactory.create(**facts, occurred_at=AT - DAY)
    SaleFactory.create(customer_ref="c-1", occurred_at=AT - DAY)
    referral = attribute(reseller, referred_at=AT - 4 * DAY)

    assert list(earlier_sales(referral)) == [inside, latest]
    referral.ended_at = AT - DAY
    assert list(earlier_sales(referral)) == [inside]


def test_customers_are_given_moved_and_ended_by_right(reseller):
    nobody, referral = StaffFactory.create(), ReferralFactory.create()
    deeds = [
        lambda: attribute(reseller, actor=nobody),
        lambda: move_referral(referral, to=reseller, reason=WHY, actor=nobody),
        lambda: end_referral(referral, end_reason="other", reason=WHY, actor=nobody),
        lambda: edit_referral(referral, notes="mine", actor=nobody),
    ]
    before = Referral.objects.values().get()
    for deed in deeds:
        with pytest.raises(PermissionRefused):
            deed()
    assert Referral.objects.values().get() == before
