"""The plainest valid rows of the marketplace, and orders made by its actions.

A row that only an action may write is made by that action: `rented`, `paid_order`,
`order_in("fulfilled")`. The prices are those of the worked examples: 5.77 USD at 10 %.
"""

from datetime import timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from marketplace import offers, quotes
from marketplace.actions import endings, orders, payments, renting
from marketplace.models import (
    Contract,
    FulfilmentAttempt,
    Offering,
    Payment,
    Provider,
    ProviderMember,
    ResellerOrder,
    ResellerRelationship,
    external_pubkey,
)
from resellers import clock
from resellers.models import User
from tests.factories.resellers import AccountFactory, StaffFactory, UserFactory

BASE_E9S = 5_770_000_000
WHY = "The supplier has none of these left."


class ProviderFactory(DjangoModelFactory[Provider]):
    """An onboarded provider with its account."""

    class Meta:
        model = Provider

    pubkey = factory.Sequence(lambda n: f"{0xAA0E + n:064x}")
    kind = "onboarded"
    name = factory.Sequence(lambda n: f"Nimbus Resale {n}")
    support_email = factory.Sequence(lambda n: f"support{n}@nimbus.example.com")
    account = factory.SubFactory(
        AccountFactory,
        owner_ref=factory.SelfAttribute("..pubkey"),
        code=factory.LazyAttribute(lambda o: f"PR-{o.owner_ref[-12:]}"),
        name=factory.SelfAttribute("..name"),
    )


class ExternalProviderFactory(DjangoModelFactory[Provider]):
    class Meta:
        model = Provider

    kind = "external"
    name = factory.Sequence(lambda n: f"Cloud Supplier {n}")
    domain = factory.Sequence(lambda n: f"supplier{n}.example.com")
    pubkey = factory.LazyAttribute(lambda o: external_pubkey(o.domain))
    website_url = factory.LazyAttribute(lambda o: f"https://{o.domain}")
    data_source = "manual_curation"


class MemberFactory(DjangoModelFactory[ProviderMember]):
    class Meta:
        model = ProviderMember

    user = factory.SubFactory(UserFactory)
    provider = factory.SubFactory(ProviderFactory)
    role = "owner"


class OfferingFactory(DjangoModelFactory[Offering]):
    """A seeded offering at 5.77 USD a month, checked yesterday."""

    class Meta:
        model = Offering

    provider = factory.SubFactory(ExternalProviderFactory)
    code = factory.Sequence(lambda n: f"cloud-{n}")
    offer_name = factory.Sequence(lambda n: f"Cloud {n} - Falkenstein")
    product_page_url = "https://supplier.example.com/cloud"
    currency = "USD"
    monthly_price_e9s = BASE_E9S
    product_type = "compute"
    virtualization_type = "kvm"
    processor_cores = 2
    memory_mb = 4096
    storage_gb = 40
    datacenter_country = "DE"
    datacenter_city = "Falkenstein"
    specs = factory.LazyFunction(lambda: {"operating_systems": "Debian 12, Ubuntu 24"})
    price_source = "import:samples.csv"
    price_checked_at = factory.LazyFunction(lambda: clock.now() - timedelta(days=1))
    search_text = factory.LazyAttribute(lambda o: o.offer_name.lower())
    list_price_e9s = factory.LazyAttribute(
        lambda o: o.monthly_price_e9s + getattr(o, "setup_fee_e9s", 0)
    )


class RelationshipFactory(DjangoModelFactory[ResellerRelationship]):
    """An active relationship at 10 %, accept within 12 hours, fulfil within 48."""

    class Meta:
        model = ResellerRelationship

    reseller = factory.SubFactory(ProviderFactory)
    external_provider = factory.SubFactory(ExternalProviderFactory)


class ContractFactory(DjangoModelFactory[Contract]):
    """The bare row; `rented` makes a whole sale."""

    class Meta:
        model = Contract

    buyer = factory.SubFactory(UserFactory)
    offering = factory.SubFactory(OfferingFactory)
    seller = factory.SubFactory(ProviderFactory)
    currency = "USD"
    total_e9s = 6_350_000_000
    offering_snapshot = factory.LazyFunction(lambda: {"code": "cloud-1"})
    quote_id = factory.Sequence(lambda n: f"{n:032x}")


