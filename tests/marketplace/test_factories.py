"""Each factory builds a row that its model accepts."""

import pytest

from marketplace.models import OrderState
from tests.factories import marketplace as rows

pytestmark = pytest.mark.django_db

FACTORIES = [
    rows.ProviderFactory,
    rows.ExternalProviderFactory,
    rows.MemberFactory,
    rows.OfferingFactory,
    rows.RelationshipFactory,
    rows.ContractFactory,
    rows.PaymentFactory,
    rows.OrderFactory,
    rows.AttemptFactory,
]


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda f: f.__name__)
def test_factory_row_is_valid(factory):
    factory.create().full_clean()


@pytest.mark.parametrize("state", OrderState.values)
def test_an_order_reaches_every_state_by_actions(state):
    order = rows.order_in(state)

    assert order.state == state
    order.full_clean()
