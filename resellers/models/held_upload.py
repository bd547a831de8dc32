"""A file between its dry run and its import."""

import json
import uuid
import zlib
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q

from resellers import clock
from resellers.models import checks
from resellers.models.user import User

LEFT_LYING = timedelta(days=1)


class TransferKind(models.TextChoices):
    """What the rows of a file are."""

    RESELLERS = "resellers", "resellers"
    REFERRALS = "referrals", "referrals"
    SALES = "sales", "sales"


class UploadState(models.TextChoices):
    HELD = "held", "checked, not imported"
    QUEUED = "queued", "waits for a worker"
    RUNNING = "running", "being imported"
    IMPORTED = "imported", "imported"


MOVES: dict[UploadState, frozenset[UploadState]] = {
    UploadState.HELD: frozenset({UploadState.QUEUED, UploadState.RUNNING}),
    UploadState.QUEUED: frozenset({UploadState.HELD}),
    UploadState.RUNNING: frozenset({UploadState.QUEUED, UploadState.RUNNING}),
    UploadState.IMPORTED: frozenset({UploadState.RUNNING}),
}
"""Each state and those it may be reached from; a job whose process died runs again."""

UNDECIDED = [UploadState.HELD, UploadState.IMPORTED]
"""States in which nobody works on the file: it may go when its time is over."""


class HeldUploadQuerySet(models.QuerySet["HeldUpload"]):
    def for_uploader(self, user: User) -> Self:
        """The tenancy: a held file exists for nobody else."""
        return self.filter(uploader=user)

    def unexpired(self, now: datetime) -> Self:
        return self.filter(Q(expires_at__gt=now) | ~Q(state__in=UNDECIDED))

    def expired(self, now: datetime) -> Self:
        """Those whose time is over; what a worker left lying a day later."""
        return self.filter(
            Q(expires_at__lte=now, state__in=UNDECIDED)
            | Q(expires_at__lte=now - LEFT_LYING)
        )


class HeldUpload(models.Model):
    """Written by `actions.imports`; kept an hour, for its uploader alone, and never
    served. The content goes when the file is imported, the report stays to be read.

    `digest` is the hash of what the dry run showed: only that is imported.
    Source: 5-resellers, section 9, "Import"; 9-quality, section 6, "Uploads".
    """

    audit_label = "resellers.import"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    uploader = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=TransferKind)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    reason = models.CharField(max_length=500)
    sends_invitations = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=UploadState, default=UploadState.HELD
    )
    note = models.CharField(max_length=1000, blank=True, default="")
    digest = models.CharField(max_length=64)
    packed_report = models.BinaryField()
    new_count = models.PositiveIntegerField()
    changed_count = models.PositiveIntegerField()
    unchanged_count = models.PositiveIntegerField()
    error_count = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = HeldUploadQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-created_at", "-id"]
        constraints = [
            checks.one_of("held_upload_kind_known", "kind", TransferKind.values),
            checks.one_of("held_upload_state_known", "state", UploadState.values),
            checks.length("held_upload_file_name_length", "file_name", 1, 200),
            checks.length("held_upload_reason_length", "reason", 5, 500),
            checks.length("held_upload_note_length", "note", 0, 1000),
            checks.length("held_upload_digest_length", "digest", 64, 64),
            models.CheckConstraint(
                name="held_upload_expires_later",
                condition=Q(expires_at__gt=models.F("created_at")),
            ),
            models.CheckConstraint(
                name="held_upload_imported_has_time",
                condition=Q(state="imported", finished_at__isnull=False)
                | Q(finished_at__isnull=True) & ~Q(state="imported"),
            ),
        ]
        indexes = [
            # the hourly purge
            models.Index(fields=["expires_at"], name="held_upload_expires"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def audit_ref(self) -> str:
        return str(self.pk)

    @property
    def about(self) -> str:
        """How the job of a long import names its object."""
        return f"{self.audit_label}:{self.pk}"

    @property
    def write_count(self) -> int:
        return self.new_count + self.changed_count

    @property
    def report(self) -> dict[str, Any]:
        """What the dry run said of every row, as `importing.report` wrote it."""
        return unpacked(bytes(self.packed_report))


def packed(report: dict[str, Any]) -> bytes:
    written = json.dumps(report, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(written.encode())


def unpacked(packed_report: bytes) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(zlib.decompress(packed_report))
    return report
