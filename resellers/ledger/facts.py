"""What the caller of a posting states, and the fingerprint by which it is known."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from resellers.models import AccessKey, Actor, EntryKind, LedgerEntry, User
from resellers.money import Money


@dataclass(frozen=True)
class Deed:
    """Who did it, when and why, and the key that names it."""

    key: str
    actor: Actor
    occurred_at: datetime
    reason: str = ""
    memo: str = ""
    correction_group: uuid.UUID | None = None

    def sign(self, entry: LedgerEntry, fingerprint: str) -> None:
        entry.key, entry.fingerprint = self.key, fingerprint
        entry.occurred_at = self.occurred_at
        entry.actor = self.actor if isinstance(self.actor, User) else None
        entry.actor_key = self.actor if isinstance(self.actor, AccessKey) else None
        entry.reason, entry.memo = self.reason, self.memo
        entry.correction_group = self.correction_group


def fingerprint_of(entry: LedgerEntry) -> str:
    """Hash of what the caller of `post` stated; recomputed by `verify_ledger`."""
    return _digest(
        {
            "account": str(entry.account_id),
            "amount": entry.amount_minor,
            "currency": entry.currency,
            "kind": str(entry.kind),
            "component": str(entry.component),
            "basis": str(entry.basis),
            "base": entry.base_minor,
            "rate": entry.rate_bp,
            "source": entry.source,
            "source_ref": entry.source_ref,
        }
    )


def fingerprint_of_follower(
    kind: EntryKind, root: LedgerEntry, refund: Money | None
) -> str:
    """Root and refund, never the computed amount: a late replay is no conflict."""
    stated = "all" if refund is None else f"{refund} {refund.currency}"
    return _digest({"kind": str(kind), "root": root.key, "refund": stated})


def _digest(stated: dict[str, Any]) -> str:
    text = json.dumps(stated, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
