"""The cards of the marketplace's list: every value finished, none looked up.

Source: 4-marketplace, section 9; 10-face, pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from marketplace.models import Offering, StockStatus
from marketplace.offers import SellerOffer
from marketplace.presentation.prices import Age, PriceTag, price_age, price_tag
from marketplace.presentation.specs import STOCK_WORDS, full_words
from resellers.templatetags.moneys import e9s_digits


@dataclass(frozen=True, slots=True)
class Badge:
    """The one badge of a card: how this offering is sold."""

    text: str
    kind: str
    hint: str


@dataclass(frozen=True, slots=True)
class Card:
    """One offering of the list."""

    public_id: int
    url: str
    name: str
    words: str
    price: PriceTag
    badge: Badge
    age: Age | None
    sellers: str
    stock: str
    outside_url: str


def offering_card(
    offering: Offering, offers: Sequence[SellerOffer], now: datetime, seller: str = ""
) -> Card:
    """Show the featured offer, or that of `seller` (public key) where it has one."""
    shown = next((o for o in offers if o.seller.pubkey == seller), None)
    shown = shown or (offers[0] if offers else None)
    total = shown.offer.total_e9s if shown else offering.base_price_e9s
    stock = StockStatus(offering.stock_status)
    return Card(
        public_id=offering.pk,
        url=reverse("marketplace:offering-detail", args=[offering.pk]),
        name=offering.offer_name,
        words=full_words(offering),
        price=price_tag(total, offering),
        badge=offering_badge(offering, shown),
        age=price_age(offering.price_checked_at, now) if offering.is_seeded else None,
        sellers=sellers_words(offers),
        stock="" if stock == StockStatus.IN_STOCK else STOCK_WORDS[stock],
        outside_url="" if shown else outside_url(offering),
    )


def offering_badge(offering: Offering, shown: SellerOffer | None) -> Badge:
    """**Via NAME +10 %**, **External** or **Direct**: exactly one."""
    supplier = offering.provider.name
    if shown is not None:
        text = f"Via {shown.seller.name} +{shown.offer.percent} %"
        hint = f"{shown.seller.name} buys it from {supplier} for you."
        return Badge(text, "via", hint)
    if offering.is_seeded:
        return Badge("External", "external", f"The price of {supplier}, not sold here.")
    return Badge("Direct", "direct", f"{supplier} sells this itself.")


def sellers_words(offers: Sequence[SellerOffer]) -> str:
    """ "3 sellers from 4.59"; nothing where there is no choice."""
    if len(offers) < 2:  # noqa: PLR2004 -- one seller is no choice
        return ""
    cheapest = min((o.offer for o in offers), key=lambda offer: offer.total_e9s)
    digits = e9s_digits(cheapest.total_e9s, cheapest.currency)
    return f"{len(offers)} sellers from {digits}"


def outside_url(offering: Offering) -> str:
    """Where the provider itself sells it: shown only while nobody resells it."""
    return offering.product_page_url or offering.provider.website_url
