"""Renting: contract, payment, reseller order and first attempt, born together.

What the buyer saw comes back as a signed quote; the offer is made anew under the locks
of buyer, offering and relationship, in that order, and compared. Never a silent change.
Source: 4-marketplace, sections 2 and 4.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from marketplace import offers, quotes
from marketplace.actions import facts, payments
from marketplace.actions.endings import PAYABLE_FOR
from marketplace.actions.moves import Case, tell
from marketplace.errors import (
    InvalidPaymentMethod,
    OfferGone,
    OwnOffer,
    PriceChanged,
    QuoteInvalid,
    TooManyUnpaid,
)
from marketplace.models import (
    Contract,
    FulfilmentAttempt,
    Offering,
    Payment,
    PaymentMethod,
    PaymentState,
    Provider,
    ProviderMember,
    ResellerOrder,
    ResellerRelationship,
)
from marketplace.models.offering import SPEC_INTEGERS
from marketplace.models.relationship import Promise
from marketplace.offers import OfferBook, SellerOffer
from marketplace.pricing import Offer
from marketplace.quotes import Quote
from resellers import audit, pg
from resellers.models import User
from resellers.money import Money

UNPAID_LIMIT = 5


def payment_methods() -> list[str]:
    """The methods a buyer may choose now: `test` only where DEMO is on."""
    test = [PaymentMethod.TEST.value] if settings.DEMO else []
    return [*test, PaymentMethod.INVOICE.value]


@transaction.atomic
def place_order(
    *,
    quote: str,
    payment_method: str,
    operating_system: str = "",
    ssh_public_key: str = "",
    note: str = "",
    actor: User,
) -> Contract:
    """Rent the quoted offer at exactly its price.

    The same buyer and quote: the first contract, nothing new. Raises QuoteInvalid,
    InvalidPaymentMethod, OwnOffer, TooManyUnpaid, UnknownOperatingSystem,
    InvalidSshKey; OfferGone with the other sellers; PriceChanged with old, new and a
    fresh quote.
    """
    said = quotes.read_quote(quote)
    method = chosen_method(payment_method)
    buyer = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    first = Contract.objects.filter(buyer=buyer, quote_id=said.quote_id).first()
    if first is not None:
        return first
    offering = locked_offering(said)
    seller = seller_of(said)
    refuse_own_offer(buyer, seller)
    refuse_too_many_unpaid(buyer)
    wishes = {
        "operating_system": facts.operating_system(operating_system, offering),
        "ssh_public_key": facts.ssh_public_key(ssh_public_key),
        "note": facts.note(note),
    }
    now = pg.db_now()
    book, offer = offer_as_quoted(said, offering, seller, now)
    contract = Contract.objects.create(
        buyer=buyer,
        offering=offering,
        seller=seller,
        currency=offer.offer.currency,
        total_e9s=offer.offer.total_e9s,
        offering_snapshot=snapshot(offering, now),
        quote_id=said.quote_id,
        created_at=now,
        **wishes,
    )
    begin(contract, method, offer, picked(book, offer), now)
    return contract


def begin(
    contract: Contract,
    method: PaymentMethod,
    chosen: SellerOffer,
    pick: dict[str, object],
    now: datetime,
) -> None:
    """Write what is born with a contract, and tell the buyer how to pay."""
    payment = Payment.objects.create(
        contract=contract,
        method=method,
        amount_e9s=contract.total_e9s,
        currency=contract.currency,
        due_at=now + PAYABLE_FOR,
    )
    order = ResellerOrder.objects.create(
        contract=contract,
        created_at=now,
        reseller=contract.seller,
        external_provider=chosen.relationship.external_provider,
        offering=contract.offering,
        pick=pick,
        **frozen_terms(chosen.offer, chosen.relationship),
    )
    attempt = FulfilmentAttempt.objects.create(order=order, number=1, started_at=now)
    audit.record(contract.buyer, "order.placed", order, after=placed(order, method))
    if method == PaymentMethod.TEST:
        reference = f"TEST-{contract.contract_id[:8]}"
        payments.receive_payment(payment, reference=reference, actor=None)
    else:
        case = Case(order, contract, payment, attempt, contract.buyer, now)
        tell(case, "order_placed")


def placed(order: ResellerOrder, method: PaymentMethod) -> dict[str, Any]:
    """What the audit keeps of a sale; the buyer's wishes stay on the contract."""
    return {
        "state": order.state,
        "offering_id": order.offering_id,
        "reseller": order.reseller.pubkey,
        "currency": order.currency,
        "base_price_e9s": order.base_price_e9s,
        "commission_percent": order.commission_percent,
        "commission_e9s": order.commission_e9s,
        "total_paid_e9s": order.total_paid_e9s,
        "payment_method": str(method),
    }


def picked(book: OfferBook, offer: SellerOffer) -> dict[str, object]:
    return offers.pick_record(book.offers(offer.offering), offer, book.week)


def frozen_terms(offer: Offer, relationship: ResellerRelationship) -> dict[str, Any]:
    """Every number of the sale: what changes tomorrow does not reach it."""
    since = relationship.updated_at or relationship.created_at
    return {
        "currency": offer.currency,
        "commission_percent": offer.percent,
        "base_price_e9s": offer.base_e9s,
        "commission_e9s": offer.commission_e9s,
        "total_paid_e9s": offer.total_e9s,
        "price_rule": offer.rule,
        "rate_rule_ref": f"relationship {relationship.pk} since {since:%Y-%m-%d}",
        "accept_within_hours": relationship.accept_within_hours,
        "fulfil_within_hours": relationship.fulfil_within_hours,
    }


