"""The staff's door to the trunk: every row can be read, every change is an action."""

from resellers.admin import (
    access_key,
    account,
    audit_entry,
    group,
    job,
    ledger_entry,
    user,
)

__all__ = [
    "access_key",
    "account",
    "audit_entry",
    "group",
    "job",
    "ledger_entry",
    "user",
]
