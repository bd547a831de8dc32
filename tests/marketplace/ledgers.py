"""What a test reads of one order's books, trail and mail."""

from datetime import datetime

from marketplace.models import ResellerOrder
from resellers import audit
from resellers.models import Job, LedgerEntry


def trail(order: ResellerOrder) -> list[str]:
    """The actions of the order's audit entries, oldest first."""
    entries = audit.entries("marketplace.order", order.contract_id)
    return [entry.action for entry in entries]


def last_entry(order: ResellerOrder):
    return audit.entries("marketplace.order", order.contract_id).last()


def posted(order: ResellerOrder) -> list[tuple[str, str, int, str, str]]:
    """key after the contract id, kind, minor units, status, hold reason; by id."""
    rows = LedgerEntry.objects.from_source("marketplace.order", order.contract_id)
    return [
        (
            row.key.removeprefix(f"mkt:{order.contract_id}:"),
            row.kind,
            row.amount_minor,
            row.status,
            row.hold_for,
        )
        for row in rows.order_by("pk")
    ]


def mails(order: ResellerOrder) -> list[str]:
    """Kinds of the order's mail jobs with their number, oldest first."""
    jobs = Job.objects.of(f"marketplace.order:{order.contract_id}").order_by("pk")
    return [
        key.removeprefix("mail:").replace(f":{order.contract_id}", "")
        for key in jobs.values_list("key", flat=True)
    ]


def books(order: ResellerOrder) -> tuple[int, int, int, int]:
    """How much was written: audit entries, ledger entries, mails, attempts."""
    return (
        len(trail(order)),
        len(posted(order)),
        len(mails(order)),
        order.attempts.count(),
    )


def due(deadline: datetime | None) -> datetime:
    """A deadline that must stand by now."""
    assert deadline is not None
    return deadline
