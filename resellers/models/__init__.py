"""The trunk's models. `Actor` is who does something: a person, a key or the system."""

from typing import TypeAlias

from resellers.models.access_key import AccessKey, PrincipalKind
from resellers.models.account import (
    Account,
    AccountKind,
    AccountState,
    PayoutMethod,
    SettlementCycle,
)
from resellers.models.audit_entry import AuditEntry
from resellers.models.job import Job, JobState
from resellers.models.ledger_entry import (
    Basis,
    EntryComponent,
    EntryKind,
    EntryStatus,
    HoldFor,
    LedgerEntry,
    Reason,
)
from resellers.models.user import User

Actor: TypeAlias = User | AccessKey | None

__all__ = [
    "AccessKey",
    "Account",
    "AccountKind",
    "AccountState",
    "Actor",
    "AuditEntry",
    "Basis",
    "EntryComponent",
    "EntryKind",
    "EntryStatus",
    "HoldFor",
    "Job",
    "JobState",
    "LedgerEntry",
    "PayoutMethod",
    "PrincipalKind",
    "Reason",
    "SettlementCycle",
    "User",
]
