"""What a row of a file would do: new, changed, unchanged, or an error and where.

A checked file is a `Plan`: a report for people, its hash, and the action of each row
that would write. Source: 5-resellers, section 9, "Import".
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypedDict

from resellers.actions.imports import Plan, RowWrite
from resellers.errors import DomainError
from resellers.models import User

SHOWN_CHARACTERS = 120


class RowState(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"


class RowReport(TypedDict):
    """One row as pages tell it; `changes` and `errors` begin with the column's name.

    `changes` are column, before, after; `errors` column and sentence.
    """

    number: int
    state: str
    label: str
    changes: list[list[str]]
    errors: list[list[str]]


class Report(TypedDict):
    warnings: list[str]
    rows: list[RowReport]


@dataclass(frozen=True)
class Options:
    """Who imports, why, when, and whether new people are invited by mail."""

    actor: User
    reason: str
    at: datetime
    sends_invitations: bool = False


@dataclass
class Outcome:
    """What became of one row while it is checked."""

    number: int
    label: str = ""
    is_new: bool = False
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    action: Callable[..., object] | None = None

    def change(self, column: str, before: str, after: str) -> None:
        self.changes.append((column, before, after))

    def refuse(self, column: str, refusal: DomainError | str) -> None:
        said = refusal if isinstance(refusal, str) else refusal.detail
        self.errors.append((column, said))

    def sort(self, places: Mapping[str, int]) -> None:
        """In the order of the file's columns; what has no column comes first."""
        self.changes.sort(key=lambda change: places.get(change[0], -1))
        self.errors.sort(key=lambda error: places.get(error[0], -1))

    @property
    def state(self) -> RowState:
        if self.errors:
            return RowState.ERROR
        if self.is_new:
            return RowState.NEW
        return RowState.CHANGED if self.changes else RowState.UNCHANGED


def plan_of(
    outcomes: list[Outcome], warnings: Iterable[str], *, options: Options
) -> Plan:
    """The plan of a checked file; with an error in it nothing can be written."""
    counts = Counter(each.state for each in outcomes)
    writes = [
        RowWrite(each.number, each.action)
        for each in outcomes
        if each.action is not None and each.state in {RowState.NEW, RowState.CHANGED}
    ]
    report: Report = {"warnings": [*warnings], "rows": [_told(row) for row in outcomes]}
    return Plan(
        report=dict(report),
        digest=_digest(outcomes, options),
        new=counts[RowState.NEW],
        changed=counts[RowState.CHANGED],
        unchanged=counts[RowState.UNCHANGED],
        errors=counts[RowState.ERROR],
        writes=writes,
    )


def _told(row: Outcome) -> RowReport:
    return {
        "number": row.number,
        "state": row.state.value,
        "label": _short(row.label),
        "changes": [[_short(text) for text in change] for change in row.changes],
        "errors": [[*error] for error in row.errors],
    }


def _digest(outcomes: list[Outcome], options: Options) -> str:
    """The hash of everything a row would do, long texts in full."""
    told: list[Any] = [options.reason, options.sends_invitations]
    told += [
        (row.number, row.state.value, row.label, row.changes, row.errors)
        for row in outcomes
    ]
    written = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def _short(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