def snapshot(offering: Offering, now: datetime) -> dict[str, Any]:
    """The offering as it is sold: names, specs, prices, and how old they are."""
    return {
        "code": offering.code,
        "offer_name": offering.offer_name,
        "description": offering.description,
        "provider": offering.provider.name,
        "provider_pubkey": offering.provider.pubkey,
        "product_type": offering.product_type,
        "datacenter_country": offering.datacenter_country,
        "datacenter_city": offering.datacenter_city,
        "virtualization_type": offering.virtualization_type,
        **{name: getattr(offering, name) for name in SPEC_INTEGERS},
        "unmetered_bandwidth": offering.unmetered_bandwidth,
        "specs": offering.specs,
        "currency": offering.currency,
        "monthly_price_e9s": offering.monthly_price_e9s,
        "setup_fee_e9s": offering.setup_fee_e9s,
        "price_source": offering.price_source,
        "price_checked_at": offering.price_checked_at.isoformat(),
        "price_age_days": (now - offering.price_checked_at).days,
        "checkout_url": offering.checkout_url,
        "product_page_url": offering.product_page_url,
    }


def chosen_method(name: str) -> PaymentMethod:
    if name not in payment_methods():
        raise InvalidPaymentMethod(field="payment_method")
    return PaymentMethod(name)


def locked_offering(said: Quote) -> Offering:
    """The quoted offering, locked first."""
    offerings = Offering.objects.select_for_update(of=("self",), no_key=True)
    found = offerings.select_related("provider").filter(pk=said.offering_id).first()
    if found is None:
        raise QuoteInvalid(field="quote")
    return found


def seller_of(said: Quote) -> Provider:
    seller = Provider.objects.onboarded().filter(pubkey=said.reseller).first()
    if seller is None:
        raise QuoteInvalid(field="quote")
    return seller


def refuse_own_offer(buyer: User, seller: Provider) -> None:
    if ProviderMember.objects.filter(user=buyer, provider=seller).exists():
        raise OwnOffer


def refuse_too_many_unpaid(buyer: User) -> None:
    """Counted under the buyer's lock, so that two at once cannot both be the fifth."""
    unpaid = Payment.objects.filter(
        contract__buyer=buyer, state=PaymentState.AWAITING
    ).count()
    if unpaid >= UNPAID_LIMIT:
        raise TooManyUnpaid(unpaid=unpaid)


def offer_as_quoted(
    said: Quote, offering: Offering, seller: Provider, now: datetime
) -> tuple[OfferBook, SellerOffer]:
    """Make the offer anew, its relationship locked; refuse any difference."""
    relationships = ResellerRelationship.objects.select_for_update(no_key=True)
    list(
        relationships.filter(
            reseller=seller, external_provider=offering.provider_id
        ).order_by("pk")
    )
    book = OfferBook([offering], now)
    found = book.offer_of(offering, seller)
    if found is None:
        raise gone(said, offering, book)
    if (found.offer, found.relationship.promise) != (said.offer, said.promise):
        raise changed(said, found, now, "Post the new quote to accept.")
    if said.is_stale(now):
        raise changed(said, found, now, "The quote was older than 24 hours.")
    return book, found


def gone(said: Quote, offering: Offering, book: OfferBook) -> OfferGone:
    reason = offers.refusal(offering, book.now)
    others = [
        {
            "reseller_pubkey": other.seller.pubkey,
            "reseller_name": other.seller.name,
            "currency": other.offer.currency,
            **terms(other.offer, other.relationship.promise),
            "quote": quotes.issue_quote(
                offering.pk,
                other.seller.pubkey,
                other.offer,
                other.relationship.promise,
                book.now,
            ),
        }
        for other in book.offers(offering)
    ]
    return OfferGone(
        field="quote",
        reason=str(reason or offers.NoOffer.RELATIONSHIP_SUSPENDED),
        offers=others,
    )


def changed(
    said: Quote, found: SellerOffer, now: datetime, advice: str
) -> PriceChanged:
    """Old and new side by side, with a quote of the new."""
    new, promise = found.offer, found.relationship.promise
    moved = "".join(f"{each} " for each in differences(said, new, promise))
    sentence = (
        f"{moved}{advice}"
        if moved
        else f"{advice} It still is {new.currency} {new.total}: accept it anew."
    )
    return PriceChanged(
        sentence,
        field="quote",
        old=terms(said.offer, said.promise),
        new=terms(new, promise),
        quote=quotes.issue_quote(said.offering_id, said.reseller, new, promise, now),
    )


def differences(said: Quote, new: Offer, promise: Promise) -> Iterator[str]:
    """What moved since the quote, a sentence each."""
    old, before = said.offer, said.promise
    if old != new:
        was = Money.from_e9s(old.total_e9s, old.currency)
        yield f"It was {was.currency} {was} and is now {new.currency} {new.total}."
    for deed, hours, now_hours in (
        ("Acceptance", before.accept_hours, promise.accept_hours),
        ("Delivery", before.fulfil_hours, promise.fulfil_hours),
    ):
        if hours != now_hours:
            yield (
                f"{deed} was promised within {hours} hours and is now promised within"
                f" {now_hours}."
            )


def terms(offer: Offer, promise: Promise) -> dict[str, Any]:
    """What an offer asks and promises, as problem details tell it."""
    return {
        "total": str(offer.total),
        "commission_percent": offer.percent,
        "accept_within_hours": promise.accept_hours,
        "promised_hours": promise.fulfil_hours,
    }
