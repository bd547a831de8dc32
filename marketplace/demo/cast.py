"""Who trades in the demo: providers, their members, their terms. All names are made up."""

import hashlib
from dataclasses import dataclass

from django.conf import settings

from marketplace.actions import onboarding, relationships
from marketplace.models import Offering, Provider, ProviderKind
from resellers import clock
from resellers.actions import users
from resellers.models import User

DOMAIN = "demo.example.com"
HETZNER, CONTABO, OVH = "hetzner.com", "contabo.com", "ovh.com"


@dataclass(frozen=True)
class Seller:
    """An onboarded provider: terms are (domain, percent, accept, fulfil hours)."""

    slug: str
    name: str
    hours: str
    members: dict[str, str]
    terms: tuple[tuple[str, int, int, int], ...] = ()

    @property
    def pubkey(self) -> str:
        return hashlib.sha256(f"demo-provider:{self.slug}".encode()).hexdigest()


NIMBUS = Seller(
    "nimbus",
    "Nimbus Resale",
    "Monday to Friday, 8:00 to 18:00 UTC",
    {
        "provider": "owner",
        "provider-operator": "operator",
        "provider-viewer": "viewer",
    },
    ((HETZNER, 10, 12, 48), (CONTABO, 8, 12, 36)),
)
ALTO = Seller(
    "alto",
    "Alto Hosting",
    "every day, 7:00 to 21:00 UTC",
    {"provider-other": "owner"},
    ((HETZNER, 10, 8, 48), (OVH, 12, 8, 24)),
)
BRISK = Seller(
    "brisk",
    "Brisk Cloud",
    "Monday to Saturday, 9:00 to 17:00 UTC",
    {"brisk-owner": "owner"},
    ((OVH, 0, 24, 72),),
)
FRESH = Seller(
    "fresh",
    "Fresh Start Servers",
    "Monday to Friday, 10:00 to 16:00 UTC",
    {"fresh-owner": "owner"},
    ((CONTABO, 8, 24, 48),),
)
HARBOUR = Seller(
    "harbour", "Harbour Metal", "round the clock", {"harbour-owner": "owner"}
)
SELLERS = (NIMBUS, ALTO, BRISK, FRESH, HARBOUR)
BUYERS = ("buyer", "buyer-other", "buyer-third")


def person(name: str) -> User:
    """A demo person by the local part of the address; made when nobody did before."""
    email = f"{name}@{DOMAIN}"
    known = User.objects.filter(email=email).first()
    words = name.replace("-", " ").title()
    return known or users.create_user(email=email, name=words, actor=None)


def onboard(seller: Seller, staff: User) -> Provider:
    provider = onboarding.onboard_provider(
        name=seller.name,
        pubkey=seller.pubkey,
        domain=f"{seller.slug}.example.com",
        support_email=f"support@{seller.slug}.example.com",
        support_hours=seller.hours,
        refund_policy="Full refund when an order cannot be fulfilled.",
        actor=staff,
    )
    for name, role in seller.members.items():
        onboarding.add_member(provider, user=person(name), role=role, actor=staff)
    return provider


def agree(seller: Seller, provider: Provider) -> None:
    """The owner becomes a reseller of each supplier."""
    owner = person(next(iter(seller.members)))
    for domain, percent, accept, fulfil in seller.terms:
        relationships.become_reseller(
            provider,
            external_provider=Provider.objects.external().get(domain=domain),
            commission_percent=percent,
            accept_within_hours=accept,
            fulfil_within_hours=fulfil,
            actor=owner,
        )


def sell_directly(provider: Provider) -> None:
    """Two native offerings, in euros: the badge Direct, and a second currency."""
    if provider.kind != ProviderKind.ONBOARDED or provider.offerings.exists():
        return
    for code, name, city, cores, memory_gb, price_e9s in (
        ("harbour-m1", "Harbour Metal M1", "Rotterdam", 8, 64, 79_000_000_000),
        ("harbour-m2", "Harbour Metal M2", "Rotterdam", 16, 128, 129_000_000_000),
    ):
        Offering.objects.create(
            provider=provider,
            code=code,
            offer_name=name,
            description=f"{name}, bare metal from its own provider",
            product_page_url=f"https://{provider.domain}/{code}",
            currency="EUR",
            monthly_price_e9s=price_e9s,
            product_type="dedicated",
            processor_cores=cores,
            memory_mb=memory_gb * 1024,
            storage_gb=960,
            datacenter_country="NL",
            datacenter_city=city,
            price_source="staff",
            price_checked_at=clock.now(),
            search_text=f"{name} {code} {provider.name} {city}".lower(),
            list_price_e9s=price_e9s,
        )


def is_loaded() -> bool:
    assert settings.DEMO  # noqa: S101 -- the command refused everything else
    return Provider.objects.filter(pubkey=NIMBUS.pubkey).exists()
