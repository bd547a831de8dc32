"""Many rents at once: one contract per quote, five unpaid at most, the price as seen."""

from functools import partial

import pytest

from marketplace.actions import relationships, renting
from marketplace.models import Contract, FulfilmentAttempt, Payment, ResellerOrder
from marketplace.quotes import read_quote
from resellers.models import Job
from tests.factories.marketplace import (
    OfferingFactory,
    RelationshipFactory,
    quote_for,
    rented,
)
from tests.factories.resellers import UserFactory
from tests.figures import scaled
from tests.race.together import sorted_out, together

pytestmark = pytest.mark.race


@pytest.fixture
def relationship():
    return RelationshipFactory.create()


@pytest.fixture
def offering(relationship):
    return OfferingFactory.create(provider=relationship.external_provider)


def rent(quote, buyer):
    return renting.place_order(quote=quote, payment_method="invoice", actor=buyer)


def born():
    models = (Contract, Payment, ResellerOrder, FulfilmentAttempt, Job)
    return [model.objects.count() for model in models]


def test_one_quote_is_one_contract(relationship, offering):
    count = scaled(100)
    for _ in range(count):
        buyer = UserFactory.create()
        quote = quote_for(offering, relationship.reseller)

        won, refused = sorted_out(together([partial(rent, quote, buyer)] * 4))

        assert (len({contract.pk for contract in won}), refused) == (1, [])
    assert born() == [count] * 5


def test_sixteen_copies_of_one_quote(relationship, offering):
    buyer = UserFactory.create()
    quote = quote_for(offering, relationship.reseller)

    won, refused = sorted_out(together([partial(rent, quote, buyer)] * 16))

    assert (len(won), refused, born()) == (16, [], [1] * 5)


def test_the_fifth_unpaid_contract_is_the_last(relationship, offering):
    buyer = UserFactory.create()
    for _ in range(4):
        rented(relationship, offering=offering, buyer=buyer)
    quotes = [quote_for(offering, relationship.reseller) for _ in range(8)]

    calls = [partial(rent, quote, buyer) for quote in quotes]
    won, refused = sorted_out(together(calls))

    assert (len(won), refused) == (1, ["too_many_unpaid"] * 7)
    assert Contract.objects.count() == 5


def test_a_rate_that_flips_meanwhile_is_refused_or_kept(relationship, offering):
    """Every contract costs what its buyer's quote said, whatever happened beside it."""
    for turn in range(scaled(100)):
        buyers = [UserFactory.create() for _ in range(3)]
        seen = quote_for(offering, relationship.reseller)
        flip = partial(
            relationships.change_terms,
            relationship,
            commission_percent=10 + turn % 2 * 5 + 1,
            actor=None,
        )

        calls = [*[partial(rent, seen, buyer) for buyer in buyers], flip]
        won, refused = sorted_out(together(calls))

        assert set(refused) <= {"price_changed"}
        contracts = [one for one in won if isinstance(one, Contract)]
        total = read_quote(seen).offer.total_e9s
        assert {contract.total_e9s for contract in contracts} <= {total}
    for order in ResellerOrder.objects.all():
        assert order.total_paid_e9s == order.base_price_e9s + order.commission_e9s


def test_a_suspension_meanwhile_sells_nothing_after_it(relationship, offering):
    for _ in range(scaled(25)):
        buyers = [UserFactory.create() for _ in range(3)]
        seen = quote_for(offering, relationship.reseller)
        stop = partial(relationships.suspend_relationship, relationship, actor=None)

        calls = [*[partial(rent, seen, buyer) for buyer in buyers], stop]
        won, refused = sorted_out(together(calls))

        relationship.refresh_from_db()
        assert relationship.status == "suspended"
        assert set(refused) <= {"offer_gone"}
        for contract in won:
            if isinstance(contract, Contract):
                assert contract.created_at <= relationship.updated_at
        relationships.resume_relationship(relationship, actor=None)
