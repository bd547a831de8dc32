"""A held file as its page shows it: how many rows of each state, and the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from resellers import jobs
from resellers.importing.outcomes import RowReport, RowState
from resellers.models import HeldUpload, JobState, UploadState
from resellers.templatetags.signs import status_html

ROWS_PER_PAGE = 100
CHANGES_SHOWN = 6
ROWS_A_MINUTE = 1_200
"""What a worker writes of new profiles on a busy machine; of others it is more."""

SIGNS: dict[str, tuple[str, str]] = {
    RowState.ERROR: ("refused", "Error"),
    RowState.NEW: ("info", "New"),
    RowState.CHANGED: ("soon", "Changed"),
    RowState.UNCHANGED: ("neutral", "Unchanged"),
}
NOTHING = "–"


class Change(NamedTuple):
    column: str
    before: str
    after: str


class Fault(NamedTuple):
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row; of many changes the first stand outside the fold."""

    number: int
    label: str
    sign: SafeString
    errors: Sequence[Fault]
    changes: Sequence[Change]
    folded: Sequence[Change]


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    count: int
    url: str
    is_here: bool


@dataclass(frozen=True)
class Preview:
    """The rows of one state, a page of them, beside the counts of all."""

    tabs: Sequence[Tab]
    page: Page[Any]
    rows: Sequence[ShownRow]
    query: str
    warnings: Sequence[str]


def preview_of(upload: HeldUpload, *, show: str, page: str) -> Preview:
    """The rows that were asked for, else the errors, else what would change."""
    report = upload.report
    rows: list[RowReport] = report["rows"]
    counts = {
        RowState.ERROR: upload.error_count,
        RowState.NEW: upload.new_count,
        RowState.CHANGED: upload.changed_count,
        RowState.UNCHANGED: upload.unchanged_count,
    }
    filled = [state for state, count in counts.items() if count]
    here = next((state for state in filled if state == show), filled[0])
    chosen = [row for row in rows if row["state"] == here]
    found = Paginator(chosen, ROWS_PER_PAGE).get_page(page)
    return Preview(
        tabs=[
            Tab(SIGNS[state][1], counts[state], _query(state), state == here)
            for state in filled
        ],
        page=found,
        rows=[_shown(row) for row in found.object_list],
        query=_query(here),
        warnings=report["warnings"],
    )


def progress_of(upload: HeldUpload) -> str:
    """A sentence on a file that a worker has, or was given."""
    if any(job.state == JobState.DEAD for job in jobs.for_object(upload.about)):
        return "The import failed and nothing was written. Ask who runs this system."
    if upload.state == UploadState.QUEUED:
        return "Waiting for a worker."
    minutes = upload.write_count // ROWS_A_MINUTE + 1
    often = "a minute" if minutes == 1 else f"{minutes} minutes"
    return (
        f"Writing {upload.write_count:,} rows; this may take up to {often}."
        " All of them appear at once."
    )


def _query(state: str) -> str:
    return f"?{urlencode({'show': state})}"


def _shown(row: RowReport) -> ShownRow:
    changes = [
        Change(column, before or NOTHING, after or NOTHING)
        for column, before, after in row["changes"]
    ]
    return ShownRow(
        number=row["number"],
        label=row["label"],
        sign=status_html(*SIGNS[row["state"]]),
        errors=[Fault(*error) for error in row["errors"]],
        changes=[] if row["errors"] else changes[:CHANGES_SHOWN],
        folded=[] if row["errors"] else changes[CHANGES_SHOWN:],
    )
