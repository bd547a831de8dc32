"""Amounts in words: exact digits from integers, the currency always beside them.

No symbol is used, since "$" belongs to many currencies. Source: 10-face, money.
"""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from resellers.money import Money

E9S_DIGITS = 9
MINUS = "\u2212"


def grouped_digits(plain: str) -> str:
    """'1234.50' becomes '1,234.50'; a minus becomes the sign MINUS."""
    whole, _, part = plain.removeprefix("-").partition(".")
    sign = MINUS if plain.startswith("-") else ""
    return f"{sign}{int(whole):,}{'.' + part if part else ''}"


def e9s_digits(amount_e9s: int, currency: str) -> str:
    """All decimals of the currency, and more only where the amount has them."""
    zero = str(Money(0, currency))
    decimals = len(zero.partition(".")[2])
    whole, part = divmod(abs(amount_e9s), 10**E9S_DIGITS)
    digits = f"{part:0{E9S_DIGITS}d}".rstrip("0").ljust(decimals, "0")
    sign = "-" if amount_e9s < 0 else ""
    return f"{sign}{whole}{'.' + digits if digits else ''}"


def money_text(money: Money) -> str:
    """'1,234.50 USD', for a sentence, a button or a title."""
    return f"{grouped_digits(str(money))} {money.currency}"


def amount_html(plain: str, currency: str) -> SafeString:
    return format_html(
        '<data class="money" value="{}">{} <span class="money-currency">{}</span>'
        "</data>",
        plain,
        grouped_digits(plain),
        currency,
    )


def money_html(money: Money | None) -> SafeString:
    """An amount for a column: tabular digits, currency after it; N/A without one."""
    if money is None:
        return format_html('<span class="none">{}</span>', "N/A")
    return amount_html(str(money), money.currency)


def money_e9s_html(amount_e9s: int | None, currency: str) -> SafeString:
    """The same for a stored `_e9s` amount, which may be finer than a minor unit."""
    if amount_e9s is None:
        return money_html(None)
    return amount_html(e9s_digits(amount_e9s, currency), currency)


def e9s_text(amount_e9s: int, currency: str) -> str:
    """'6.35 USD' from a stored `_e9s` amount."""
    return f"{grouped_digits(e9s_digits(amount_e9s, currency))} {currency}"
