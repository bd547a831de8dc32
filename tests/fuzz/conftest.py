"""What the fuzzer knows besides the schema: callers, and ids that are somebody's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from resellers.actions.keys import issue_key
from resellers.keys import known_scopes
from tests.factories.marketplace import OfferingFactory, quote_for
from tests.world import SCOPES, World, build_world


@dataclass(frozen=True)
class Ground:
    """A world of rows, the headers of each caller, and values that exist."""

    world: World
    callers: Mapping[str, dict[str, str]]
    path_values: Mapping[str, Any]
    body_values: Mapping[str, Any]


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """A request shall not close the connection of the test's transaction."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.fixture
def ground(db) -> Ground:
    world = build_world("accepted")
    relationship = world.relationship
    offering = OfferingFactory.create(provider=relationship.external_provider)
    _, buyers = issue_key(
        principal_kind="user", user=world.buyer, scopes=SCOPES, actor=None
    )
    _, sellers = issue_key(
        principal_kind="provider",
        principal_ref=relationship.reseller.pubkey,
        scopes=known_scopes()["provider"],
        actor=None,
    )
    _, staff = issue_key(
        principal_kind="user", user=world.staff, scopes=SCOPES, actor=None
    )
    reseller_id = str(world.referral.reseller_id)
    return Ground(
        world=world,
        callers={
            "visitor": {},
            "buyer": {"Authorization": f"Bearer {buyers}"},
            "provider": {"Authorization": f"Bearer {sellers}"},
            "staff": {"Authorization": f"Bearer {staff}"},
        },
        path_values={
            "offering_id": offering.pk,
            "contract_id": world.order.contract_id,
            "external_provider_pubkey": relationship.external_provider.pubkey,
            "reseller_id": reseller_id,
            "referral_id": str(world.referral.pk),
            "sale_id": str(world.sale.pk),
            "slug": "info_seekers",
        },
        body_values={
            "quote": quote_for(offering, relationship.reseller),
            "payment_method": "invoice",
            "external_provider_pubkey": relationship.external_provider.pubkey,
            "resellerId": reseller_id,
            "referralId": str(world.referral.pk),
            "userId": str(world.passer_by.pk),
            "contactGroup": "info_seekers",
            "customerRef": world.referral.customer_ref,
            "saleKey": world.sale.event_key,
            "commissionRate": "15.5",
            "reason": "asked by phone",
            "phone": "727-555-0142",
            "email": "somebody@example.com",
            "currency": "USD",
            "occurredAt": "2026-01-02T09:00:00Z",
        },
    )
