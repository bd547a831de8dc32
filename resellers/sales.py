"""What a door says of a sale, refund, dispute or document before it is recorded."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from resellers.money import Money

_ENTRY = "sale:"
_ENTRY_LENGTH = 8


def entry_key(event_key: str) -> str:
    """The ledger's key of what an event posts: `sale:<event_key>`.

    The ledger wants 8 characters: after an event key of one or two stand `=`, which no
    event key holds.
    """
    return f"{_ENTRY}{event_key}".ljust(_ENTRY_LENGTH, "=")


def event_key_of(entry_key: str) -> str:
    """The event that posted under this key; "" for what no sale posted."""
    name, event_key = entry_key[: len(_ENTRY)], entry_key[len(_ENTRY) :]
    return event_key.rstrip("=") if name == _ENTRY else ""


@dataclass(frozen=True)
class SaleFact:
    """One event as it happened: amounts in minor units, collected, before tax and fees.

    `event_key` names it once and for all; `sale_key` is that of the paid sale a
    refund, restore, dispute or release belongs to. Source: 5-resellers, section 6.
    """

    kind: str
    source: str
    event_key: str
    occurred_at: datetime
    customer_ref: str = ""
    reseller_code: str = ""
    sale_key: str = ""
    description: str = ""
    invoice_ref: str = ""
    payment_ref: str = ""
    money: Money | None = None

    @property
    def fingerprint(self) -> str:
        """Hash of what was stated, by which a replay is known. The door is no part."""
        stated = {
            "kind": str(self.kind),
            "customer_ref": self.customer_ref,
            "reseller_code": self.reseller_code,
            "sale_key": self.sale_key,
            "description": self.description,
            "invoice_ref": self.invoice_ref,
            "payment_ref": self.payment_ref,
            "amount": None if self.money is None else self.money.amount,
            "currency": "" if self.money is None else self.money.currency,
            "occurred_at": self.occurred_at.astimezone(UTC).isoformat(),
        }
        text = json.dumps(stated, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
