"""Two tenants side by side: what belongs to one is asked for by the other.

Every parameter of a route must be registered in `OWN` (an object of the owner) and in
`MISSING` (a value of the same shape that stands for nothing): a route with a new
parameter fails `test_isolation.py` until somebody says whose it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from rest_framework.test import APIClient

from marketplace.models import Offering, ResellerOrder, ResellerRelationship
from resellers.actions.keys import issue_key
from resellers.models import (
    Account,
    HeldUpload,
    LedgerEntry,
    Referral,
    Sale,
    TransferKind,
    User,
)
from tests.factories.marketplace import (
    ExternalProviderFactory,
    MemberFactory,
    OfferingFactory,
    RelationshipFactory,
    order_in,
    rented,
)
from tests.factories.profiles import ReferralFactory, ResellerFactory, SaleFactory
from tests.factories.resellers import (
    AT,
    LedgerEntryFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.transfers import HeldUploadFactory
from tests.routes import Route

SCOPES = [
    "marketplace:read",
    "marketplace:write",
    "resellers:read",
    "resellers:write",
    "sales:write",
    "finance",
]


@dataclass
class World:
    """A seller with an order, its buyer and staff; and a rival who has their own.

    And a reseller with a customer and an entry, which the rival has, too, but later;
    and a sale that is nobody's.
    """

    owner: User
    buyer: User
    staff: User
    rival: User
    passer_by: User
    relationship: ResellerRelationship
    order: ResellerOrder
    private_offering: Offering
    referral: Referral
    entry: LedgerEntry
    sale: Sale


def build_world(state: str = "fulfilled") -> World:
    relationship = RelationshipFactory.create()
    member = MemberFactory.create(
        provider=relationship.reseller, user__email="owner@example.com"
    )
    buyer = UserFactory.create(email="buyer@example.com")
    order = order_in(state, relationship, buyer=buyer)
    rival = MemberFactory.create(user__email="rival@example.com")
    rival_relationship = RelationshipFactory.create(reseller=rival.provider)
    order_in("accepted", rival_relationship)
    rented(buyer=rival.user)
    referral = ReferralFactory.create(reseller__user__email="reseller@example.com")
    profile = ResellerFactory.create(user=rival.user)
    earned(profile.account, AT + timedelta(days=60))
    staff = StaffFactory.create(email="staff@example.com", is_superuser=True)
    for kind in TransferKind:
        HeldUploadFactory.create(uploader=staff, kind=kind)
    return World(
        owner=member.user,
        buyer=buyer,
        staff=staff,
        rival=rival.user,
        passer_by=UserFactory.create(email="passer-by@example.com"),
        relationship=relationship,
        order=order,
        private_offering=OfferingFactory.create(
            provider=ExternalProviderFactory.create(), visibility="private"
        ),
        referral=referral,
        entry=earned(referral.reseller.account, AT),
        sale=SaleFactory.create(),
    )


def earned(account: Account, at: datetime) -> LedgerEntry:
    entry: LedgerEntry = LedgerEntryFactory.create(
        account=account, occurred_at=at, posted_at=at
    )
    return entry


def admin_object(world: World, route: Route) -> str:
    """A row of the model that an admin route is about."""
    del world
    for model in apps.get_models():
        prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
        manager = model._meta.default_manager
        if manager and route.name.startswith(prefix):
            row = manager.first()
            return str(row.pk) if row else "1"
    return "1"


def held_upload(world: World, route: Route) -> str:
    """The staff's file of the kind whose list the route belongs to."""
    _, model, _ = route.name.rsplit("_", 2)
    held = HeldUpload.objects.filter(uploader=world.staff, kind=f"{model}s")
    return str(held.get().pk)


Value = Callable[[World, Route], str]
OWN: dict[str, Value] = {
    # marketplace
    "offering_id": lambda world, _: str(world.private_offering.pk),
    "contract_id": lambda world, _: world.order.contract_id,
    "pubkey": lambda world, _: world.relationship.external_provider.pubkey,
    "external_provider_pubkey": lambda world, _: (
        world.relationship.external_provider.pubkey
    ),
    # resellers
    "reseller_id": lambda world, _: str(world.referral.reseller_id),
    "referral_id": lambda world, _: str(world.referral.pk),
    "sale_id": lambda world, _: str(world.sale.pk),
    "slug": lambda *_: "event_registrants",
    "entry_id": lambda world, _: str(world.entry.pk),
    "month": lambda world, _: f"{world.entry.posted_at:%Y-%m}",
    # admin
    "object_id": admin_object,
    "batch_id": lambda *_: "5c1e0000-0000-4000-8000-000000000001",
    "upload_id": held_upload,
    "content_type_id": lambda *_: str(ContentType.objects.get_for_model(User).pk),
    "app_label": lambda *_: "marketplace",
    "url": lambda *_: "marketplace/order",
    # sign-in: proofs from mails, which belong to whoever holds them
    "key": lambda *_: "MQ:1tn0Jx:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "uidb36": lambda world, _: "1",
    "token": lambda *_: "WyJhIiwiYiJd:1tn0Jx:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
}
NO_ID = "00000000-0000-4000-8000-000000000000"
MISSING = {
    "offering_id": "987654321",
    "contract_id": "f0" * 32,
    "pubkey": "f0" * 32,
    "external_provider_pubkey": "f0" * 32,
    "reseller_id": NO_ID,
    "referral_id": NO_ID,
    "sale_id": NO_ID,
    "slug": "nothing",
    "entry_id": "987654321",
    "month": "1999-01",
    "object_id": "987654321",
    "batch_id": "5c1e0000-0000-4000-8000-000000000002",
    "upload_id": NO_ID,
    "content_type_id": "987654321",
    "app_label": "nothing",
    "url": "nothing/here",
    "key": "MQ:1tn0Jx:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB",
    "uidb36": "zzzzzz",
    "token": "WyJhIiwiYiJd:1tn0Jx:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB",
}


def browser(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def caller(user: User) -> APIClient:
    """An API client with a key of the person."""
    _, text = issue_key(principal_kind="user", user=user, scopes=SCOPES, actor=None)
    return caller_with(text)


def caller_with(text: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


# What asking may change without anybody's business being touched.
TRACES = {
    "config.Counter",
    "config.IdempotentCall",
    "resellers.AccessKey",
    "resellers.User",
    "sessions.Session",
}
# A session too old for a sensitive address is noted before anything is looked up.
REFUSED_EARLY = "user.stale_session_refused"


def all_rows() -> dict[str, list[Any]]:
    """Every row of every table, to be compared."""
    managers = {
        model._meta.label: model._meta.default_manager for model in apps.get_models()
    }
    rows = {
        label: list(manager.order_by("pk").values())
        for label, manager in managers.items()
        if manager and label not in TRACES
    }
    audit = rows["resellers.AuditEntry"]
    rows["resellers.AuditEntry"] = [
        entry for entry in audit if entry["action"] != REFUSED_EARLY
    ]
    return rows
