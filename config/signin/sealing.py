"""Texts the database must hold and its readers must not: secrets, addresses in jobs.

The key derives from `SECRET_KEY`. Source: 9-quality, section 6.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SealBroken(Exception):
    """The text was not sealed here, or with a key that has been retired."""


def _seals() -> Iterator[Fernet]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        key = hmac.new(secret.encode(), b"consign.sealing", hashlib.sha256)
        yield Fernet(base64.urlsafe_b64encode(key.digest()))


def seal(text: str) -> str:
    """Encrypt and authenticate (AES-128-CBC with HMAC-SHA256, the Fernet format)."""
    return MultiFernet(list(_seals())).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text that was sealed, under today's key or one of `SECRET_KEY_OLD`.

    Raises SealBroken.
    """
    try:
        return MultiFernet(list(_seals())).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken from error
