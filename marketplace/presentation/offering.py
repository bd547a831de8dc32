"""The page of one offering: facts, sellers, the reason when there are none.

Source: 4-marketplace, section 9.
"""

from typing import Any

from django.utils.formats import date_format

from marketplace.models import Offering, OfferingStatus, ResellerRelationship
from marketplace.offers import OfferBook, refusal
from marketplace.presentation.cards import offering_badge, outside_url
from marketplace.presentation.picks import no_offer_sentence
from marketplace.presentation.prices import price_age, price_tag
from marketplace.presentation.sellers import offer_rows, price_chart, why_not_mine
from marketplace.presentation.specs import facts, full_words


def offering_page(
    book: OfferBook, offering: Offering, mine: ResellerRelationship | None
) -> dict[str, Any]:
    """Every value of the page; `mine` is the relationship of the reader's provider."""
    offers = book.offers(offering)
    now = book.now
    shown = offers[0] if offers else None
    total = shown.offer.total_e9s if shown else offering.base_price_e9s
    return {
        "offering": offering,
        "words": full_words(offering),
        "badge": offering_badge(offering, shown),
        "age": price_age(offering.price_checked_at, now)
        if offering.is_seeded
        else None,
        "price": price_tag(total, offering),
        "retired": retired_words(offering),
        "offers_title": sellers_title(offering, len(offers)),
        "rows": offer_rows(offers, now, mine.reseller if mine else None),
        "why_not": why_not_mine(book, offering, mine),
        "no_offer": no_offer_words(book, offering),
        "outside_url": "" if offers else outside_url(offering),
        "chart": price_chart(offering, offers),
        "facts": facts(offering),
    }


def sellers_title(offering: Offering, count: int) -> str:
    if count:
        return "1 seller" if count == 1 else f"{count} sellers"
    return "Not sold here" if offering.is_seeded else "Sold by the provider"


def no_offer_words(book: OfferBook, offering: Offering) -> str:
    if not offering.is_seeded:
        return f"{offering.provider.name} sells this itself: rent it there."
    return no_offer_sentence(offering, refusal(offering, book.now), book.now)


def retired_words(offering: Offering) -> str:
    """Say that a retired offering is no longer sold; `""` for a live one."""
    if offering.status != OfferingStatus.RETIRED or offering.retired_at is None:
        return ""
    since = date_format(offering.retired_at, "j F Y")
    return f"Retired: {offering.provider.name} has not listed this since {since}."
