"""Imports of staff: a checked file is held, confirmed, and written as a whole or not.

What each row does is planned above (`resellers.importing`) in terms of the row actions;
here the plan is written in one transaction, so that a row refused takes all others with
it. All entries of the trail carry the upload's id as their batch. Source: 5-resellers,
section 9, "Import".
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from resellers import audit, clock, jobs, pg, rights
from resellers.actions import sales
from resellers.actions.reasons import read_reason
from resellers.contact import read_text
from resellers.errors import DomainError
from resellers.errors.transfers import (
    FileHasErrors,
    ImportChanged,
    ImportRunning,
    RowRefused,
)
from resellers.models import Actor, HeldUpload, TransferKind, UploadState, User
from resellers.models.held_upload import MOVES, packed

KEPT = timedelta(hours=1)
JOB_KIND = "import"
FILE_NAME_LENGTH = 200
NOTE_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class RowWrite:
    """The action of one row that is new or changed; it wants the actor alone."""

    number: int
    action: Callable[..., object]


@dataclass(frozen=True)
class Plan:
    """What a file would do to the rows of this moment.

    `report` tells every row (`importing.report`), `digest` is its hash.
    """

    report: dict[str, Any]
    digest: str
    new: int
    changed: int
    unchanged: int
    errors: int
    writes: Sequence[RowWrite]


def demand_right(kind: str, actor: Actor) -> None:
    """Files are imported by who may import; sales by who may also record them.

    Raises PermissionRefused (403).
    """
    rights.require(actor, rights.IMPORT)
    if kind == TransferKind.SALES:
        rights.require(actor, rights.ADD_SALE)


@transaction.atomic
def hold_upload(
    *,
    kind: str,
    file_name: str,
    content: bytes,
    plan: Plan,
    reason: str,
    sends_invitations: bool = False,
    actor: User,
) -> HeldUpload:
    """Keep a checked file for an hour, for its uploader alone.

    Nothing of the business has changed, so the trail says nothing. Raises
    ReasonRequired (400), PermissionRefused (403).
    """
    demand_right(kind, actor)
    now = clock.now()
    upload = HeldUpload(
        uploader=actor,
        kind=kind,
        file_name=_file_name(file_name),
        content=content,
        reason=read_reason(reason),
        sends_invitations=sends_invitations,
        created_at=now,
        expires_at=now + KEPT,
        **_told(plan),
    )
    upload.full_clean(exclude=["content", "packed_report"])
    upload.save(force_insert=True)
    return upload


@transaction.atomic
def discard_upload(upload: HeldUpload, *, actor: User) -> None:
    """Forget a held file before its hour is over. Raises ImportRunning (409)."""
    held = HeldUpload.objects.for_uploader(actor)
    if not held.filter(pk=upload.pk, state=UploadState.HELD).delete()[0]:
        upload.refresh_from_db(fields=["state"])
        raise ImportRunning(state=upload.state)


@transaction.atomic
def confirm_upload(
    upload: HeldUpload, *, digest: str, in_background: bool, actor: User
) -> HeldUpload:
    """Let the file be imported as its dry run showed it, now or by a worker.

    `digest` is that of the report the person saw. Raises FileHasErrors (400),
    ImportChanged, ImportRunning (409), PermissionRefused (403).
    """
    demand_right(upload.kind, actor)
    held = HeldUpload.objects.for_uploader(actor).unexpired(clock.now())
    row = held.get(pk=upload.pk)
    if row.error_count:
        raise FileHasErrors
    if row.digest != digest:
        raise ImportChanged
    _move(row, UploadState.QUEUED, note="")
    if in_background:
        key = f"{JOB_KIND}:{row.pk}:{uuid4().hex}"
        jobs.enqueue(JOB_KIND, key, about=row.about, upload=row.pk)
    return row


def run_import(upload: HeldUpload, plan: Plan, *, actor: User) -> HeldUpload:
    """Write a confirmed file: every row or none, one entry for all and one for each.

    `plan` was made just now; it must be what the uploader confirmed, and each row
    must still be as the plan read it. Raises ImportChanged, RowRefused with `row`,
    ImportRunning (409): then nothing was written.
    """
    demand_right(upload.kind, actor)
    _begin(upload)
    if plan.digest != upload.digest or plan.errors:
        raise ImportChanged
    return _write(upload, plan, actor)


@transaction.atomic
def hold_again(upload: HeldUpload, plan: Plan, *, note: str) -> HeldUpload:
    """Show the uploader what the file would do now, and why it was not imported."""
    return _move(upload, UploadState.HELD, note=note[:NOTE_LENGTH], **_told(plan))


def purge_uploads(now: datetime) -> str:
    """Clock task: forget the files whose hour is over."""
    deleted, _ = HeldUpload.objects.expired(now).delete()
    return f"{deleted} files"


@transaction.atomic
def _begin(upload: HeldUpload) -> None:
    _move(upload, UploadState.RUNNING)


@transaction.atomic
def _write(upload: HeldUpload, plan: Plan, actor: User) -> HeldUpload:
    # First of all, so that of two workers the second waits here and then stops.
    sha256 = hashlib.sha256(upload.content).hexdigest()
    now = clock.now()
    _move(
        upload,
        UploadState.IMPORTED,
        content=b"",
        finished_at=now,
        expires_at=now + KEPT,
    )
    with audit.in_batch(upload.pk), _sparing_locks(upload.kind):
        for row in plan.writes:
            _write_row(row, actor)
        audit.record(
            actor,
            "import.confirmed",
            upload,
            after={
                "kind": upload.kind,
                "sha256": sha256,
                "new": plan.new,
                "changed": plan.changed,
                "unchanged": plan.unchanged,
                "sends_invitations": upload.sends_invitations,
            },
            reason=upload.reason,
        )
    return upload


def _write_row(row: RowWrite, actor: User) -> None:
    try:
        row.action(actor=actor)
    except (DomainError, ValidationError) as refusal:
        why = (
            refusal.detail if isinstance(refusal, DomainError) else refusal.messages[0]
        )
        raise RowRefused(
            f"Row {row.number:,} was refused, so nothing was imported: {why}",
            row=row.number,
        ) from refusal


def _sparing_locks(kind: str) -> AbstractContextManager[None]:
    """PostgreSQL has no room for a lock by name for each of 10,000 rows."""
    return sales.in_bulk() if kind == TransferKind.SALES else pg.names_unlocked()


def _move(upload: HeldUpload, to: UploadState, **facts: Any) -> HeldUpload:
    """Raises ImportRunning when the state does not allow it."""
    from_states = sorted(MOVES[to])
    moved = HeldUpload.objects.filter(pk=upload.pk, state__in=from_states).update(
        state=to, **facts
    )
    if not moved:
        raise ImportRunning(
            state=HeldUpload.objects.values_list("state", flat=True).get(pk=upload.pk)
        )
    for name, value in {"state": to, **facts}.items():
        setattr(upload, name, value)
    return upload


def _told(plan: Plan) -> dict[str, Any]:
    return {
        "digest": plan.digest,
        "packed_report": packed(plan.report),
        "new_count": plan.new,
        "changed_count": plan.changed,
        "unchanged_count": plan.unchanged,
        "error_count": plan.errors,
    }


def _file_name(name: str) -> str:
    shown = "".join(sign for sign in name if sign.isprintable())
    return read_text(shown[:FILE_NAME_LENGTH], "file_name", FILE_NAME_LENGTH) or "file"
