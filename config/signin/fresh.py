"""Which proofs a session gave, and how long ago.

A route named in `settings.FRESH_ROUTES` asks for the password, and of whoever has an
authenticator also for a code, within the last ten minutes. Signing in counts.
Source: 9-quality, section 6, "Re-authentication".
"""

import time
from typing import Literal

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest

from config.signin import two_factor
from resellers.models import User

FRESH_SECONDS = 10 * 60
ON_ITS_WAY_SECONDS = 60
Proof = Literal["password", "mfa"]
PAGES: dict[Proof, str] = {
    "password": "account_reauthenticate",
    "mfa": "mfa_reauthenticate",
}


def proved(request: HttpRequest, person: User, proof: Proof, seconds: int) -> bool:
    """The session gave this proof within so many seconds."""
    given = [
        record["at"]
        for record in get_authentication_records(request, person)
        if record["method"] == proof
    ]
    return bool(given) and 0 <= time.time() - max(given) < seconds


def missing(request: HttpRequest, seconds: int = FRESH_SECONDS) -> Proof | None:
    """The next proof to ask for; None when the session is fresh."""
    person = request.user
    if not isinstance(person, User):
        return None
    if not proved(request, person, "password", seconds):
        return "password"
    if two_factor.enrolled(person) and not proved(request, person, "mfa", seconds):
        return "mfa"
    return None


def prove(request: HttpRequest, person: User, proof: Proof) -> None:
    """Note a proof that was given outside the forms of allauth (the demo's button)."""
    record_authentication(request, person, method=proof)
