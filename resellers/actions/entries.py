"""What the clock does to entries."""

from datetime import datetime
from types import SimpleNamespace

from django.db import transaction

from resellers import ledger
from resellers.audit import record


@transaction.atomic
def settle_due(now: datetime) -> int:
    """Make available what has waited its days. Twice, late or in parallel is once."""
    moved = ledger.settle_due(now)
    if moved:
        run = SimpleNamespace(
            audit_label="resellers.ledger", audit_ref=now.isoformat()[:19]
        )
        record(None, "ledger.settled", run, after={"entries": moved})
    return moved
