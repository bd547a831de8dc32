"""The plainest file that waits to be confirmed."""

import datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from resellers.models import HeldUpload
from resellers.models.held_upload import packed
from tests.factories.resellers import AT, StaffFactory

NEVER = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)


class HeldUploadFactory(DjangoModelFactory[HeldUpload]):
    """A file of resellers with one row, which would stay as it is."""

    class Meta:
        model = HeldUpload

    uploader: Any = factory.SubFactory(StaffFactory)
    kind = "resellers"
    file_name = "people.csv"
    content = b"email\r\navery@example.com\r\n"
    reason = "from the old system"
    digest = "0" * 64
    packed_report = packed(
        {
            "warnings": [],
            "rows": [
                {
                    "number": 2,
                    "state": "unchanged",
                    "label": "avery@example.com",
                    "changes": [],
                    "errors": [],
                }
            ],
        }
    )
    new_count = 0
    changed_count = 0
    unchanged_count = 1
    error_count = 0
    created_at = AT
    expires_at = NEVER
