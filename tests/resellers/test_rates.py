"""Which rate holds when; a rate never changes the past."""

import datetime

import pytest

from resellers import clock, rates
from resellers.actions.rates import set_rate
from resellers.commission import BasisPoints
from resellers.errors import PermissionRefused
from resellers.errors.profiles import RateBackdated, ReasonRequired
from resellers.models import BEGINNING, AuditEntry, Rate, RateScope, Reseller
from resellers.rates import RateInEffect
from tests.factories.profiles import ReferralFactory, ResellerFactory
from tests.factories.resellers import (
    AT,
    StaffFactory,
    SuperuserFactory,
    UserFactory,
)
from tests.queries import assert_constant

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
TEN, FIFTEEN, TWENTY, ZERO = (BasisPoints(bp) for bp in (1000, 1550, 2000, 0))


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT):
        yield


@pytest.fixture
def referral():
    return ReferralFactory.create()


def give(owner=None, rate=TEN, **facts):
    scope = "programme" if owner is None else owner._meta.model_name
    named = {} if owner is None else {scope: owner}
    stated = {"reason": "agreed by mail", "actor": None, **named, **facts}
    return set_rate(scope=scope, rate=rate, **stated)


def holding(referral, at):
    """The rate that holds then, where there must be one."""
    found = rates.rate_at(referral, at)
    assert found is not None
    return found


def test_referral_before_reseller_before_programme(referral):
    assert rates.rate_at(referral, AT) is None
    give()
    assert rates.rate_at(referral, AT) == RateInEffect(
        TEN, RateScope.PROGRAMME, BEGINNING
    )
    give(referral.reseller, FIFTEEN)
    assert rates.rate_at(referral, AT) == RateInEffect(FIFTEEN, RateScope.RESELLER, AT)
    give(referral, TWENTY)
    assert rates.rate_at(referral, AT) == RateInEffect(TWENTY, RateScope.REFERRAL, AT)
    with clock.at(AT + DAY):
        give(referral, ZERO)
    assert rates.rate_at(referral, AT + DAY) == RateInEffect(
        ZERO, RateScope.REFERRAL, AT + DAY
    )
    assert rates.rate_at(referral, AT) == RateInEffect(TWENTY, RateScope.REFERRAL, AT)
    assert rates.rate_at(referral, AT - DAY) == RateInEffect(
        TEN, RateScope.PROGRAMME, BEGINNING
    )


def test_no_rate_of_its_own_passes_on(referral):
    give()
    give(referral.reseller, FIFTEEN, from_beginning=True)
    with clock.at(AT + DAY):
        give(referral.reseller, None)

    at = [rates.rate_at(referral, AT + n * DAY) for n in (0, 1)]

    assert at == [
        RateInEffect(FIFTEEN, RateScope.RESELLER, BEGINNING),
        RateInEffect(TEN, RateScope.PROGRAMME, BEGINNING),
    ]
    own = rates.own_rate(referral.reseller, AT)
    assert own is not None
    assert own.rate == FIFTEEN
    assert rates.own_rate(referral.reseller, AT + DAY) is None


def test_the_first_of_the_programme_holds_from_the_beginning():
    first = give()
    with clock.at(AT + DAY):
        second = give(rate=FIFTEEN)

    assert (first.valid_from, second.valid_from) == (BEGINNING, AT + DAY)


def test_a_plan_is_kept_even_if_it_equals_todays_rate(referral):
    give()
    give(referral.reseller, FIFTEEN)
    plan = give(referral.reseller, FIFTEEN, valid_from=AT + 2 * DAY)
    assert plan == give(referral.reseller, FIFTEEN, valid_from=AT + 2 * DAY)
    with clock.at(AT + DAY):
        give(referral.reseller, None)
    assert holding(referral, AT + DAY).rate == TEN
    assert holding(referral, AT + 2 * DAY).rate == FIFTEEN


def test_a_planned_rate_is_undone_by_another_of_the_same_day(referral):
    give(referral.reseller, TEN)
    give(referral.reseller, TWENTY, valid_from=AT + 2 * DAY)
    assert holding(referral, AT + DAY).rate == TEN
    assert holding(referral, AT + 2 * DAY).rate == TWENTY

    with clock.at(AT + DAY):
        give(referral.reseller, TEN, valid_from=AT + 2 * DAY)

    assert holding(referral, AT + 2 * DAY).rate == TEN
    assert Rate.objects.count() == 3


@pytest.mark.parametrize("rate", [TEN, None])
def test_the_rate_that_holds_anyway_writes_nothing(rate):
    reseller = ResellerFactory.create()
    first = give(reseller, rate)

    with clock.at(AT + DAY):
        assert give(reseller, rate) == first

    assert (Rate.objects.count(), AuditEntry.objects.count()) == (1, 1)


