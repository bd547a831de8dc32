"""One reseller with a customer at 15.5 %, a stranger who is another, and nobody."""

import pytest

from resellers.models import Referral, Reseller, User
from tests.factories.resellers import UserFactory
from tests.resellers.earning import customer


@pytest.fixture
def referral(db: None) -> Referral:
    """C-1001, whose reseller signs in as avery@example.com."""
    made: Referral = customer(
        reseller__user__email="avery@example.com",
        reseller__last_name="Quill",
        customer_email="customer@example.com",
    )
    return made


@pytest.fixture
def reseller(referral: Referral) -> Reseller:
    return referral.reseller


@pytest.fixture
def browser(client_for, reseller):
    """The reseller's browser."""
    return client_for(reseller.user)


@pytest.fixture
def stranger(db: None) -> Reseller:
    """Another reseller, with a customer of their own."""
    made: Referral = customer(
        ref="C-9009", reseller__user__email="stranger@example.com"
    )
    return made.reseller


@pytest.fixture
def passer_by(db: None) -> User:
    """Somebody without a profile."""
    made: User = UserFactory.create(email="passer-by@example.com", name="Robin Sample")
    return made
