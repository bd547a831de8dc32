"""The people of the demo, and the secrets nobody has to store for them.

Every secret is an HMAC of `SECRET_KEY`: the same at each call, different in each
installation, known to nobody in public. Source: 9-quality, section 1.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings

DOMAIN = "demo.example.com"


@dataclass(frozen=True)
class DemoPerson:
    """One person of the demo: the word scripts use, and what the banner says."""

    role: str
    name: str
    label: str
    in_banner: bool = True

    @property
    def email(self) -> str:
        return f"{self.role.replace('_', '-')}@{DOMAIN}"


PEOPLE: tuple[DemoPerson, ...] = (
    DemoPerson("provider", "Paula Provider", "Provider, owner"),
    DemoPerson("provider_operator", "Oskar Operator", "Provider, operator"),
    DemoPerson("provider_viewer", "Vera Viewer", "Provider, viewer"),
    DemoPerson("provider_other", "Otto Other", "Another provider"),
    DemoPerson("buyer", "Bea Buyer", "Buyer"),
    DemoPerson("buyer_other", "Ben Buyer", "Another buyer"),
    DemoPerson("reseller", "Rosa Reseller", "Reseller"),
    DemoPerson("reseller_other", "Otis Other", "Another reseller", in_banner=False),
    DemoPerson("applicant", "Ada Applicant", "Wants to resell", in_banner=False),
    DemoPerson("staff", "Sara Staff", "Staff"),
    DemoPerson("finance", "Fiona Finance", "Staff, finance"),
    DemoPerson("staff_viewer", "Stan Staff", "Staff, may only look", in_banner=False),
    DemoPerson("staff_editor", "Sven Staff", "Staff, may edit", in_banner=False),
    DemoPerson(
        "payout_approver", "Paul Payout", "Staff, approves payouts", in_banner=False
    ),
)
BY_ROLE = {person.role: person for person in PEOPLE}


def _secret(purpose: str, subject: str) -> bytes:
    key = f"consign.demo.{purpose}".encode() + settings.SECRET_KEY.encode()
    return hmac.new(key, subject.encode(), hashlib.sha256).digest()


def password_for(email: str) -> str:
    """The password of a demo person: 32 letters and digits.

    >>> len(password_for("buyer@demo.example.com"))
    32
    """
    return base64.b32encode(_secret("password", email)[:20]).decode().lower()


def totp_secret_for(email: str) -> str:
    """The base-32 secret of a demo person's authenticator (RFC 6238)."""
    return base64.b32encode(_secret("totp", email)[:20]).decode()


def key_secret_for(principal: str) -> str:
    """The secret part of a demo access key, for `user:<email>` and its like."""
    return _secret("key", principal).hex()[:40]
