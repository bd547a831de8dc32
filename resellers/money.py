"""Money as whole minor units of one currency, and the only rounding there is.

Source: 1-product, decisions 1 and 3; 6-ledger, section 1. Imports no model.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from resellers.errors import (
    AmountMalformed,
    AmountOutOfRange,
    CurrencyMismatch,
    SubMinorUnit,
    UnknownCurrency,
)

LIMIT_MINOR = 10**14
E9S_DECIMALS = 9
E9S_LIMIT = 2**63 - 1

_BY_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN
          BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB
          EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR
          JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT
          MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP
          PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN
          SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD
          YER ZAR ZMW""",
    3: "BHD IQD JOD KWD LYD OMR TND",
}
CURRENCIES: dict[str, int] = {
    code: decimals for decimals, codes in _BY_DECIMALS.items() for code in codes.split()
}
"""ISO 4217 code to the number of decimals of its minor unit."""

_DECIMAL = re.compile(r"(-?)([0-9]{1,18})(?:\.([0-9]{1,3}))?", re.ASCII)


def half_up(numerator: int, denominator: int) -> int:
    """Divide two whole numbers, a half going up. The sign comes after, by the caller.

    >>> half_up(100750, 100), half_up(68250, 100), half_up(1007, 1000)
    (1008, 683, 1)
    """
    if numerator < 0 or denominator <= 0:
        raise ValueError("half_up takes a magnitude and a positive denominator")
    return (2 * numerator + denominator) // (2 * denominator)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"money is counted in int, not {type(value).__name__}")
    return value


def decimals_of(currency: str) -> int:
    """Number of decimals of the currency's minor unit; UnknownCurrency otherwise."""
    try:
        return CURRENCIES[currency]
    except (KeyError, TypeError):
        raise UnknownCurrency(
            "Give a three-letter ISO 4217 code in capitals."
        ) from None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, yen, fils) and its currency.

    Adds, negates and compares within one currency; knows no multiplication and no
    division. Equality across two currencies is False, order is CurrencyMismatch. One
    amount has at most 10^14 minor units; a sum may have more, so that no pile of
    amounts closes the page that adds them up.
    """

    amount: int
    currency: str

    def __post_init__(self) -> None:
        decimals_of(self.currency)
        if abs(_whole(self.amount)) > LIMIT_MINOR:
            raise AmountOutOfRange

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    @classmethod
    def sum_of(cls, amount: int, currency: str) -> Self:
        """A sum, as rows or a query add up: it may pass the limit of one amount."""
        decimals_of(currency)
        made = object.__new__(cls)
        object.__setattr__(made, "amount", _whole(amount))
        object.__setattr__(made, "currency", currency)
        return made

    @classmethod
    def total(cls, amounts: Iterable["Money"], currency: str) -> "Money":
        """Sum of amounts of one currency; the empty sum is zero of it."""
        return sum(amounts, start=Money(0, currency))

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """Read "65.00"; never rounds. Raises AmountMalformed, UnknownCurrency."""
        decimals = decimals_of(currency)
        match = _DECIMAL.fullmatch(text) if isinstance(text, str) else None
        if match is None or len(match[3] or "") > decimals:
            raise AmountMalformed(
                f"Write the amount in digits with at most {decimals} decimals."
            )
        magnitude = int(match[2] + (match[3] or "").ljust(decimals, "0"))
        return cls(-magnitude if match[1] else magnitude, currency)

    @classmethod
    def from_e9s(cls, e9s: int, currency: str) -> Self:
        """Exact minor units of 10⁻⁹ units; raises SubMinorUnit where none are."""
        step: int = 10 ** (E9S_DECIMALS - decimals_of(currency))
        amount, rest = divmod(_whole(e9s), step)
        if rest:
            raise SubMinorUnit
        return cls(amount, currency)

    def to_e9s(self) -> int:
        """The amount in 10⁻⁹ units; AmountOutOfRange beyond 64 bits."""
        step: int = 10 ** (E9S_DECIMALS - CURRENCIES[self.currency])
        e9s = self.amount * step
        if abs(e9s) > E9S_LIMIT:
            raise AmountOutOfRange("The amount does not fit 64 bits of 10⁻⁹ units.")
        return e9s

    def __str__(self) -> str:
        decimals = CURRENCIES[self.currency]
        sign = "-" if self.amount < 0 else ""
        digits = str(abs(self.amount)).rjust(decimals + 1, "0")
        if not decimals:
            return sign + digits
        return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"

    def __bool__(self) -> bool:
        return self.amount != 0

    def __add__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money.sum_of(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        return Money.sum_of(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money.sum_of(-self.amount, self.currency)

    def __abs__(self) -> "Money":
        return Money.sum_of(abs(self.amount), self.currency)

    def __lt__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount <= self._same(other)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch
        return other.amount


def allocate(money: Money, weights: Sequence[int]) -> list[Money]:
    """Spread one amount over lines by weight, so that the parts add up exactly.

    Largest remainder; a tie goes to the earlier line. Raises ValueError without a
    positive weight or with a negative one.
    """
    whole = sum(_whole(weight) for weight in weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights are not negative and at least one is positive")
    magnitude = abs(money.amount)
    parts = [magnitude * weight // whole for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda line: -(magnitude * weights[line] % whole)
    )
    for line in by_remainder[: magnitude - sum(parts)]:
        parts[line] += 1
    sign = -1 if money.amount < 0 else 1
    return [Money(sign * part, money.currency) for part in parts]
