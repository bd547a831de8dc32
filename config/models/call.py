"""An answer remembered under its idempotency key."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class IdempotentCall(models.Model):
    """One accepted POST and the answer it got, kept for 48 hours.

    The row is inserted before the effect and completed after it, in one
    transaction (`config.api.idempotency`): whoever can see it sees an answer. The body
    is sealed (`config.signin.sealing`).
    """

    principal = models.CharField(max_length=120)
    method = models.CharField(max_length=7)
    path = models.CharField(max_length=1000)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["principal", "method", "path", "key"],
                name="idempotentcall_once",
            ),
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(status__range=(200, 499)),
                name="idempotentcall_status_is_final",
            ),
        ]
        indexes: ClassVar = [
            # the hourly purge
            models.Index(fields=["created_at"], name="idempotentcall_age")
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"
