"""Who changed what, when and why. Rows are appended and never touched again."""

from typing import Any, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from resellers import clock
from resellers.models.access_key import AccessKey
from resellers.models.conditions import length
from resellers.models.user import User
from resellers.pg import AppendOnly


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def of(self, object_type: str, object_ref: str) -> "AuditEntryQuerySet":
        return self.filter(object_type=object_type, object_ref=object_ref)


class AuditEntry(models.Model):
    """Written by `audit.record` in the transaction of the change it tells of.

    The database refuses update and delete: a trail that can be edited proves
    nothing. Values are masked before they are stored. An actor without user and
    key is the system (clock, worker).
    """

    append_only = AppendOnly()

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=clock.now)
    actor = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    actor_key = models.ForeignKey(
        AccessKey,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    actor_label = models.CharField(max_length=200)
    on_behalf = models.CharField(max_length=200, blank=True, default="")
    action = models.CharField(max_length=100)
    object_type = models.CharField(max_length=100)
    object_ref = models.CharField(max_length=120)
    before = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    reason = models.TextField(blank=True, default="")
    request_id = models.CharField(max_length=64, blank=True, default="")
    batch_id = models.UUIDField(null=True, blank=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(actor=None) | models.Q(actor_key=None),
                name="audit_entry_one_actor",
            ),
            models.CheckConstraint(
                condition=length("action", 3, 100)
                & length("object_type", 1, 100)
                & length("object_ref", 1, 120)
                & length("actor_label", 1, 200)
                & length("reason", 0, 2000),
                name="audit_entry_lengths",
            ),
        ]
        indexes = [
            # the timeline of one object
            models.Index(
                fields=["object_type", "object_ref", "id"], name="audit_entry_object"
            ),
            # what one bulk action or import did
            models.Index(
                fields=["batch_id", "id"],
                name="audit_entry_batch",
                condition=models.Q(batch_id__isnull=False),
            ),
            # what one person did
            models.Index(fields=["actor", "id"], name="audit_entry_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type}:{self.object_ref}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("audit entries are never deleted")
