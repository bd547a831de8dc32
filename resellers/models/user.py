"""The project's user: a person who signs in by e-mail."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from resellers import clock
from resellers.models.conditions import length


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str, password: str | None = None, **facts: Any
    ) -> "User":
        user = self.model(email=email.strip().lower(), **facts)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db, force_insert=True)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **facts: Any
    ) -> "User":
        return self.create_user(
            email, password, **{"is_staff": True, "is_superuser": True, **facts}
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Rights of providers and partners come from memberships, never from a column.

    Written by `actions.users`; nobody is deleted, people are deactivated.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(
        "e-mail address", max_length=255, help_text="Signs in with it; in small letters"
    )
    pending_email = models.EmailField(
        "new e-mail address",
        max_length=255,
        blank=True,
        default="",
        editable=False,
        help_text="Waits until the link mailed to it is opened",
    )
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(
        "active", default=True, help_text="Without it nobody can sign in"
    )
    is_staff = models.BooleanField(
        "staff", default=False, help_text="May enter the administration"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["email", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                name="user_email",
                violation_error_code="email_taken",
                violation_error_message="Somebody uses this e-mail address already.",
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")) & length("email", 5, 255),
                name="user_email_folded",
                violation_error_code="invalid_email",
            ),
            models.CheckConstraint(
                condition=models.Q(pending_email="")
                | models.Q(pending_email=Lower("pending_email"))
                & length("pending_email", 5, 255),
                name="user_pending_email_folded",
                violation_error_code="invalid_email",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.get_full_name()
