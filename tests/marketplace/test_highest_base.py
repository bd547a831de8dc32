"""A bound on totals as a bound on bases: to the minor unit, whatever the percent."""

import pytest

from marketplace.pricing import highest_base, make_offer

UNITS = {"USD": 10**7, "JPY": 10**9, "KWD": 10**6}


@pytest.mark.parametrize("currency", UNITS)
def test_the_highest_base_is_the_last_that_fits(currency):
    unit = UNITS[currency]
    for percent in range(51):
        totals = [
            make_offer(base * unit, percent, currency).total_e9s for base in range(302)
        ]
        for limit in range(0, 300 * unit, unit // 2):
            fits = highest_base(limit, percent, currency) // unit
            assert totals[fits] <= limit < totals[fits + 1]


def test_the_largest_limit_is_within_reach():
    assert highest_base(3 * 10**18, 50, "USD") == 2 * 10**18
