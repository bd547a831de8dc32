"""The rent form's page: what is rented, from whom, for how much, and what moved.

Source: 4-marketplace, sections 2 and 9.
"""

from dataclasses import dataclass

from marketplace.models import Offering, Provider
from marketplace.offers import OfferBook, SellerOffer, refusal
from marketplace.presentation.picks import hours_words, no_offer_sentence
from marketplace.presentation.prices import (
    Line,
    live_basis,
    receipt_lines,
    total_text,
)
from marketplace.presentation.sellers import OfferRow, offer_rows
from marketplace.presentation.specs import full_words
from marketplace.quotes import Quote

OFFER_GONE = "This seller does not offer it any more. Nothing was rented."
NO_SELLER = "This form names no seller. Nothing was rented; choose one."


@dataclass(frozen=True, slots=True)
class RentPage:
    """Without `chosen` the offer is gone: `others` are the other sellers, if any.

    `was` is the total the buyer accepted where it moved; `is_resplit` when base and
    mark-up did, under the same total; `was_hours` and `was_accept_hours` are the
    promises that moved.
    """

    offering: Offering
    words: str
    chosen: SellerOffer | None
    others: list[OfferRow]
    receipt: list[Line]
    total: str
    was: str
    is_resplit: bool
    gone: str
    hours: str
    accept_hours: str
    was_hours: str
    was_accept_hours: str

    @property
    def has_moved(self) -> bool:
        """True where the page itself says what the refusal was about."""
        moved = self.was or self.is_resplit or self.was_hours or self.was_accept_hours
        return bool(moved) or self.chosen is None

    @property
    def seller(self) -> Provider | None:
        return self.chosen.seller if self.chosen else None


def rent_page(
    book: OfferBook, offering: Offering, seller: str, before: Quote | None
) -> RentPage:
    """Show the offer of `seller` (public key) and never that of another one.

    `before` is the quote the buyer accepted, if any: its seller is the one meant.
    """
    offers = book.offers(offering)
    key = before.reseller if before else seller.strip().lower()
    chosen = next((o for o in offers if o.seller.pubkey == key), None)
    moved = before.offer if before and chosen and before.offer != chosen.offer else None
    differs = moved and chosen and moved.total_e9s != chosen.offer.total_e9s
    promise = chosen.relationship.promise if chosen else None
    promised = before.promise if before else promise
    return RentPage(
        offering=offering,
        words=full_words(offering),
        chosen=chosen,
        others=[] if chosen else offer_rows(offers, book.now),
        receipt=receipt_lines(chosen.offer, live_basis(offering, book.now))
        if chosen
        else [],
        total=total_text(chosen.offer) if chosen else "",
        was=total_text(moved) if moved and differs else "",
        is_resplit=moved is not None and not differs,
        gone="" if chosen else gone_words(book, offering, key),
        hours=hours_words(promise.fulfil_hours) if promise else "",
        accept_hours=hours_words(promise.accept_hours) if promise else "",
        was_hours=hours_words(promised.fulfil_hours)
        if promise and promised and promised.fulfil_hours != promise.fulfil_hours
        else "",
        was_accept_hours=hours_words(promised.accept_hours)
        if promise and promised and promised.accept_hours != promise.accept_hours
        else "",
    )


def gone_words(book: OfferBook, offering: Offering, seller: str) -> str:
    if book.offers(offering):
        return OFFER_GONE if seller else NO_SELLER
    return no_offer_sentence(offering, refusal(offering, book.now), book.now)
