"""What happened to a profile, as history page and API tell it.

Referrals and rates are filed at their reseller, so that one trail tells all. Values
were masked when they were written. Source: 5-resellers, section 11.
"""

from typing import Any

from resellers import audit
from resellers.models import AuditEntry, Reseller
from resellers.models.audit_entry import AuditEntryQuerySet
from resellers.models.keyset import Keyset

NEWEST_FIRST = Keyset("-id")
"""The order in which the trail is read page by page."""

OWN_WORD = "reseller"


def trail(reseller: Reseller) -> list[dict[str, Any]]:
    """All of it, newest first."""
    return [told(entry, reseller) for entry in entries_of(reseller)]


def entries_of(reseller: Reseller) -> AuditEntryQuerySet:
    """The profile's entries, newest first, with what `told` reads of them."""
    found = audit.entries(*audit.identity(reseller))
    return found.select_related("actor", "actor_key").order_by("-id")


def told(entry: AuditEntry, reseller: Reseller) -> dict[str, Any]:
    """One entry in the shape of section 11; texts that are empty are None."""
    return {
        "at": entry.at,
        "actor": actor_word(entry, reseller),
        "action": entry.action,
        "reason": entry.reason or None,
        "requestId": entry.request_id or None,
        "batchId": None if entry.batch_id is None else str(entry.batch_id),
        "changes": changes(entry),
    }


def actor_word(entry: AuditEntry, reseller: Reseller) -> str:
    """A staff e-mail, `reseller`, `key:<prefix>`, or the machine's word."""
    if entry.actor_key is not None:
        return f"key:{entry.actor_key.prefix}"
    if entry.actor is None:
        return entry.actor_label
    own = entry.actor.pk == reseller.user_id
    return OWN_WORD if own else entry.actor.email


def changes(entry: AuditEntry) -> dict[str, dict[str, Any]]:
    """Every field that either side names, by its name in the API."""
    before, after = entry.before or {}, entry.after or {}
    return {
        api_name(name): {
            "before": _value(before.get(name)),
            "after": _value(after.get(name)),
        }
        for name in dict.fromkeys([*before, *after])
    }


def api_name(column: str) -> str:
    """`address_1` is `address1`; of an extended value the key stays as it is.

    >>> api_name("extended_values.vip_status"), api_name("web_site_url")
    ('extendedValues.vip_status', 'webSiteUrl')
    """
    name, dot, key = column.partition(".")
    first, *others = name.split("_")
    return "".join([first, *(word.capitalize() for word in others)]) + dot + key


def _value(value: Any) -> Any:
    return None if value == "" else value
