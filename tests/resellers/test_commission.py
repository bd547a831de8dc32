"""Golden examples of 1-product and 6-ledger, and an oracle in exact fractions."""

import itertools
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resellers.commission import (
    BasisPoints,
    markup,
    share,
    standing_markup,
    standing_share,
)
from resellers.errors import (
    RateMalformed,
    RateOutOfRange,
    RatePrecision,
    RefundExceedsPaid,
)
from resellers.money import Money

rates = st.integers(0, 10_000).map(BasisPoints)
amounts = st.integers(0, 10**14)


def percent(text):
    return BasisPoints.from_percent(text)


@pytest.mark.parametrize(
    ("paid", "currency", "rate", "commission"),
    [
        ("65.00", "USD", "15.5", "10.08"),
        ("65.00", "USD", "10.5", "6.83"),
        ("5.77", "USD", "10", "0.58"),
        ("0.05", "USD", "10", "0.01"),
        ("5.00", "USD", "2.9", "0.15"),
        ("999", "JPY", "15.5", "155"),
        ("10.000", "KWD", "15.55", "1.555"),
        ("188.50", "HKD", "15.5", "29.22"),
        ("65.00", "USD", "0", "0.00"),
    ],
)
def test_share_golden(paid, currency, rate, commission):
    assert str(share(Money.parse(paid, currency), percent(rate))) == commission


def test_a_total_is_a_sum_of_rounded_lines():
    lines = [share(Money.parse("65.00", "USD"), percent("15.5"))] * 12
    assert str(Money.total(lines, "USD")) == "120.96"


def test_markup_golden_in_e9s():
    base = Money.from_e9s(5_770_000_000, "USD")
    commission = markup(base, BasisPoints.from_percent_int(10))
    assert commission.to_e9s() == 580_000_000
    assert (base + commission).to_e9s() == 6_350_000_000


def test_five_partial_refunds_reverse_the_whole_commission():
    paid, rate = Money.parse("65.00", "USD"), percent("15.5")
    standing = [standing_share(paid, Money(1300 * n, "USD"), rate) for n in range(6)]
    reversed_minor = [(a - b).amount for a, b in itertools.pairwise(standing)]
    assert reversed_minor == [202, 201, 202, 201, 202]
    assert sum(reversed_minor) == 1008


def test_standing_markup_golden():
    base, total = Money(577, "USD"), Money(635, "USD")
    standing = standing_markup(base, total, Money(100, "USD"))
    assert standing == (Money(486, "USD"), Money(49, "USD"))


def test_more_refunded_than_paid_is_refused():
    with pytest.raises(RefundExceedsPaid):
        standing_share(Money(100, "USD"), Money(101, "USD"), percent("10"))


@pytest.mark.parametrize(
    ("text", "bp"),
    [("15.5", 1550), ("15.50", 1550), ("0", 0), ("100", 10_000), ("0.01", 1)],
)
def test_percent_text(text, bp):
    assert BasisPoints.from_percent(text).bp == bp


@pytest.mark.parametrize(
    "text", ["15,5", "1e1", "-1", " 1", "", "\uff11", "1.", "NaN", None]
)
def test_malformed_rates_are_refused(text):
    with pytest.raises(RateMalformed):
        BasisPoints.from_percent(text)


def test_a_rate_finer_than_a_basis_point_is_refused():
    for read, text in [
        (BasisPoints.from_percent, "15.555"),
        (BasisPoints.from_fraction, "0.15555"),
    ]:
        with pytest.raises(RatePrecision):
            read(text)
    assert BasisPoints.from_percent("15.500").bp == 1550


@pytest.mark.parametrize("bp", [-1, 10_001])
def test_a_rate_beyond_its_range_is_refused(bp):
    with pytest.raises(RateOutOfRange):
        BasisPoints(bp)


@pytest.mark.parametrize("bp", [0.5, "10", True, Fraction(1, 2)])
def test_a_rate_is_an_int(bp):
    with pytest.raises(TypeError):
        BasisPoints(bp)
    with pytest.raises(TypeError):
        BasisPoints.from_percent_int(bp)


@given(rates)
def test_every_form_goes_both_ways(rate):
    assert BasisPoints.from_percent(rate.percent) == rate
    assert BasisPoints.from_fraction(rate.fraction) == rate
    if rate.bp % 100:
        with pytest.raises(RatePrecision):
            _ = rate.percent_int
    else:
        assert BasisPoints.from_percent_int(rate.percent_int) == rate


@given(amounts, rates)
def test_share_equals_exact_arithmetic(amount, rate):
    exact = Fraction(amount) * rate.bp / 10_000
    assert share(Money(amount, "USD"), rate).amount == math.floor(
        exact + Fraction(1, 2)
    )


@given(st.integers(0, 10**9), rates, st.lists(st.integers(0, 10**7), max_size=12))
def test_refunds_add_up_whatever_their_order(paid, rate, refunds):
    money, refunded, taken = Money(paid, "USD"), 0, 0
    for asked in refunds:
        refund = min(asked, paid - refunded)
        before = standing_share(money, Money(refunded, "USD"), rate)
        refunded += refund
        after = standing_share(money, Money(refunded, "USD"), rate)
        assert after.amount <= before.amount
        taken += before.amount - after.amount
    left = standing_share(money, Money(refunded, "USD"), rate)
    assert taken + left.amount == share(money, rate).amount


@given(st.integers(1, 10**9), st.integers(0, 50), st.data())
def test_standing_markup_adds_up_and_never_rises(base, rate, data):
    base_money = Money(base, "USD")
    total = base_money + markup(base_money, BasisPoints.from_percent_int(rate))
    first = data.draw(st.integers(0, total.amount))
    second = data.draw(st.integers(first, total.amount))
    earlier = standing_markup(base_money, total, Money(first, "USD"))
    later = standing_markup(base_money, total, Money(second, "USD"))
    assert earlier[0] + earlier[1] == total - Money(first, "USD")
    assert later[0] <= earlier[0]
    assert all(part.amount >= 0 for part in later)
