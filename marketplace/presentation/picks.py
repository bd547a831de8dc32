"""Why a seller stands where it stands, in sentences with the numbers in them.

Source: 4-marketplace, section 3. The codes are those of `pick` and `offers`.
"""

from datetime import UTC, datetime, timedelta

from django.utils.formats import date_format

from marketplace import pick
from marketplace.models import Offering
from marketplace.offers import NoOffer, SellerOffer, WhyNot
from marketplace.presentation.prices import days_words, total_text
from resellers.templatetags.moneys import money_text

NOT_AVAILABLE = "N/A"

WHY_NOT_WORDS = {
    "locked": "Fewer than half of your recent orders count as on time, so your offer "
    "is not featured beside a seller with a better record. Buyers can still choose it.",
    "on_time": "The featured seller stands before you by its record of deliveries in "
    f"time; a new one counts as {pick.NEWCOMER_SORTS_AS} %. Every order you deliver in "
    "time raises your share.",
    "faster": "The featured seller promises a shorter delivery. Promise fewer hours.",
    "turn": "You are equal on price, reliability and promised hours. Sellers take "
    "turns: this week it is another one’s.",
}
NO_OFFER_WORDS = {
    NoOffer.RELATIONSHIP_SUSPENDED: "You do not resell this provider at the moment.",
    NoOffer.OFFERING_RETIRED: "The supplier no longer sells this.",
    NoOffer.NOT_PUBLIC: "This offering is not public.",
    NoOffer.OUT_OF_STOCK: "Out of stock at the supplier.",
    NoOffer.PRICE_ON_REQUEST: "The supplier names a price on request only.",
    NoOffer.TERM_NOT_MONTHLY: "The supplier does not sell this by the month.",
}


def on_time_words(offer: SellerOffer) -> str:
    """The published bucket ("85 %"), N/A under five counted orders."""
    percent = offer.on_time_percent
    return NOT_AVAILABLE if percent is None else f"{percent} %"


def counted_words(offer: SellerOffer) -> str:
    """What stands behind the percent."""
    record = offer.ranked.candidate
    if not record.counted:
        return "no order counted yet"
    orders = "order" if record.counted == 1 else "orders"
    words = f"{record.on_time} of {record.counted} {orders} in {pick.COUNTED_DAYS} days"
    if offer.on_time_percent is None:
        return f"{words}, shown from {pick.NEWCOMER_BELOW} on"
    return words


def hours_words(hours: int) -> str:
    """ "48 hours", "7 days": whole days above two."""
    days, rest = divmod(hours, 24)
    if days > 2 and not rest:  # noqa: PLR2004 -- two days are said in hours
        return f"{days} days"
    return "1 hour" if hours == 1 else f"{hours} hours"


def next_monday(now: datetime) -> datetime:
    """When turns change: Monday 00:00 UTC."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today + timedelta(days=7 - today.weekday())


def why_sentences(offers: list[SellerOffer], now: datetime) -> list[str]:
    """Say to everyone why the first of `offers` (in pick order) is featured."""
    first = offers[0]
    name = first.seller.name
    until = date_format(next_monday(now), "l, j F Y")
    second = offers[1] if len(offers) > 1 else first
    words = {
        "only_seller": f"{name} is the only seller of this offering.",
        "lowest_price": f"Nobody asks less than {total_text(first.offer)}.",
        "on_time": on_time_sentence(offers),
        "faster": f"Of equally priced and reliable sellers, {name} promises the"
        f" shortest delivery: {hours_words(first.ranked.candidate.promised_hours)},"
        f" the next {hours_words(second.ranked.candidate.promised_hours)}.",
        "turn": "Price, reliability and promised hours are equal, so sellers take"
        f" turns: {name} stands first until {until}, 00:00 UTC.",
    }
    return [words[code] for code in first.why]


def on_time_sentence(offers: list[SellerOffer]) -> str:
    """Say what reliability decided: a record, a newcomer's start, or others' lateness.

    The code is `on_time` each time, since that key decided. A seller without a record
    is never called reliable for it.
    """
    first, *others = offers
    rivals = [offer for offer in others if offer.ranked.in_band]
    if not rivals:
        return locked_sentence(first, others)
    name, second = first.seller.name, rivals[0]
    if first.on_time_percent is None:
        return (
            f"{name} is new here: until {pick.NEWCOMER_BELOW} of its orders are counted"
            f" it stands in line as {pick.NEWCOMER_SORTS_AS} %, before"
            f" {second.seller.name} with {record_words(second)}."
        )
    return f"{name} delivers on time most reliably: {record_words(first)}."


def locked_sentence(first: SellerOffer, others: list[SellerOffer]) -> str:
    """Say who asks less than the featured seller and why that one is not featured."""
    total = first.offer.total_e9s
    late = " and ".join(
        f"{offer.seller.name} with {record_words(offer)}"
        for offer in others
        if offer.ranked.candidate.locked and offer.offer.total_e9s < total
    )
    return f"Cheaper, but too often late to be featured: {late}."


def record_words(offer: SellerOffer) -> str:
    """The percent with what stands behind it."""
    return f"{on_time_words(offer)} ({counted_words(offer)})"


def why_not_sentence(answer: WhyNot, offering: Offering, now: datetime) -> str:
    """Say to a member of a reseller why its own offer is not featured."""
    if answer.code == NoOffer.PRICE_TOO_OLD:
        days = (now - offering.price_checked_at).days
        return f"The supplier’s price was checked {days_words(days)}: too long to sell."
    if answer.code in NO_OFFER_WORDS:
        return NO_OFFER_WORDS[NoOffer(answer.code)]
    if answer.code != "lowest_price" or answer.lower_by is None:
        return WHY_NOT_WORDS[answer.code]
    lower = f"Your total is {money_text(answer.lower_by)} above the price that counts"
    if answer.percent_needed is None:
        return f"{lower} as lowest, and not even 0 % reaches it."
    return (
        f"{lower} as lowest: {answer.percent_needed} % instead of {answer.percent} %."
    )


def no_offer_sentence(offering: Offering, reason: NoOffer | None, now: datetime) -> str:
    """Say to a buyer why nobody sells an offering here; None is "no seller"."""
    supplier = offering.provider.name
    if reason is None:
        return f"Nobody resells {supplier} at the moment."
    checked = days_words((now - offering.price_checked_at).days)
    words = {
        NoOffer.OFFERING_RETIRED: f"{supplier} no longer sells this.",
        NoOffer.OUT_OF_STOCK: f"{supplier} has none in stock at the moment.",
        NoOffer.PRICE_ON_REQUEST: f"{supplier} names a price on request only.",
        NoOffer.PRICE_TOO_OLD: f"The price was checked {checked}. That is too long ago"
        " to sell at it.",
        NoOffer.TERM_NOT_MONTHLY: f"{supplier} does not sell this by the month.",
    }
    return words.get(reason, "This is not for sale here.")
