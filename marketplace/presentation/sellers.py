"""The offers of one offering as its page and the rent form show them.

Source: 4-marketplace, sections 3 and 9.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from marketplace.models import Offering, Provider, ResellerRelationship
from marketplace.offers import OfferBook, SellerOffer, why_not
from marketplace.presentation.picks import (
    counted_words,
    hours_words,
    on_time_words,
    why_not_sentence,
    why_sentences,
)
from marketplace.presentation.prices import (
    Line,
    live_basis,
    receipt_lines,
    split_words,
    total_text,
)
from resellers.templatetags.charts import Bar, Chart
from resellers.templatetags.moneys import e9s_text, money_e9s_html


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One seller of an offering, in its place."""

    public_id: str
    seller: str
    total: str
    total_words: str
    split: str
    on_time: str
    counted: str
    hours: str
    receipt: list[Line]
    why: list[str]
    rent_url: str
    is_featured: bool
    is_mine: bool


def offer_rows(
    offers: Sequence[SellerOffer], now: datetime, mine: Provider | None = None
) -> list[OfferRow]:
    """Every offer in pick order; `mine` marks the one of the reader's provider."""
    return [offer_row(one, offers, now, mine) for one in offers]


def offer_row(
    one: SellerOffer,
    offers: Sequence[SellerOffer],
    now: datetime,
    mine: Provider | None = None,
) -> OfferRow:
    offer, key = one.offer, one.seller.pubkey
    rent = reverse("marketplace:order-place", args=[one.offering.pk])
    return OfferRow(
        public_id=key,
        seller=one.seller.name,
        total=money_e9s_html(offer.total_e9s, offer.currency),
        total_words=total_text(offer),
        split=split_words(offer),
        on_time=on_time_words(one),
        counted=counted_words(one),
        hours=hours_words(one.ranked.candidate.promised_hours),
        receipt=receipt_lines(offer, live_basis(one.offering, now)),
        why=why_sentences(list(offers), now) if one.featured else [],
        rent_url=f"{rent}?seller={key}",
        is_featured=one.featured,
        is_mine=mine is not None and one.seller.pk == mine.pk,
    )


def why_not_mine(
    book: OfferBook, offering: Offering, relationship: ResellerRelationship | None
) -> str:
    """Why the reader's own offer is not featured, `""` when it is or there is none."""
    if relationship is None:
        return ""
    answer = why_not(book, offering, relationship)
    return why_not_sentence(answer, offering, book.now) if answer else ""


def price_chart(offering: Offering, offers: Sequence[SellerOffer]) -> Chart | None:
    """Compare every seller's total with the supplier's own price."""
    if not offers:
        return None
    base = offers[0].offer
    supplier = offering.provider.name
    bars = [
        Bar(
            one.seller.name,
            (one.offer.total.amount,),
            (total_text(one.offer),),
            mark="Featured" if one.featured else "",
        )
        for one in offers
    ]
    bars.append(
        Bar(
            f"{supplier} (base)",
            (base.base.amount,),
            (e9s_text(base.base_e9s, base.currency),),
        )
    )
    term = "the first month" if offering.setup_fee_e9s else "a month"
    return Chart(
        title=f"What {term} costs",
        series=("Total",),
        bars=tuple(bars),
        label_heading="Seller",
    )
