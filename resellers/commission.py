"""Rates in basis points, and what a commission is of an amount or on top of it.

*Share*: out of what was paid. *Mark-up*: on top of the base price. Each is rounded
half-up once, per lowest line. Source: 6-ledger, section 1. Imports no model.
"""

import re
from dataclasses import dataclass
from typing import Self

from resellers.errors import (
    RateMalformed,
    RateOutOfRange,
    RatePrecision,
    RefundExceedsPaid,
)
from resellers.money import Money, half_up

WHOLE_BP = 10_000
PERCENT_BP = 100

_RATE = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,20}))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class BasisPoints:
    """A rate as a whole number of hundredths of a percent, 0 to 10000."""

    bp: int

    def __post_init__(self) -> None:
        if not isinstance(self.bp, int) or isinstance(self.bp, bool):
            raise TypeError(f"a rate is an int, not {type(self.bp).__name__}")
        if not 0 <= self.bp <= WHOLE_BP:
            raise RateOutOfRange

    @classmethod
    def from_percent_int(cls, percent: int) -> Self:
        """10 is 10 %: the marketplace's form."""
        if not isinstance(percent, int) or isinstance(percent, bool):
            raise TypeError(f"a percent is an int, not {type(percent).__name__}")
        return cls(percent * PERCENT_BP)

    @classmethod
    def from_percent(cls, text: str) -> Self:
        """ "15.5" is 15.5 %: the profiles' form, at most two decimals."""
        return cls(_scaled(text, 2))

    @classmethod
    def from_fraction(cls, text: str) -> Self:
        """ "0.1550" is 15.5 %: the OTA's form, at most four decimals."""
        return cls(_scaled(text, 4))

    @property
    def percent_int(self) -> int:
        """Whole percent; RatePrecision where the rate is finer."""
        percent, rest = divmod(self.bp, PERCENT_BP)
        if rest:
            raise RatePrecision("The rate is not a whole percent.")
        return percent

    @property
    def percent(self) -> str:
        """Canonical decimal percent: "15.5", "10", "0.05"."""
        whole, rest = divmod(self.bp, PERCENT_BP)
        return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)

    @property
    def fraction(self) -> str:
        """Four decimals of one: "0.1550"."""
        whole, rest = divmod(self.bp, WHOLE_BP)
        return f"{whole}.{rest:04d}"

    def __str__(self) -> str:
        return f"{self.percent} %"


def _scaled(text: str, decimals: int) -> int:
    match = _RATE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise RateMalformed
    finer = (match[2] or "").ljust(decimals, "0")
    if finer[decimals:].strip("0"):
        raise RatePrecision
    return int(match[1] + finer[:decimals])


def share(paid: Money, rate: BasisPoints) -> Money:
    """What the reseller gets of what was paid: 65.00 at 15.5 % is 10.08."""
    magnitude = half_up(abs(paid.amount) * rate.bp, WHOLE_BP)
    return Money(-magnitude if paid.amount < 0 else magnitude, paid.currency)


def markup(base: Money, rate: BasisPoints) -> Money:
    """What is added on top of a base price: 5.77 at 10 % is 0.58, total 6.35."""
    return share(base, rate)


def standing_share(paid: Money, refunded: Money, rate: BasisPoints) -> Money:
    """What is still earned after all refunds so far.

    A reversal is the standing before less the standing after, so that partial
    refunds add up to the whole commission.
    """
    return share(_left(paid, refunded), rate)


def standing_markup(base: Money, total: Money, refunded: Money) -> tuple[Money, Money]:
    """Base and commission that stand after all refunds so far; their sum is exact.

    5.77 + 0.58 after a refund of 1.00: 4.86 and 0.49. Neither part ever rises.
    """
    left = _left(total, refunded)
    if not total:
        return total, total
    standing = Money(half_up(base.amount * left.amount, total.amount), total.currency)
    return standing, left - standing


def _left(paid: Money, refunded: Money) -> Money:
    left = paid - refunded
    if left.amount < 0:
        raise RefundExceedsPaid
    return left
