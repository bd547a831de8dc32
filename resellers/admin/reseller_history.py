"""The trail of a profile in words: who by name, extended values one by one."""

from collections.abc import Mapping
from typing import Any

from resellers import trails
from resellers.desk import history
from resellers.desk.history import Change, Event
from resellers.models import AuditEntry, Reseller

EXTENDED = "extended_values."
UNTOLD = {"referral_id"}
"""Said by another field in words."""
LABELS = {
    "commission_rate": "Own rate",
    "organization": "Organisation",
    "web_site_url": "Web site",
    "zip_code": "Postal code",
    "customer_ref": "Customer",
    "referred_at": "Since",
}


def event_of(entry: AuditEntry, reseller: Reseller) -> Event:
    return Event(
        title=title(entry.action),
        about=history.about(entry),
        at=entry.at,
        by=trails.actor_word(entry, reseller),
        on_behalf=entry.on_behalf,
        reason=entry.reason,
        changes=changes(entry.before or {}, entry.after or {}),
    )


def title(action: str) -> str:
    """'reseller.status_changed' is 'Status changed' on a reseller's page."""
    noun, _, verb = action.partition(".")
    return history.words(verb if noun == "reseller" else f"{noun} {verb}")


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    told = []
    for name in dict.fromkeys([*before, *after]):
        if name in UNTOLD:
            continue
        old, new = words(name, before.get(name)), words(name, after.get(name))
        shown = "" if old == history.NOTHING != new else old
        told.append(Change(label(name), shown, new))
    return told


def words(name: str, value: Any) -> str:
    if name == "commission_rate" and value is not None:
        return f"{value} %"
    return history.value_words(name, value)


def label(name: str) -> str:
    if name.startswith(EXTENDED):
        return name.removeprefix(EXTENDED)
    return LABELS.get(name) or history.words(name)
