"""From a file to its dry run, and from its confirmation to the import.

The dry run reads and compares; it opens no transaction, so that a long file keeps
nobody waiting. A confirmed file is checked once more and written only as its uploader
saw it; a long one by a worker. Source: 5-resellers, section 9, "Import".
"""

from collections.abc import Callable
from datetime import timedelta

from resellers import clock
from resellers.actions import imports
from resellers.actions.imports import Plan
from resellers.errors import DomainError
from resellers.errors.transfers import ImportRunning
from resellers.importing import referrals, reseller_columns, resellers, sales
from resellers.importing.files import read_table
from resellers.importing.headers import Columns, Row, read_sheet
from resellers.importing.outcomes import Options, Outcome, plan_of
from resellers.jobs import PermanentFailure, renew
from resellers.models import HeldUpload, Job, TransferKind, UploadState, User

AT_ONCE = 100
"""Rows that are written while the browser waits; more are a worker's."""

LEASE = timedelta(minutes=30)
"""An import is one transaction: ten minutes for 10,000 new profiles on a busy machine."""

Check = Callable[[list[Row], Options], list[Outcome]]

KINDS: dict[str, tuple[Columns, Check]] = {
    TransferKind.RESELLERS: (reseller_columns.COLUMNS, resellers.check),
    TransferKind.REFERRALS: (referrals.COLUMNS, referrals.check),
    TransferKind.SALES: (sales.COLUMNS, sales.check),
}


def check_file(kind: str, content: bytes, options: Options) -> Plan:
    """What the file would do now. Raises the refusals of `errors.transfers`."""
    columns, check = KINDS[kind]
    sheet = read_sheet(read_table(content), columns)
    outcomes = check(sheet.rows, options)
    for outcome in outcomes:
        outcome.sort(sheet.places)
    return plan_of(outcomes, sheet.warnings, options=options)


def upload(
    *,
    kind: str,
    file_name: str,
    content: bytes,
    reason: str,
    sends_invitations: bool = False,
    actor: User,
) -> HeldUpload:
    """Check a file and hold it for its uploader. Raises the refusals of both."""
    imports.demand_right(kind, actor)
    options = Options(actor, reason.strip(), clock.now(), sends_invitations)
    return imports.hold_upload(
        kind=kind,
        file_name=file_name,
        content=content,
        plan=check_file(kind, content, options),
        reason=reason,
        sends_invitations=sends_invitations,
        actor=actor,
    )


def confirm(held: HeldUpload, *, digest: str, actor: User) -> HeldUpload:
    """Import a held file as the person saw it: a short one now, a long one soon.

    Raises FileHasErrors (400), ImportChanged, ImportRunning, RowRefused (409); the
    file is held then and shows what it would do now.
    """
    in_background = held.write_count > AT_ONCE
    imports.confirm_upload(
        held, digest=digest, in_background=in_background, actor=actor
    )
    held.refresh_from_db()
    return held if in_background else run(held, actor=actor)


def run(held: HeldUpload, *, actor: User) -> HeldUpload:
    """Check a confirmed file again and write it, or hold it again and say why."""
    try:
        return imports.run_import(held, check_again(held), actor=actor)
    except ImportRunning:
        raise
    except DomainError as refusal:
        # What was written of it was rolled back, in the database but not in `held`.
        again = HeldUpload.objects.select_related("uploader").get(pk=held.pk)
        imports.hold_again(again, check_again(again), note=refusal.detail)
        raise


def check_again(held: HeldUpload) -> Plan:
    """What a held file would do now."""
    options = Options(held.uploader, held.reason, clock.now(), held.sends_invitations)
    return check_file(held.kind, bytes(held.content), options)


def run_job(job: Job) -> str:
    """Handler of the kind `import`: its refusals are the uploader's to read."""
    held = HeldUpload.objects.select_related("uploader").get(pk=job.payload["upload"])
    if held.state not in {UploadState.QUEUED, UploadState.RUNNING}:
        return f"it is {held.get_state_display()}"
    if not held.uploader.is_active:
        raise PermanentFailure("the uploader may not sign in any more")
    renew(job, LEASE)
    try:
        run(held, actor=held.uploader)
    except ImportRunning as refusal:
        return refusal.detail
    except DomainError as refusal:
        return f"not imported: {refusal.code}"
    return f"{held.write_count:,} rows"
