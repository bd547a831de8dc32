"""The people of a marketplace test: one seller's, a rival's, a buyer and staff."""

import pytest

from marketplace.models import (
    Offering,
    Provider,
    ProviderMember,
    ResellerRelationship,
)
from resellers.models import User
from tests.factories.marketplace import (
    ExternalProviderFactory,
    MemberFactory,
    OfferingFactory,
    ProviderFactory,
    RelationshipFactory,
)
from tests.factories.resellers import StaffFactory, UserFactory


@pytest.fixture
def seller(db: None) -> Provider:
    made: Provider = ProviderFactory.create(name="Nimbus Resale")
    return made


@pytest.fixture
def supplier(db: None) -> Provider:
    made: Provider = ExternalProviderFactory.create(
        name="Hetzner", domain="hetzner.example.com"
    )
    return made


@pytest.fixture
def relationship(seller: Provider, supplier: Provider) -> ResellerRelationship:
    """The seller resells the supplier at 10 %."""
    made: ResellerRelationship = RelationshipFactory.create(
        reseller=seller, external_provider=supplier
    )
    return made


@pytest.fixture
def offering(supplier: Provider) -> Offering:
    """5.77 USD a month at the supplier."""
    made: Offering = OfferingFactory.create(provider=supplier)
    return made


def member(provider: Provider, role: str, email: str) -> User:
    made: ProviderMember = MemberFactory.create(
        provider=provider, role=role, user__email=email
    )
    return made.user


@pytest.fixture
def owner(seller: Provider) -> User:
    return member(seller, "owner", "owner@example.com")


@pytest.fixture
def colleague(seller: Provider) -> User:
    """Operator of the same provider: orders, but no terms."""
    return member(seller, "operator", "operator@example.com")


@pytest.fixture
def viewer(seller: Provider) -> User:
    return member(seller, "viewer", "viewer@example.com")


@pytest.fixture
def stranger(db: None) -> User:
    """Owner of another provider."""
    return member(ProviderFactory.create(), "owner", "stranger@example.com")


@pytest.fixture
def buyer(db: None) -> User:
    made: User = UserFactory.create(email="buyer@example.com")
    return made


@pytest.fixture
def staff(db: None) -> User:
    made: User = StaffFactory.create(email="staff@example.com")
    return made