class PaymentFactory(DjangoModelFactory[Payment]):
    class Meta:
        model = Payment

    contract = factory.SubFactory(ContractFactory)
    method = "invoice"
    amount_e9s = 6_350_000_000
    currency = "USD"
    due_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=7))


class OrderFactory(DjangoModelFactory[ResellerOrder]):
    """The bare row of a placed order; `placed_order` makes a whole one."""

    class Meta:
        model = ResellerOrder

    contract = factory.SubFactory(ContractFactory)
    created_at = factory.LazyFunction(clock.now)
    reseller = factory.SelfAttribute("contract.seller")
    external_provider = factory.SelfAttribute("contract.offering.provider")
    offering = factory.SelfAttribute("contract.offering")
    currency = "USD"
    commission_percent = 10
    base_price_e9s = BASE_E9S
    commission_e9s = 580_000_000
    total_paid_e9s = 6_350_000_000
    pick = factory.LazyFunction(lambda: {"rule": "pick/1", "candidates": []})
    accept_within_hours = 12
    fulfil_within_hours = 48


class AttemptFactory(DjangoModelFactory[FulfilmentAttempt]):
    class Meta:
        model = FulfilmentAttempt

    order = factory.SubFactory(OrderFactory)
    number = 1
    started_at = factory.LazyFunction(clock.now)


# Whole sales, through the actions


def quote_for(offering: Offering, seller: Provider) -> str:
    """A quote of the seller's offer as it stands, as the rent form carries it."""
    now = clock.now()
    found = offers.OfferBook([offering], now).offer_of(offering, seller)
    assert found is not None, "the seller has no offer of this offering"
    return quotes.issue_quote(
        offering.pk, seller.pubkey, found.offer, found.relationship.promise, now
    )


def rented(
    relationship: ResellerRelationship | None = None,
    *,
    buyer: User | None = None,
    offering: Offering | None = None,
    payment_method: str = "invoice",
    **wishes: Any,
) -> Contract:
    """Somebody rents through `place_order`; by invoice nothing is paid yet."""
    if relationship is None:
        supplier = offering.provider if offering else ExternalProviderFactory.create()
        relationship = RelationshipFactory.create(external_provider=supplier)
    offering = offering or OfferingFactory.create(
        provider=relationship.external_provider
    )
    return renting.place_order(
        quote=quote_for(offering, relationship.reseller),
        payment_method=payment_method,
        actor=buyer or UserFactory.create(),
        **wishes,
    )


def placed_order(
    relationship: ResellerRelationship | None = None, **facts: Any
) -> ResellerOrder:
    """A placed order that is not paid."""
    return order_of(rented(relationship, **facts))


def paid_order(
    relationship: ResellerRelationship | None = None, **facts: Any
) -> ResellerOrder:
    """A placed order whose money has arrived: its deadlines run."""
    contract = rented(relationship, **facts)
    payments.receive_payment(
        contract.payment,
        reference=contract.payment_reference,
        actor=StaffFactory.create(),
    )
    return order_of(contract)


def order_in(
    state: str, relationship: ResellerRelationship | None = None, **facts: Any
) -> ResellerOrder:
    """A paid order in any state, moved there by the actions."""
    order = paid_order(relationship, **facts)
    own_id = f"SUP-{order.contract_id[:12]}"
    if state in {"accepted", "failed"}:
        order = orders.accept_order(order, actor=None)
    if state == "ordered":
        order = orders.record_purchase(order, external_order_id=own_id, actor=None)
    if state in {"fulfilled", "completed"}:
        details = {"ip": "192.0.2.10", "username": "root"}
        order = orders.fulfil_order(
            order,
            external_order_id=own_id,
            external_order_details=details,
            actor=None,
        )
    if state == "completed":
        order = orders.complete_order(order, actor=order.contract.buyer)
    return ended_in(order, state)


def ended_in(order: ResellerOrder, state: str) -> ResellerOrder:
    if state == "rejected":
        return endings.reject_order(order, reason_code="other", reason=WHY, actor=None)
    if state == "failed":
        return endings.fail_order(order, reason_code="other", reason=WHY, actor=None)
    if state == "cancelled":
        return endings.cancel_order(order, actor=order.contract.buyer)
    if state == "expired":
        assert order.accept_by is not None
        late = order.accept_by + timedelta(microseconds=1)
        return endings.expire_order(order, at=late)
    return order


def order_of(contract: Contract) -> ResellerOrder:
    return ResellerOrder.objects.select_related("contract__payment").get(
        contract=contract
    )
