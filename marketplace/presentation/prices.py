"""Prices in words: what a month costs, how old the number is, how it came about.

No amount is computed here: `pricing` and frozen columns know them all.
Source: 4-marketplace, section 2.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace import pricing
from marketplace.models import Offering
from resellers.templatetags.moments import exact
from resellers.templatetags.moneys import e9s_digits, e9s_text, money_e9s_html

STALE_AFTER = timedelta(days=30)
ON_REQUEST = "On request"
ROUNDING_WORDS = "rounded half up, once"


@dataclass(frozen=True, slots=True)
class PriceTag:
    """A price as a card shows it; `note` says what a first month includes."""

    amount: str
    term: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Age:
    """How long ago somebody looked at the supplier's price; amber above 30 days."""

    words: str
    exact: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a price receipt."""

    label: str
    amount: str
    note: str = ""
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a base price came from, live or frozen: amounts in 10⁻⁹ units."""

    monthly_e9s: int
    setup_e9s: int
    supplier: str
    source: str
    checked: str


def days_words(days: int) -> str:
    if days < 1:
        return "today"
    return "yesterday" if days == 1 else f"{days} days ago"


def price_age(checked_at: datetime, now: datetime) -> Age:
    """ "checked 12 days ago", in words that do not flatter."""
    age = now - checked_at
    tone = "soon" if age > STALE_AFTER else ""
    return Age(f"checked {days_words(age.days)}", exact(checked_at), tone)


def price_tag(total_e9s: int, offering: Offering) -> PriceTag:
    """Show a total of base and commission; a base without set-up is a plain month."""
    if not offering.monthly_price_e9s:
        return PriceTag(ON_REQUEST)
    amount = money_e9s_html(total_e9s, offering.currency)
    if not offering.setup_fee_e9s:
        return PriceTag(amount, "per month")
    setup = e9s_digits(offering.setup_fee_e9s, offering.currency)
    return PriceTag(amount, "first month", f"incl. {setup} set-up")


def source_words(price_source: str) -> str:
    """ "import:hetzner_offerings.csv" is "from hetzner_offerings.csv"."""
    kind, _, name = price_source.partition(":")
    if kind == "import" and name:
        return f"from {name}"
    return "noted by staff" if kind == "staff" else f"from {price_source}"


def live_basis(offering: Offering, now: datetime) -> Basis:
    return Basis(
        offering.monthly_price_e9s,
        offering.setup_fee_e9s,
        offering.provider.name,
        source_words(offering.price_source),
        price_age(offering.price_checked_at, now).words,
    )


def receipt_lines(offer: pricing.Offer, basis: Basis) -> list[Line]:
    """Explain an offer line by line: base, mark-up before and after rounding, total."""
    currency = offer.currency
    receipt = pricing.receipt(offer)
    commission = e9s_digits(offer.commission_e9s, currency)
    origin = ", ".join((basis.supplier, basis.source, basis.checked))
    lines = [Line("Monthly price", money_e9s_html(basis.monthly_e9s, currency), origin)]
    if basis.setup_e9s:
        lines.append(Line("Set-up fee", money_e9s_html(basis.setup_e9s, currency)))
        base = money_e9s_html(offer.base_e9s, currency)
        lines.append(Line("Base of the first month", base))
    product = f"{offer.percent} % of the base is {receipt.exact_commission}"
    lines += [
        Line(
            f"Mark-up +{offer.percent} %",
            money_e9s_html(offer.commission_e9s, currency),
            f"{product}, {ROUNDING_WORDS}: {commission}",
        ),
        Line(
            "Total",
            money_e9s_html(offer.total_e9s, currency),
            margin_words(offer),
            is_total=True,
        ),
    ]
    return lines


def margin_words(offer: pricing.Offer) -> str:
    """The same margin said both ways."""
    share = pricing.receipt(offer).share_percent
    return f"{offer.percent} % on top of the base, {share} % of what you pay"


def total_text(offer: pricing.Offer) -> str:
    return e9s_text(offer.total_e9s, offer.currency)


def split_words(offer: pricing.Offer) -> str:
    """ "4.17 + 0.42 (10 %)": base and mark-up of a total, in its currency."""
    base = e9s_digits(offer.base_e9s, offer.currency)
    commission = e9s_digits(offer.commission_e9s, offer.currency)
    return f"{base} + {commission} ({offer.percent} %)"
