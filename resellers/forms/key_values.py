"""Rows of keys and values, edited as rows.

A script adds, removes and moves them; without it there are blank rows to fill in, a box
to tick and a number to put a row elsewhere. What a key may be is the action's to say.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

BLANK_ROWS = 3
MOST_ROWS = 220
"""Rows that are read: more than any profile may have, and fewer fields than a form."""

_NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)


@dataclass(frozen=True)
class PairRow:
    """One row as it stands in the form; `order` is what was typed."""

    key: str = ""
    value: str = ""
    order: str = ""
    is_removed: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.key and not self.value

    @property
    def place(self) -> int:
        """A number that cannot be read goes last."""
        return int(self.order) if _NUMBER.fullmatch(self.order) else 10_000


@dataclass(frozen=True)
class KeyGroup:
    """Keys that are offered while this choice is made elsewhere in the form."""

    choice: str
    name: str
    keys: Sequence[str]


class KeyValuesWidget(forms.Widget):
    """`refused` is the number of the row that the action would not have, from 0."""

    template_name = "admin/desk/key_values.html"
    use_fieldset = True

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(dict(attrs or {}))
        self.offered: Sequence[KeyGroup] = ()
        self.offered_by = ""
        self.keys_url = ""
        self.refused: int | None = None

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> list[PairRow]:
        """The rows that say something, in the order they will have; removed ones last."""
        counted = str(data.get(f"{name}-rows", ""))
        count = int(counted) if _NUMBER.fullmatch(counted) else 0
        rows = [_row(data, f"{name}-{n}") for n in range(min(count, MOST_ROWS))]
        told = [row for row in rows if not row.is_blank]
        return sorted(told, key=lambda row: (row.is_removed, row.place))

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> bool:
        return f"{name}-rows" not in data

    def data_of(self, name: str, pairs: Any) -> dict[str, str]:
        """What a browser would send of these pairs."""
        data = {}
        rows = list(rows_of(pairs))
        for n, row in enumerate(rows):
            data[f"{name}-{n}-key"] = row.key
            data[f"{name}-{n}-value"] = row.value
            data[f"{name}-{n}-order"] = str(n + 1)
        return {f"{name}-rows": str(len(rows)), **data}

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, None, attrs)
        rows = list(rows_of(value))
        context["widget"] |= {
            "rows": [
                {"n": n, "row": row, "order": n + 1, "is_refused": n == self.refused}
                for n, row in enumerate([*rows, *[PairRow()] * BLANK_ROWS])
            ],
            "count": len(rows) + BLANK_ROWS,
            "filled": len(rows),
            "offered": self.offered,
            "offered_by": self.offered_by,
            "keys_url": self.keys_url,
            "keys": list(
                dict.fromkeys(key for each in self.offered for key in each.keys)
            ),
        }
        return context


class KeyValuesField(forms.Field):
    """Cleans to `[{"key": …, "value": …}]`, in the order the rows will have."""

    widget = KeyValuesWidget

    def clean(self, value: Any) -> list[dict[str, str]]:
        return [
            {"key": row.key, "value": row.value}
            for row in rows_of(value)
            if not row.is_removed
        ]


def rows_of(value: Any) -> Iterable[PairRow]:
    """Rows from what was sent, or from a stored list of pairs."""
    for each in value or ():
        yield each if isinstance(each, PairRow) else PairRow(each["key"], each["value"])


def _row(data: Mapping[str, Any], name: str) -> PairRow:
    text = str(data.get(f"{name}-value", "")).replace("\r\n", "\n")
    return PairRow(
        key=str(data.get(f"{name}-key", "")).strip(),
        value=text.replace("\r", "\n"),
        order=str(data.get(f"{name}-order", "")).strip(),
        is_removed=bool(data.get(f"{name}-remove")),
    )
