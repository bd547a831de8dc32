"""Segments of resellers; no money hangs on them."""

from django.core.validators import RegexValidator
from django.db import models

from resellers import clock
from resellers.models import checks


class ContactGroupQuerySet(models.QuerySet["ContactGroup"]):
    def active(self) -> "ContactGroupQuerySet":
        return self.filter(is_active=True)


class ContactGroup(models.Model):
    """Written by `actions.contact_groups`; an inactive one stays where it is.

    `suggested_keys` are the extended values that the profile's form offers.
    Source: document 2, "Contact groups"; 5-resellers, section 1.
    """

    slug = models.CharField(
        max_length=40,
        validators=[RegexValidator(r"\A[a-z0-9_]{2,40}\Z", code="invalid_slug")],
        help_text="Small letters, digits and _; it never changes",
    )
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=500, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(
        "active", default=True, help_text="Without it nobody is put into it any more"
    )
    suggested_keys = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ContactGroupQuerySet.as_manager()

    class Meta:
        ordering = ["position", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["slug"], name="contact_group_slug"),
            checks.length("contact_group_slug_length", "slug", 2, 40),
            checks.length("contact_group_name_length", "name", 1, 100),
            checks.length("contact_group_description_length", "description", 0, 500),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_ref(self) -> str:
        return self.slug
