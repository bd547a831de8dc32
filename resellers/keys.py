"""Access keys: issued once in full, kept as a hash, found by prefix, revoked at once.

Source: 8-api, "Keys". Only `actions.keys` issues and revokes: it
records who did.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from resellers import clock, pg
from resellers.errors import Invalid, TooManyKeys, UnknownScope
from resellers.models import AccessKey, PrincipalKind, User

PREFIX_LENGTH = 8
SECRET_LENGTH = 40
SLOTS = (1, 2)
MAX_DAYS = 730
USED_EVERY = timedelta(minutes=1)

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_KEY = re.compile(
    rf"cs_([a-z]{{1,10}})_([{_ALPHABET}]{{8}})_([{_ALPHABET}]{{40}})", re.ASCII
)


def environment() -> str:
    """Word in the key that says where it works: live, dev, demo."""
    return str(getattr(settings, "ACCESS_KEY_ENVIRONMENT", "live"))


def known_scopes() -> Mapping[str, list[str]]:
    """Scopes a key may carry, by kind of principal (setting ACCESS_KEY_SCOPES)."""
    scopes: Mapping[str, list[str]] = getattr(settings, "ACCESS_KEY_SCOPES", {})
    return scopes


@transaction.atomic
def issue(
    *,
    principal_kind: str,
    user: User | None = None,
    principal_ref: str = "",
    scopes: Iterable[str] = (),
    days: int = 90,
    text: str | None = None,
) -> tuple[AccessKey, str]:
    """Make a key and its text, which nobody can read again.

    `text` is given by the demo alone, whose keys are derived from SECRET_KEY.
    Raises TooManyKeys (409) when two are live, UnknownScope, Invalid (400).
    """
    if not 1 <= days <= MAX_DAYS:
        raise Invalid(f"A key lives from 1 to {MAX_DAYS} days.", field="days")
    chosen = _known(principal_kind, scopes)
    if user is not None:
        principal_ref = str(user.pk)
    now = pg.db_now()
    mine = AccessKey.objects.for_principal(principal_kind, principal_ref)
    mine.filter(revoked_at=None, expires_at__lte=now).update(revoked_at=now)
    taken = set(mine.filter(revoked_at=None).values_list("slot", flat=True))
    free = [slot for slot in SLOTS if slot not in taken]
    if not free:
        raise TooManyKeys
    text = text or _new_text()
    prefix, secret = parts(text)
    key = AccessKey(
        principal_kind=principal_kind,
        principal_ref=principal_ref,
        user=user,
        slot=free[0],
        prefix=prefix,
        secret_sha256=_digest(secret),
        scopes=chosen,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    key.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError:
        raise TooManyKeys from None
    return key, text


def find(text: str) -> AccessKey | None:
    """The live key with this text, or None: unknown, wrong, expired, revoked alike.

    Compares in constant time; the caller notes the use by `touch`.
    """
    match = _KEY.fullmatch(text) if isinstance(text, str) else None
    if match is None or match[1] != environment():
        return None
    key = AccessKey.objects.select_related("user").filter(prefix=match[2]).first()
    stored = key.secret_sha256 if key else "0" * 64
    if not hmac.compare_digest(stored, _digest(match[3])) or key is None:
        return None
    now = pg.db_now()
    if key.revoked_at is not None or key.expires_at <= now:
        return None
    if key.user is not None and not key.user.is_active:
        return None
    return key


def touch(key: AccessKey) -> None:
    """Note the use, at most once a minute."""
    now = clock.now()
    if key.last_used_at is None or now - key.last_used_at >= USED_EVERY:
        AccessKey.objects.filter(pk=key.pk).update(last_used_at=now)


def revoke(key: AccessKey) -> bool:
    """Refuse the key from now on; False when it was revoked before."""
    moved = AccessKey.objects.filter(pk=key.pk, revoked_at=None).update(
        revoked_at=pg.db_now()
    )
    key.refresh_from_db()
    return bool(moved)


def parts(text: str) -> tuple[str, str]:
    """Prefix and secret of a key's text; Invalid where it is none."""
    match = _KEY.fullmatch(text)
    if match is None or match[1] != environment():
        raise Invalid("This is not the text of an access key.")
    return match[2], match[3]


def _known(principal_kind: str, scopes: Iterable[str]) -> list[str]:
    if principal_kind not in PrincipalKind.values:
        raise Invalid("Choose user, provider or partner.", field="principal_kind")
    chosen = sorted(set(scopes))
    unknown = set(chosen) - set(known_scopes().get(principal_kind, []))
    if unknown:
        raise UnknownScope(
            f"Not a scope of this kind of key: {', '.join(sorted(unknown))}.",
            field="scopes",
        )
    return chosen


def _new_text() -> str:
    prefix, secret = (
        "".join(secrets.choice(_ALPHABET) for _ in range(length))
        for length in (PREFIX_LENGTH, SECRET_LENGTH)
    )
    return f"cs_{environment()}_{prefix}_{secret}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
