"""The trail of a row in words: who, when, what was and what is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from resellers.models import AuditEntry
from resellers.money import Money
from resellers.templatetags.moments import exact
from resellers.templatetags.moneys import E9S_DIGITS, grouped_digits

NOTHING = "–"
REF_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Change:
    """One field: its name in words, what stands there, what stood there if told."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    title: str
    about: str
    at: datetime
    by: str
    on_behalf: str
    reason: str
    changes: list[Change]


def events(entries: Iterable[AuditEntry]) -> list[Event]:
    return [
        Event(
            title=words(entry.action.replace(".", " ")),
            about=about(entry),
            at=entry.at,
            by=actor_words(entry),
            on_behalf=entry.on_behalf,
            reason=entry.reason,
            changes=changes(entry.before or {}, entry.after or {}),
        )
        for entry in entries
    ]


def actor_words(entry: AuditEntry) -> str:
    """A masked address, `key:<prefix>`, or the system."""
    _, key, prefix = entry.actor_label.rpartition("key:")
    return f"{key}{prefix}" if key else entry.actor_label.removeprefix("user:")


def about(entry: AuditEntry) -> str:
    """'order c6704bc3': what it happened to, with the beginning of its reference."""
    noun = entry.object_type.rpartition(".")[2]
    return f"{noun} {entry.object_ref[:REF_SHOWN]}"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every field that either side names, in their order."""
    names = dict.fromkeys([*before, *after])
    told = []
    for name in names:
        old, new = (
            value_words(name, before.get(name)),
            value_words(name, after.get(name)),
        )
        shown = "" if old == NOTHING != new else old
        told.append(Change(words(name.removesuffix("_e9s")), shown, new))
    return told


def words(name: str) -> str:
    """'price_checked_at' is 'Price checked at'."""
    text = name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def value_words(name: str, value: Any) -> str:
    """A stored value as people read it; amounts of 10⁻⁹ units as decimals."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_e9s") and isinstance(value, int):
        whole, part = divmod(abs(value), 10**E9S_DIGITS)
        digits = f"{part:0{E9S_DIGITS}d}".rstrip("0").ljust(2, "0")
        return grouped_digits(f"{'-' if value < 0 else ''}{whole}.{digits}")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if isinstance(value, Mapping):
        return mapping_words(value)
    moment = moment_of(value) if isinstance(value, str) else None
    return exact(moment) if moment else str(value)


def mapping_words(value: Mapping[str, Any]) -> str:
    """An amount as money is written; anything else name by name."""
    if value.keys() == {"amount_minor", "currency"}:
        money = Money.sum_of(value["amount_minor"], value["currency"])
        return f"{grouped_digits(str(money))} {money.currency}"
    return ", ".join(f"{key}: {each}" for key, each in value.items())


def moment_of(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None
