"""What staff take away is written down: who, which rows, how many.

Source: 5-resellers, sections 9 and 11.
"""

import re
from collections.abc import Mapping
from types import SimpleNamespace

from django.db import transaction

from resellers import audit, masks, rights
from resellers.errors import Invalid
from resellers.models import Actor, AuditEntry

LIMIT = 100_000
NUMBER = re.compile(r"(?=(.*[0-9]){4})[0-9 +().\-/]+", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class TooLong(Invalid):
    code = "export_too_long"
    title = "This is too much for one file"
    sentence = f"Narrow the selection to at most {LIMIT:,} rows."


@transaction.atomic
def record_export(
    *,
    kind: str,
    file_format: str,
    rows: int,
    filters: Mapping[str, str],
    actor: Actor,
) -> AuditEntry:
    """Keep that these rows leave the house, before the first of them does.

    `kind` is resellers, referrals or sales; `filters` are the list's, and lose what
    looks like an address or a phone number. Raises PermissionRefused (403), TooLong.
    """
    rights.require(actor, rights.EXPORT)
    if rows > LIMIT:
        raise TooLong
    return audit.record(
        actor,
        "export.made",
        SimpleNamespace(audit_label="resellers.export", audit_ref=kind),
        after={
            "format": file_format,
            "rows": rows,
            "filters": {name: _masked(text) for name, text in filters.items()},
        },
    )


def _masked(text: str) -> str:
    """A search for a number keeps its last two digits, however short it is."""
    if NUMBER.fullmatch(text) and not DAY.fullmatch(text):
        return audit.mask_phone(text)
    return masks.masked(text)
