"""Column types that several marketplace models share."""

import secrets
from typing import Any

from django.core.validators import RegexValidator, URLValidator
from django.db import models

E9S_LIMIT = 10**18
SIGNED_64_LIMIT = 2**63 - 1

hex_key = RegexValidator(
    r"\A[0-9a-f]{64}\Z", "Use 64 hexadecimal characters.", "invalid_pubkey"
)
web_url = URLValidator(schemes=["http", "https"])
visible_ascii = RegexValidator(
    r"\A[!-~]*\Z", "Use visible ASCII characters.", "invalid_characters"
)


def random_key() -> str:
    """Return 32 unguessable bytes in hex."""
    return secrets.token_hex(32)


def web_url_field(**options: Any) -> "models.CharField[str, str]":
    """An http(s) address of at most 500 characters; it is linked, never fetched."""
    return models.CharField(
        max_length=500,
        blank=True,
        default="",
        validators=[web_url],
        **options,
    )
