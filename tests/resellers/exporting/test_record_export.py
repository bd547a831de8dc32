"""What leaves the house is written down before it does."""

from typing import Any

import pytest

from resellers.actions.exports import LIMIT, TooLong, record_export
from resellers.errors import PermissionRefused
from resellers.models import AuditEntry
from tests.resellers import people

pytestmark = pytest.mark.django_db
FACTS: dict[str, Any] = {"kind": "resellers", "file_format": "csv", "rows": 12}


def test_export_tells_who_what_and_how_much(editor):
    filters = {
        "q": "quill avery@example.com",
        "phone": "+1 (727) 555-0142",
        "occurred_from": "2026-05-31",
        "ext.membership_level": "Gold",
    }
    record_export(**FACTS, filters=filters, actor=editor)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action) == (editor, "export.made")
    assert (entry.object_type, entry.object_ref) == ("resellers.export", "resellers")
    assert entry.after == {
        "format": "csv",
        "rows": 12,
        "filters": {
            "q": "quill a…@example.com",
            "phone": "••••42",
            "occurred_from": "2026-05-31",
            "ext.membership_level": "Gold",
        },
    }


@pytest.mark.parametrize("digits", ["7275550142", "12-3456789", "727 555", "5550"])
def test_numbers_are_masked(editor, digits):
    record_export(**FACTS, filters={"q": digits}, actor=editor)
    after = AuditEntry.objects.get().after
    assert after is not None
    assert after["filters"]["q"] == f"••••{digits[-2:]}"


def test_right_and_length_are_asked_first(editor):
    with pytest.raises(PermissionRefused):
        record_export(**FACTS, filters={}, actor=people.viewer())
    with pytest.raises(TooLong):
        record_export(**{**FACTS, "rows": LIMIT + 1}, filters={}, actor=editor)
    assert not AuditEntry.objects.exists()
    record_export(**{**FACTS, "rows": LIMIT}, filters={}, actor=editor)
