"""Renting: everything is born in one transaction, or nothing is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import signing

from marketplace import errors, quotes
from marketplace.actions import payments, relationships, renting
from marketplace.models import (
    Contract,
    FulfilmentAttempt,
    Offering,
    Payment,
    ResellerOrder,
    ResellerRelationship,
)
from marketplace.pricing import Offer
from resellers import audit, clock
from resellers.models import Job, LedgerEntry
from tests.factories.marketplace import (
    MemberFactory,
    OfferingFactory,
    RelationshipFactory,
    order_of,
    quote_for,
    rented,
)
from tests.factories.resellers import UserFactory
from tests.marketplace.ledgers import due

pytestmark = pytest.mark.django_db

AGES_AGO = datetime(2020, 1, 1, tzinfo=UTC)
ED25519 = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGh1bWFuLXJlYWRhYmxlLXRlc3Qta2V5LTAwMDAw"
    " person@example.com"
)


def nothing_born():
    models: list[Any] = [
        Contract,
        Payment,
        ResellerOrder,
        FulfilmentAttempt,
        Job,
        LedgerEntry,
    ]
    return all(not model.objects.exists() for model in models)


def test_place_order_freezes_every_number(relationship, offering, buyer):
    contract = rented(relationship, offering=offering, buyer=buyer)

    order = order_of(contract)
    assert (contract.total_e9s, contract.currency) == (6_350_000_000, "USD")
    assert (contract.payment.amount_e9s, contract.payment.state) == (
        6_350_000_000,
        "awaiting",
    )
    assert (
        order.base_price_e9s,
        order.commission_percent,
        order.commission_e9s,
        order.total_paid_e9s,
        order.price_rule,
        order.state,
        order.accept_by,
        order.fulfil_by,
    ) == (
        5_770_000_000,
        10,
        580_000_000,
        6_350_000_000,
        "price/1",
        "placed",
        None,
        None,
    )
    assert (
        order.pick["chosen"] == order.pick["featured"] == relationship.reseller.pubkey
    )
    assert contract.offering_snapshot["code"] == offering.code
    assert contract.offering_snapshot["price_age_days"] == 1
    assert [a.number for a in order.attempts.all()] == [1]


def test_place_order_writes_one_audit_entry_and_one_mail(relationship, offering, buyer):
    contract = rented(relationship, offering=offering, buyer=buyer)

    entry = audit.entries("marketplace.order", contract.contract_id).get()
    assert (entry.action, entry.actor, entry.before) == ("order.placed", buyer, None)
    assert entry.after == {
        "state": "placed",
        "offering_id": offering.pk,
        "reseller": relationship.reseller.pubkey,
        "currency": "USD",
        "base_price_e9s": 5_770_000_000,
        "commission_percent": 10,
        "commission_e9s": 580_000_000,
        "total_paid_e9s": 6_350_000_000,
        "payment_method": "invoice",
    }
    assert list(Job.objects.values_list("key", flat=True)) == [
        f"mail:order_placed:{contract.contract_id}:1"
    ]
    assert not LedgerEntry.objects.exists()


def test_the_same_quote_is_the_same_contract(relationship, offering, buyer):
    quote = quote_for(offering, relationship.reseller)
    facts = {"quote": quote, "payment_method": "invoice", "actor": buyer}

    first = renting.place_order(**facts)
    again = renting.place_order(**facts)

    assert first == again
    assert Contract.objects.count() == Job.objects.count() == 1


def test_a_quote_is_each_buyers_own(relationship, offering, buyer):
    quote = quote_for(offering, relationship.reseller)
    other = UserFactory.create()

    for actor in (buyer, other):
        renting.place_order(quote=quote, payment_method="invoice", actor=actor)

    assert Contract.objects.count() == 2


def test_a_test_payment_is_received_at_once(relationship, offering, settings):
    settings.DEMO = True

    contract = rented(relationship, offering=offering, payment_method="test")

    order = order_of(contract)
    assert order.contract.payment.state == "received"
    assert due(due(order.accept_by)) == due(
        order.contract.payment.received_at
    ) + timedelta(hours=12)
    assert due(due(order.fulfil_by)) == due(
        order.contract.payment.received_at
    ) + timedelta(hours=48)
    kinds = [key.split(":")[1] for key in Job.objects.values_list("key", flat=True)]
    assert sorted(kinds) == ["order_new", "payment_received"]


@pytest.mark.parametrize("method", ["test", "stripe", "cash", ""])
def test_methods_that_are_not_offered_are_refused(method, relationship, offering):
    with pytest.raises(errors.InvalidPaymentMethod):
        rented(relationship, offering=offering, payment_method=method)
    assert nothing_born()


def refuse(error, quote, buyer, **wishes):
    with pytest.raises(error) as refused:
        renting.place_order(
            quote=quote, payment_method="invoice", actor=buyer, **wishes
        )
    assert nothing_born_but_terms()
    return refused.value


def nothing_born_but_terms():
    return not Contract.objects.exists() and not ResellerOrder.objects.exists()


def test_a_changed_percent_asks_again(relationship, offering, buyer, owner):
    quote = quote_for(offering, relationship.reseller)
    relationships.change_terms(relationship, commission_percent=11, actor=owner)

    refusal = refuse(errors.PriceChanged, quote, buyer)

    hours = {"accept_within_hours": 12, "promised_hours": 48}
    assert refusal.extra["old"] == {"total": "6.35", "commission_percent": 10, **hours}
    assert refusal.extra["new"] == {"total": "6.40", "commission_percent": 11, **hours}
    assert refusal.detail == (
        "It was USD 6.35 and is now USD 6.40. Post the new quote to accept."
    )
    accepted = renting.place_order(
        quote=refusal.extra["quote"], payment_method="invoice", actor=buyer
    )
    assert accepted.total_e9s == 6_400_000_000


@pytest.mark.parametrize(
    ("accept", "fulfil", "sentence"),
    [
        (
            12,
            336,
            "Delivery was promised within 48 hours and is now promised within 336.",
        ),
        (
            24,
            48,
            "Acceptance was promised within 12 hours and is now promised within 24.",
        ),
    ],
)
def test_a_changed_promise_asks_again(accept, fulfil, sentence, relationship, buyer):
    offering = OfferingFactory.create(provider=relationship.external_provider)
    quote = quote_for(offering, relationship.reseller)
    ResellerRelationship.objects.update(
        accept_within_hours=accept, fulfil_within_hours=fulfil
    )

    refusal = refuse(errors.PriceChanged, quote, buyer)

    same = {"total": "6.35", "commission_percent": 10}
    old, new = refusal.extra["old"], refusal.extra["new"]
    assert old == same | {"accept_within_hours": 12, "promised_hours": 48}
    assert new == same | {"accept_within_hours": accept, "promised_hours": fulfil}
    assert refusal.detail == f"{sentence} Post the new quote to accept."
    renting.place_order(
        quote=refusal.extra["quote"], payment_method="invoice", actor=buyer
    )
    order = ResellerOrder.objects.get()
    assert (order.accept_within_hours, order.fulfil_within_hours) == (accept, fulfil)


def test_a_quote_without_a_promise_is_refused(relationship, offering, buyer):
    """Signed here, before the hours were part of a quote."""
    quote = quote_for(offering, relationship.reseller)
    said = signing.loads(quote, salt=quotes.QUOTE_SALT)
    del said["promise"]

    refuse(errors.QuoteInvalid, signing.dumps(said, salt=quotes.QUOTE_SALT), buyer)


def test_a_changed_base_asks_again(relationship, offering, buyer):
    quote = quote_for(offering, relationship.reseller)
    Offering.objects.update(monthly_price_e9s=5_780_000_000)

    refusal = refuse(errors.PriceChanged, quote, buyer)

    assert refusal.extra["new"]["total"] == "6.36"


@pytest.mark.parametrize(
    ("age", "accepted"),
    [(timedelta(hours=24), True), (timedelta(hours=24, seconds=1), False)],
)
def test_a_quote_lasts_24_hours(relationship, offering, buyer, age, accepted):
    now = clock.now().replace(microsecond=0)
    with clock.at(now):
        quote = quote_for(offering, relationship.reseller)

    with clock.at(now + age):
        if accepted:
            renting.place_order(quote=quote, payment_method="invoice", actor=buyer)
        else:
            refusal = refuse(errors.PriceChanged, quote, buyer)
            assert refusal.extra["old"] == refusal.extra["new"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"stock_status": "out_of_stock"}, "out_of_stock"),
        ({"visibility": "private"}, "not_public"),
        ({"monthly_price_e9s": 0}, "price_on_request"),
        ({"billing_interval": "yearly"}, "term_not_monthly"),
        ({"min_contract_hours": 721}, "term_not_monthly"),
        ({"price_checked_at": AGES_AGO}, "price_too_old"),
        (
            {"status": "retired", "retired_at": AGES_AGO, "retired_by": "staff"},
            "offering_retired",
        ),
    ],
)
def test_an_offer_that_is_gone_says_why(relationship, offering, buyer, change, reason):
    quote = quote_for(offering, relationship.reseller)
    Offering.objects.update(**change)

    refusal = refuse(errors.OfferGone, quote, buyer)

    assert (refusal.extra["reason"], refusal.extra["offers"]) == (reason, [])


def test_a_suspended_seller_leaves_the_others(relationship, offering, buyer, owner):
    rival = RelationshipFactory.create(
        external_provider=relationship.external_provider, commission_percent=20
    )
    quote = quote_for(offering, relationship.reseller)
    relationships.suspend_relationship(relationship, actor=owner)

    refusal = refuse(errors.OfferGone, quote, buyer)

    (other,) = refusal.extra["offers"]
    assert other["reseller_pubkey"] == rival.reseller.pubkey
    assert (other["total"], other["commission_percent"]) == ("6.92", 20)
    bought = renting.place_order(
        quote=other["quote"], payment_method="invoice", actor=buyer
    )
    assert bought.seller == rival.reseller


@pytest.mark.parametrize("role", ["owner", "operator", "viewer"])
def test_members_do_not_rent_from_their_provider(relationship, offering, role):
    member = MemberFactory.create(provider=relationship.reseller, role=role)
    quote = quote_for(offering, relationship.reseller)

    refuse(errors.OwnOffer, quote, member.user)


def test_the_sixth_unpaid_contract_is_refused(relationship, offering, buyer, staff):
    contracts = [rented(relationship, offering=offering, buyer=buyer) for _ in range(5)]

    with pytest.raises(errors.TooManyUnpaid):
        rented(relationship, offering=offering, buyer=buyer)
    payments.receive_payment(contracts[0].payment, reference="R-1", actor=staff)
    rented(relationship, offering=offering, buyer=buyer)

    assert Contract.objects.count() == 6


def test_a_forged_quote_is_refused(relationship, offering, buyer):
    quote = quote_for(offering, relationship.reseller)

    for forged in (quote[:-1] + "x", quote + "x", "", "x" * 5000):
        refuse(errors.QuoteInvalid, forged, buyer)


def test_a_quote_of_what_is_not_there_is_refused(relationship, offering, buyer):
    offer = Offer(1_000_000_000, 0, 0, 1_000_000_000, "USD")
    seller, promise = relationship.reseller.pubkey, relationship.promise
    missing = quotes.issue_quote(
        offering.pk + 1000, seller, offer, promise, clock.now()
    )
    stranger = quotes.issue_quote(offering.pk, "f" * 64, offer, promise, clock.now())

    refuse(errors.QuoteInvalid, missing, buyer)
    refuse(errors.QuoteInvalid, stranger, buyer)


def test_wishes_are_kept(relationship, offering, buyer):
    wishes = {
        "operating_system": "Debian 12",
        "ssh_public_key": ED25519,
        "note": "Two of them, please.",
    }

    contract = rented(relationship, offering=offering, buyer=buyer, **wishes)

    assert {name: getattr(contract, name) for name in wishes} == wishes


PRIVATE = (
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbg==\n-----END OPENSSH PRIVATE KEY-----"
)


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"operating_system": "TempleOS"}, errors.UnknownOperatingSystem),
        ({"ssh_public_key": "ssh-ed25519"}, errors.InvalidSshKey),
        ({"ssh_public_key": "ssh-ed25519 !!!!"}, errors.InvalidSshKey),
        ({"ssh_public_key": "ssh-rsa " + ED25519.split()[1]}, errors.InvalidSshKey),
        ({"ssh_public_key": ED25519 + "\n" + ED25519}, errors.InvalidSshKey),
        ({"ssh_public_key": PRIVATE}, errors.InvalidSshKey),
        ({"note": "x" * 4001}, errors.NoteTooLong),
    ],
)
def test_bad_wishes_are_refused(relationship, offering, buyer, wish, error):
    quote = quote_for(offering, relationship.reseller)

    refusal = refuse(error, quote, buyer, **wish)

    assert refusal.field == next(iter(wish))


def test_a_private_key_is_named_as_one(relationship, offering, buyer):
    quote = quote_for(offering, relationship.reseller)

    refusal = refuse(errors.InvalidSshKey, quote, buyer, ssh_public_key=PRIVATE)

    assert "private key" in refusal.detail
