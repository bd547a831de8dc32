"""A key that a program shows instead of a person signing in."""

import uuid
from datetime import datetime

from django.db import models

from resellers import clock
from resellers.models.conditions import between, length, one_of
from resellers.models.user import User


class PrincipalKind(models.TextChoices):
    USER = "user", "user"
    PROVIDER = "provider", "provider"
    PARTNER = "partner", "partner"


class AccessKeyQuerySet(models.QuerySet["AccessKey"]):
    def for_principal(self, kind: str, ref: str) -> "AccessKeyQuerySet":
        return self.filter(principal_kind=kind, principal_ref=ref)

    def live(self, now: datetime) -> "AccessKeyQuerySet":
        return self.filter(revoked_at=None, expires_at__gt=now)


class AccessKey(models.Model):
    """`cs_<environment>_<prefix>_<secret>`: only the secret's SHA-256 is kept.

    A key of a provider or partner is the principal itself (`request.user`); one of a
    user stands for that person. Issued, used and revoked in `keys`. At most two are
    live for a principal, so that one can replace the other: `slot` holds that.
    Source: 8-api, "Keys".
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    principal_kind = models.CharField(max_length=10, choices=PrincipalKind)
    principal_ref = models.CharField(
        max_length=120, help_text="Public id of the principal; a user's own id"
    )
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    slot = models.PositiveSmallIntegerField(editable=False)
    prefix = models.CharField(max_length=8)
    secret_sha256 = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = AccessKeyQuerySet.as_manager()

    is_authenticated = True
    is_anonymous = False
    is_staff = False
    is_superuser = False

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["prefix"], name="access_key_prefix"),
            models.UniqueConstraint(
                fields=["principal_kind", "principal_ref", "slot"],
                condition=models.Q(revoked_at=None),
                name="access_key_slot",
                violation_error_code="too_many_keys",
            ),
            models.CheckConstraint(
                condition=one_of("principal_kind", PrincipalKind),
                name="access_key_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(principal_kind="user", user__isnull=False)
                | (~models.Q(principal_kind="user") & models.Q(user__isnull=True)),
                name="access_key_user_of_kind",
            ),
            models.CheckConstraint(
                condition=between("slot", 1, 2), name="access_key_two_slots"
            ),
            models.CheckConstraint(
                condition=length("prefix", 8, 8)
                & length("secret_sha256", 64, 64)
                & length("principal_ref", 1, 120),
                name="access_key_lengths",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.principal_kind} key {self.prefix}"

    @property
    def audit_ref(self) -> str:
        return self.prefix

    @property
    def is_active(self) -> bool:
        return self.revoked_at is None and self.expires_at > clock.now()

    def has_scope(self, scope: str) -> bool:
        return scope in self.scopes

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """No Django permission: what a key may do is in its scopes."""
        return False
