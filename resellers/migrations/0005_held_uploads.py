"""Files between their dry run and their import."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import resellers.clock


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0004_profile_seeds"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldUpload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("resellers", "resellers"),
                            ("referrals", "referrals"),
                            ("sales", "sales"),
                        ],
                        max_length=10,
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                ("reason", models.CharField(max_length=500)),
                ("sends_invitations", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "checked, not imported"),
                            ("queued", "waits for a worker"),
                            ("running", "being imported"),
                            ("imported", "imported"),
                        ],
                        default="held",
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=1000)),
                ("digest", models.CharField(max_length=64)),
                ("packed_report", models.BinaryField()),
                ("new_count", models.PositiveIntegerField()),
                ("changed_count", models.PositiveIntegerField()),
                ("unchanged_count", models.PositiveIntegerField()),
                ("error_count", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField(default=resellers.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "uploader",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["expires_at"], name="held_upload_expires")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["resellers", "referrals", "sales"])
                        ),
                        name="held_upload_kind_known",
                        violation_error_code="invalid_choice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["held", "queued", "running", "imported"])
                        ),
                        name="held_upload_state_known",
                        violation_error_code="invalid_choice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.GreaterThanOrEqual(
                                django.db.models.functions.text.Length("file_name"), 1
                            ),
                            django.db.models.lookups.LessThanOrEqual(
                                django.db.models.functions.text.Length("file_name"), 200
                            ),
                        ),
                        name="held_upload_file_name_length",
                        violation_error_code="invalid_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.GreaterThanOrEqual(
                                django.db.models.functions.text.Length("reason"), 5
                            ),
                            django.db.models.lookups.LessThanOrEqual(
                                django.db.models.functions.text.Length("reason"), 500
                            ),
                        ),
                        name="held_upload_reason_length",
                        violation_error_code="invalid_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.GreaterThanOrEqual(
                                django.db.models.functions.text.Length("note"), 0
                            ),
                            django.db.models.lookups.LessThanOrEqual(
                                django.db.models.functions.text.Length("note"), 1000
                            ),
                        ),
                        name="held_upload_note_length",
                        violation_error_code="invalid_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            django.db.models.lookups.GreaterThanOrEqual(
                                django.db.models.functions.text.Length("digest"), 64
                            ),
                            django.db.models.lookups.LessThanOrEqual(
                                django.db.models.functions.text.Length("digest"), 64
                            ),
                        ),
                        name="held_upload_digest_length",
                        violation_error_code="invalid_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="held_upload_expires_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished_at__isnull", False), ("state", "imported")
                            ),
                            models.Q(
                                ("finished_at__isnull", True),
                                models.Q(("state", "imported"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="held_upload_imported_has_time",
                    ),
                ],
            },
        ),
    ]
