"""The mount's names: camelCase outside, the columns' words inside."""

import re
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from resellers.errors import DomainError

# What actions call otherwise than their columns or the documents.
SPOKEN = {
    "money": "amount",
    "rate": "commission_rate",
    "rate_bp": "commission_rate",
    "reseller": "reseller_id",
    "referral": "referral_id",
    "to": "reseller_id",
    "user": "user_id",
}
KEPT = {"retry_after_seconds"}


def camel(name: str) -> str:
    """A column's name as JSON writes it.

    >>> camel("address_1"), camel("web_site_url"), camel("status")
    ('address1', 'webSiteUrl', 'status')
    """
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def spoken(field: str) -> str:
    """The name of a field in this mount."""
    return camel(SPOKEN.get(field, field))


def respoken(exc: Exception) -> Exception:
    """A refusal whose fields and facts have the mount's names."""
    if isinstance(exc, DomainError):
        exc.extra = {
            name if name in KEPT else camel(name): value
            for name, value in exc.extra.items()
        }
        if exc.field:
            exc.field = _place(exc.field, exc.extra)
    if isinstance(exc, ValidationError) and hasattr(exc, "error_dict"):
        return ValidationError(
            {
                name if name == NON_FIELD_ERRORS else spoken(name): errors
                for name, errors in exc.error_dict.items()
            }
        )
    return exc


def _place(field: str, extra: dict[str, Any]) -> str:
    """A field as a pointer writes it, with the place in its list: `items/3`."""
    index = extra.get("index")
    return spoken(field) if index is None else f"{spoken(field)}/{index}"
