"""What the database must hold and its readers must not: secrets, addresses, answers.

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


def seal_bytes(content: bytes) -> bytes:
    """Encrypt and authenticate (AES-128-CBC with HMAC-SHA256, the Fernet format)."""
    return MultiFernet(list(_seals())).encrypt(content)


def unseal_bytes(sealed: bytes) -> bytes:
    """What was sealed, under today's key or one of `SECRET_KEY_OLD`.

    Raises SealBroken.
    """
    try:
        return MultiFernet(list(_seals())).decrypt(sealed)
    except InvalidToken as error:
        raise SealBroken from error


def seal(text: str) -> str:
    return seal_bytes(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises SealBroken."""
    return unseal_bytes(sealed.encode()).decode()
