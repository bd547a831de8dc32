"""Two people in one profile: who came second is told, and nothing is overwritten.

The form comes back with the values as they are now, except where this person typed
others; both stand side by side. Sent again it replaces them knowingly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms

from resellers import trails
from resellers.admin.reseller_form import (
    EXTENDED,
    ChangeResellerForm,
    readable,
    values_of,
)
from resellers.admin.reseller_history import event_of
from resellers.desk.history import NOTHING
from resellers.models import Reseller
from resellers.templatetags.moments import exact


@dataclass(frozen=True)
class Clash:
    """A field somebody else changed: what it holds now, and what was typed here."""

    label: str
    now: str
    yours: str


@dataclass(frozen=True)
class Conflict:
    """The last change, and the fields it and others touched since the form was shown."""

    by: str
    at: str
    title: str
    clashes: list[Clash]


def merged(
    form: ChangeResellerForm, row: Reseller
) -> tuple[ChangeResellerForm, Conflict]:
    """A fresh form of the row as it is, with what was typed in the old one."""
    mine, seen, now = form.facts(), form.seen_values(), values_of(row)
    fresh = ChangeResellerForm(_data(form, mine, row), row=row)
    clashes = [
        Clash(
            label=str(fresh.fields[name].label),
            now=_words(fresh, name, value),
            yours=_words(fresh, name, mine[name]) if name in mine else "",
        )
        for name, value in now.items()
        if name in seen and readable(name, seen[name]) != readable(name, value)
    ]
    last = trails.entries_of(row).first()
    if last is None:  # the row was written past the actions: all that is known
        return fresh, Conflict("somebody", exact(row.updated_at), "Updated", clashes)
    told = event_of(last, row)
    return fresh, Conflict(told.by, exact(told.at), told.title, clashes)


def _data(
    form: ChangeResellerForm, mine: Mapping[str, Any], row: Reseller
) -> dict[str, Any]:
    """What a browser would send of the row, with the typed values in their places."""
    values = {**ChangeResellerForm(row=row).initial, **mine}
    pairs = form.pairs.data_of(EXTENDED, values.pop(EXTENDED))
    return {**values, **pairs, "reason": form.cleaned_data.get("reason", "")}


def _words(form: ChangeResellerForm, name: str, value: Any) -> str:
    if isinstance(value, list):
        pairs = [f"{pair['key']}: {pair['value']}" for pair in value]
        return ", ".join(pairs) or NOTHING
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField) and value:
        return str(dict(cast(Any, field.choices)).get(value, value))
    return str(value or NOTHING)
