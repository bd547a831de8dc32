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
from resellers.models.contact_group import ContactGroup
from resellers.models.held_upload import HeldUpload, TransferKind, UploadState
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
from resellers.models.rate import BEGINNING, Rate, RateScope
from resellers.models.referral import EndReason, Origin, Referral
from resellers.models.reseller import (
    PartnerTier,
    PaymentTerms,
    Reseller,
    ResellerStatus,
)
from resellers.models.sale import Outcome, Sale, SaleKind, SaleSource
from resellers.models.user import User

Actor: TypeAlias = User | AccessKey | None

__all__ = [
    "BEGINNING",
    "AccessKey",
    "Account",
    "AccountKind",
    "AccountState",
    "Actor",
    "AuditEntry",
    "Basis",
    "ContactGroup",
    "EndReason",
    "EntryComponent",
    "EntryKind",
    "EntryStatus",
    "HeldUpload",
    "HoldFor",
    "Job",
    "JobState",
    "LedgerEntry",
    "Origin",
    "Outcome",
    "PartnerTier",
    "PaymentTerms",
    "PayoutMethod",
    "PrincipalKind",
    "Rate",
    "RateScope",
    "Reason",
    "Referral",
    "Reseller",
    "ResellerStatus",
    "Sale",
    "SaleKind",
    "SaleSource",
    "SettlementCycle",
    "TransferKind",
    "UploadState",
    "User",
]
