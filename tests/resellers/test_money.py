"""Money counts minor units and refuses everything that is not a whole number."""

import decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resellers.errors import (
    AmountMalformed,
    AmountOutOfRange,
    CurrencyMismatch,
    DomainError,
    SubMinorUnit,
    UnknownCurrency,
)
from resellers.money import CURRENCIES, LIMIT_MINOR, Money, allocate, half_up

amounts = st.integers(-LIMIT_MINOR, LIMIT_MINOR)
currencies = st.sampled_from(sorted(CURRENCIES))


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("65.00", "USD", 6500),
        ("65", "USD", 6500),
        ("65.5", "USD", 6550),
        ("-0.01", "USD", -1),
        ("999", "JPY", 999),
        ("10.000", "KWD", 10_000),
        ("0.001", "KWD", 1),
    ],
)
def test_parse_reads_exactly(text, currency, minor):
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    ["", "1e3", "NaN", "1,00", " 1", "1 ", "1.", ".5", "+1", "--1", "1.005", "\uff11", "\u0663",
     "0x10", "1_000", "Infinity", "1\n", "-"],
)  # fmt: skip
def test_parse_refuses_what_is_no_plain_amount(text):
    with pytest.raises(AmountMalformed):
        Money.parse(text, "USD")


def test_parse_refuses_decimals_a_currency_has_not():
    with pytest.raises(AmountMalformed):
        Money.parse("1.0", "JPY")


@pytest.mark.parametrize("amount", [1.0, decimal.Decimal(1), "1", True, None])
def test_money_refuses_anything_but_int(amount):
    with pytest.raises(TypeError):
        Money(amount, "USD")


@pytest.mark.parametrize("currency", ["usd", "US", "XXX", "", None, "USDX", []])
def test_money_refuses_an_unknown_currency(currency):
    with pytest.raises(UnknownCurrency):
        Money(1, currency)


@pytest.mark.parametrize("amount", [LIMIT_MINOR + 1, -LIMIT_MINOR - 1, 2**63, 10**30])
def test_money_refuses_what_the_database_cannot_hold(amount):
    with pytest.raises(AmountOutOfRange):
        Money(amount, "USD")


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(6500, "USD"), "65.00"),
        (Money(-9, "USD"), "-0.09"),
        (Money(0, "USD"), "0.00"),
        (Money(999, "JPY"), "999"),
        (Money(10_000, "KWD"), "10.000"),
    ],
)
def test_str_writes_all_decimals(money, text):
    assert str(money) == text


def test_two_currencies_are_never_added_or_compared():
    dollar, euro = Money(1, "USD"), Money(1, "EUR")
    assert dollar != euro
    for operation in (
        lambda: dollar + euro,
        lambda: dollar - euro,
        lambda: dollar < euro,
    ):
        with pytest.raises(CurrencyMismatch):
            operation()


@pytest.mark.parametrize(
    "operation", ["__mul__", "__truediv__", "__float__", "__int__"]
)
def test_money_knows_no_multiplication_or_division(operation):
    assert not hasattr(Money, operation)


def test_e9s_is_exact_or_refused():
    assert Money.from_e9s(5_770_000_000, "USD") == Money(577, "USD")
    assert Money(577, "USD").to_e9s() == 5_770_000_000
    assert Money.from_e9s(999_000_000_000, "JPY") == Money(999, "JPY")
    with pytest.raises(SubMinorUnit):
        Money.from_e9s(5_770_000_001, "USD")
    with pytest.raises(TypeError):
        Money.from_e9s(True, "USD")


def test_e9s_beyond_64_bits_is_refused():
    assert Money(922_337_203_685, "USD").to_e9s() == 9_223_372_036_850_000_000
    with pytest.raises(AmountOutOfRange):
        Money(922_337_203_686, "USD").to_e9s()


@given(amounts, currencies)
def test_text_and_back(amount, currency):
    money = Money(amount, currency)
    assert Money.parse(str(money), currency) == money


@given(st.text(max_size=30), currencies)
def test_any_text_is_read_exactly_or_refused(text, currency):
    try:
        money = Money.parse(text, currency)
    except DomainError:
        return
    assert decimal.Decimal(str(money)) == decimal.Decimal(text)


@given(st.integers(0, 2 * 10**18), st.integers(1, 10**14))
def test_half_up_is_the_nearest_and_a_half_goes_up(numerator, denominator):
    result = half_up(numerator, denominator)
    twice = 2 * (numerator - result * denominator)
    assert -denominator <= twice < denominator


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 2), (1, 0), (1, -1)])
def test_half_up_takes_magnitudes(numerator, denominator):
    with pytest.raises(ValueError, match="magnitude"):
        half_up(numerator, denominator)


def test_allocate_gives_the_largest_remainders_then_the_earlier_line():
    parts = allocate(Money(100, "USD"), [1, 1, 1])
    assert [part.amount for part in parts] == [34, 33, 33]
    assert [p.amount for p in allocate(Money(-5, "USD"), [1, 3])] == [-1, -4]


@given(amounts, st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_allocated_parts_add_up_and_are_fair(amount, weights):
    if not sum(weights):
        with pytest.raises(ValueError, match="positive"):
            allocate(Money(amount, "USD"), weights)
        return
    parts = [part.amount for part in allocate(Money(amount, "USD"), weights)]
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - amount * weight) < sum(weights)


def test_a_sum_may_pass_the_limit_of_one_amount():
    most = Money(LIMIT_MINOR, "USD")
    pile = Money.total([most, most, most], "USD")
    assert pile == Money.sum_of(3 * LIMIT_MINOR, "USD")
    assert str(pile) == "3000000000000.00"
    assert pile - most - most - most == Money.zero("USD")
    assert -pile < Money.zero("USD") < abs(-pile)
    inexact: Any = 1.5
    with pytest.raises(TypeError):
        Money.sum_of(inexact, "USD")
