"""The staff's door to the trunk: every row can be read, every change is an action."""

from resellers.admin import (
    access_key,
    account,
    audit_entry,
    contact_group,
    group,
    job,
    ledger_entry,
    rate,
    referral,
    reseller,
    sale,
    user,
)

__all__ = [
    "access_key",
    "account",
    "audit_entry",
    "contact_group",
    "group",
    "job",
    "ledger_entry",
    "rate",
    "referral",
    "reseller",
    "sale",
    "user",
]
