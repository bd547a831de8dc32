"""Codes of authenticators: sealed secrets, and no code taken twice.

A code belongs to a step of 30 seconds (RFC 6238). The last step taken is kept beside
the secret, and only a later one is taken next: a code that was seen once, by whomever,
opens nothing again. Source: 9-quality, section 6, "Staff two-factor".
"""

import hmac
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.db import transaction

from config.signin.sealing import SealBroken, seal, unseal
from resellers import audit
from resellers.errors import Invalid
from resellers.models import Actor, User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def enrolled(person: User) -> bool:
    """The person has an authenticator, so a code is part of signing in."""
    return Authenticator.objects.filter(user_id=person.pk, type__in=FACTORS).exists()


def is_required(person: User) -> bool:
    """Staff need a second factor, outside a demo."""
    return bool(settings.STAFF_TOTP) and person.is_staff


def is_owed(person: User) -> bool:
    """Staff who have not set their second factor up, where it is required."""
    return is_required(person) and not enrolled(person)


def step_of(secret: str, code: str) -> int | None:
    """The step whose code this is: the present one, so that a code lives 30 s."""
    digits = "".join(code.split())
    for step in yield_hotp_counters_from_time():
        expected = format_hotp_value(hotp_value(secret, step))
        if hmac.compare_digest(expected.encode(), digits.encode()):
            return int(step)
    return None


@transaction.atomic
def accept_code(person: User, code: str) -> Authenticator | None:
    """Take a code of the authenticator, or a recovery code; each once.

    The rows are locked, so of two simultaneous tries with one code one is refused.
    """
    own = Authenticator.objects.select_for_update().filter(user_id=person.pk)
    authenticator: Authenticator
    for authenticator in own.order_by("-type"):  # totp before recovery_codes
        if authenticator.type == Authenticator.Type.TOTP:
            taken = _take_totp(authenticator, code)
        elif authenticator.type == Authenticator.Type.RECOVERY_CODES:
            taken = RecoveryCodes(authenticator).validate_code("".join(code.split()))
        else:
            continue
        if taken:
            return authenticator
    return None


def _take_totp(authenticator: Authenticator, code: str) -> bool:
    data: dict[str, Any] = authenticator.data
    try:
        step = step_of(unseal(data["secret"]), code)
    except SealBroken:
        return False
    if step is None or step <= data.get("last_step", 0):
        return False
    authenticator.data = {**data, "last_step": step}
    authenticator.save(update_fields=["data"])
    return True


@transaction.atomic
def enrol(person: User, secret: str, *, actor: Actor, step: int = 0) -> Authenticator:
    """Give a person an authenticator with ten recovery codes; used by the demo, too."""
    authenticator: Authenticator
    authenticator, is_new = Authenticator.objects.get_or_create(
        user=person,
        type=Authenticator.Type.TOTP,
        defaults={"data": {"secret": seal(secret), "last_step": step}},
    )
    if is_new:
        RecoveryCodes.activate(person)
        audit.record(actor, "user.two_factor_enabled", person)
    return authenticator


@transaction.atomic
def reset(person: User, *, reason: str, actor: User) -> None:
    """A superuser takes a lost authenticator away; the person sets up a new one.

    Raises Invalid when no reason is given, or the actor is no superuser.
    """
    if not actor.is_superuser:
        raise Invalid("Only a superuser may reset a second factor.")
    if not reason.strip():
        raise Invalid("Say why the second factor is reset.", field="reason")
    Authenticator.objects.filter(user_id=person.pk).delete()
    audit.record(actor, "user.two_factor_reset", person, reason=reason)