def test_the_past_is_refused():
    reseller = ResellerFactory.create()

    with pytest.raises(RateBackdated):
        give(reseller, valid_from=AT - datetime.timedelta(microseconds=1))
    give(reseller, valid_from=AT)
    with pytest.raises(RateBackdated):
        give(reseller, FIFTEEN, from_beginning=True)

    assert Rate.objects.count() == 1


def test_a_reason_is_due():
    with pytest.raises(ReasonRequired):
        give(reason="why")
    reseller = ResellerFactory.create()
    assert give(reseller, from_beginning=True, reason="").reason == "given at creation"


@pytest.mark.parametrize("factory", [UserFactory, StaffFactory])
def test_only_finance_sets_a_rate(factory):
    with pytest.raises(PermissionRefused):
        give(actor=factory.create())
    assert Rate.objects.count() == 0


def test_the_trail_of_a_referrals_rate_is_its_resellers(referral):
    finance = SuperuserFactory.create()
    give(referral, FIFTEEN, actor=finance)
    give(actor=finance)
    give(referral.reseller, record=False)

    told = AuditEntry.objects.order_by("id").values_list(
        "action", "object_type", "object_ref", "before", "after", "reason"
    )
    assert list(told) == [
        (
            "rate.set",
            "resellers.reseller",
            str(referral.reseller.pk),
            {"commission_rate": None},
            {
                "commission_rate": "15.5",
                "rate_scope": "referral",
                "valid_from": "2026-03-02T09:00:00Z",
                "referral_id": str(referral.pk),
                "customer_ref": referral.customer_ref,
            },
            "agreed by mail",
        ),
        (
            "rate.set",
            "resellers.programme",
            "programme",
            {"commission_rate": None},
            {
                "commission_rate": "10",
                "rate_scope": "programme",
                "valid_from": "2000-01-01T00:00:00Z",
            },
            "agreed by mail",
        ),
    ]
    assert list(Rate.objects.values_list("created_by", flat=True)) == [
        None,
        finance.pk,
        finance.pk,
    ]


def test_what_later_came_to_hold_first(referral):
    """A later row, in whatever scope, and of one moment only what counts."""
    give(referral.reseller, None)
    with clock.at(AT + DAY):
        give(referral, TEN, valid_from=AT + 2 * DAY)
        give(referral, None, valid_from=AT + 2 * DAY)
        give(referral.reseller, TWENTY, valid_from=AT + 3 * DAY)
        give(rate=FIFTEEN, valid_from=AT + 4 * DAY)

    def found(days):
        return rates.first_rate_after(referral, AT, until=AT + days * DAY)

    assert [found(days) for days in (1, 2)] == [None, None]
    assert (
        found(3) == found(9) == RateInEffect(TWENTY, RateScope.RESELLER, AT + 3 * DAY)
    )


def test_rates_of_many_are_one_query():
    give()
    resellers = []

    def grow(number):
        reseller = ResellerFactory.create()
        if number % 2:
            give(reseller, FIFTEEN)
        resellers.append(reseller)

    assert_constant(
        lambda: rates.rates_of(resellers, AT), grow, sizes=(1, 3, 20), expected=1
    )
    own, programme = (
        RateInEffect(FIFTEEN, RateScope.RESELLER, AT),
        RateInEffect(TEN, RateScope.PROGRAMME, BEGINNING),
    )
    assert rates.rates_of(resellers[:2], AT) == {
        resellers[0].pk: programme,
        resellers[1].pk: own,
    }
    assert rates.rates_of(resellers[:2], AT - DAY) == {
        resellers[0].pk: programme,
        resellers[1].pk: programme,
    }


def test_without_any_rate_there_is_none(referral):
    assert rates.rates_of([referral.reseller], AT) == {}
    give(referral.reseller, None)
    assert rates.rates_of([referral.reseller], AT) == {}
    assert rates.rate_at(referral, AT) is None
    assert rates.own_rate(referral.reseller, AT) is None


def test_own_rates_filter_a_list(referral):
    zero, cleared = ResellerFactory.create(), ResellerFactory.create()
    give(zero, ZERO)
    give(cleared, TEN)
    with clock.at(AT + DAY):
        give(cleared, None)

    def without(at):
        rows = Reseller.objects.annotate(own=rates.own_rate_bp(at))
        return set(rows.filter(own=None))

    assert without(AT) == {referral.reseller}
    assert without(AT + DAY) == {referral.reseller, cleared}


def test_a_rule_says_since_when(referral):
    give(referral.reseller, TEN, from_beginning=True)
    assert holding(referral, AT).rule_ref == "reseller since the beginning"
    give(referral, TEN)
    assert holding(referral, AT).rule_ref == "referral since 2026-03-02"
