"""The one price of an offer. Pure arithmetic: nothing else computes or rounds a price.

Source: 4-marketplace, section 2; document 1 (`commission_percent`, mark-up on base).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from resellers.commission import BasisPoints, markup
from resellers.money import Money, half_up

PRICE_RULE = "price/1"
PERCENT_LIMIT = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """A base price with one seller's mark-up, in 10⁻⁹ units of the currency.

    Base, commission and total are whole minor units and base + commission = total.
    """

    base_e9s: int
    percent: int
    commission_e9s: int
    total_e9s: int
    currency: str
    rule: str = PRICE_RULE

    @property
    def base(self) -> Money:
        return Money.from_e9s(self.base_e9s, self.currency)

    @property
    def commission(self) -> Money:
        return Money.from_e9s(self.commission_e9s, self.currency)

    @property
    def total(self) -> Money:
        return Money.from_e9s(self.total_e9s, self.currency)


def make_offer(base_e9s: int, percent: int, currency: str) -> Offer:
    """Add `percent` (whole, 0–50) to a base of whole minor units, rounding half-up.

    Raises TypeError for a bool or a float, ValueError for a percent out of range, and
    what `Money.from_e9s` raises for a base that is not whole minor units.
    """
    if type(percent) is not int or type(base_e9s) is not int:
        raise TypeError("base and percent are whole numbers")
    if not 0 <= percent <= PERCENT_LIMIT:
        raise ValueError("percent is 0 to 50")
    base = Money.from_e9s(base_e9s, currency)
    commission = markup(base, BasisPoints.from_percent_int(percent))
    total = base + commission
    return Offer(base_e9s, percent, commission.to_e9s(), total.to_e9s(), currency)


def highest_base(limit_e9s: int, percent: int, currency: str) -> int:
    """The highest base whose total, as `make_offer` rounds it, is within the limit."""
    unit_e9s = Money(1, currency).to_e9s()
    near = limit_e9s * 100 // (100 + percent) // unit_e9s * unit_e9s
    return next(
        base_e9s
        for base_e9s in (near + unit_e9s, near, near - unit_e9s)
        if make_offer(base_e9s, percent, currency).total_e9s <= limit_e9s
    )


def owed(
    base_e9s: int, commission_e9s: int, currency: str
) -> Iterator[tuple[Literal["base", "commission"], Money]]:
    """Yield what a fulfilled order owes its reseller, one component each; no zeros."""
    yield "base", Money.from_e9s(base_e9s, currency)
    if commission_e9s:
        yield "commission", Money.from_e9s(commission_e9s, currency)


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a price came about, in texts ready to show.

    `exact_commission` is the product before rounding in major units ("0.577");
    `share_percent` is the same margin as a part of the total, one decimal ("9.1").
    """

    offer: Offer
    exact_commission: str
    share_percent: str


def receipt(offer: Offer) -> Receipt:
    """Explain an offer from its own numbers alone, live or frozen on an order."""
    exact = Fraction(offer.base_e9s * offer.percent, 100 * 10**9)
    tenths = half_up(1000 * offer.commission_e9s, offer.total_e9s)
    return Receipt(offer, decimal_text(exact), f"{tenths // 10}.{tenths % 10}")


def decimal_text(value: Fraction) -> str:
    """Write a non-negative fraction with a finite decimal expansion, exactly."""
    whole, rest = divmod(value.numerator, value.denominator)
    digits = ""
    while rest:
        digit, rest = divmod(rest * 10, value.denominator)
        digits += str(digit)
    return f"{whole}.{digits}" if digits else str(whole)
