"""Secrets of the links that mails carry: signed, for one purpose, dead once used.

They stand in no table: a mail's builder makes one when the mail is sent. Each lives
seven days. Source: 5-resellers, section 8.
"""

import hashlib
from datetime import timedelta

from django.core import signing

from resellers.models import User

LIVES = timedelta(days=7)
INVITATION, ADDRESS = "consign.invitation", "consign.address"


def has_accepted(user: User) -> bool:
    """Whether the person has chosen a password."""
    return bool(user.password) and user.has_usable_password()


def invitation_token(user: User) -> str:
    """The secret of an invitation; it fails once the person has a password."""
    return signing.dumps([str(user.pk), _state_of(user)], salt=INVITATION)


def read_invitation(token: str) -> User | None:
    """The invited person; None when the link is used, old or not ours."""
    user, state = _read(token, INVITATION)
    valid = user is not None and not has_accepted(user) and _state_of(user) == state
    return user if valid else None


def address_token(user: User) -> str:
    """The secret that proves the pending address."""
    return signing.dumps([str(user.pk), _digest(user.pending_email)], salt=ADDRESS)


def read_address(token: str) -> User | None:
    """The person whose pending address the link proves; None for any other link."""
    user, address = _read(token, ADDRESS)
    asked = user is not None and bool(user.pending_email)
    return user if user and asked and _digest(user.pending_email) == address else None


def _state_of(user: User) -> str:
    """What a used invitation, or another address, has changed."""
    return _digest(f"{user.password}|{user.email}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _read(token: str, salt: str) -> tuple[User | None, str]:
    try:
        pk, stated = signing.loads(token, salt=salt, max_age=LIVES)
    except (signing.BadSignature, ValueError, TypeError):
        return None, ""
    return User.objects.filter(pk=pk).first(), str(stated)
