"""Sales in short: `record("inv-1", 6500)`, `follow("r-1", "refunded", "inv-1", 1300)`."""

import datetime
from typing import Any

from resellers.actions.sales import Recorded, record_sale
from resellers.models import LedgerEntry, Sale
from resellers.models.sale import SOURCE
from resellers.money import Money
from resellers.sales import SaleFact
from tests.factories.profiles import RateFactory, ReferralFactory
from tests.factories.resellers import AT

DAY = datetime.timedelta(days=1)
CUSTOMER = "C-1001"


def customer(rate_bp: int | None = 1550, ref: str = CUSTOMER, **facts: Any) -> Any:
    """A customer's referral, whose reseller has this rate from the beginning."""
    referral = ReferralFactory.create(customer_ref=ref, **facts)
    if rate_bp is not None:
        RateFactory.create(
            scope="reseller", reseller=referral.reseller, rate_bp=rate_bp
        )
    return referral


def paid(key: str, amount: int = 6500, currency: str = "USD", **facts: Any) -> SaleFact:
    stated: dict[str, Any] = {
        "source": "api",
        "customer_ref": CUSTOMER,
        "occurred_at": AT,
        "money": Money(amount, currency),
        **facts,
    }
    return SaleFact("paid", event_key=key, **stated)


def after(
    key: str, kind: str, sale: str, amount: int | None = None, **facts: Any
) -> SaleFact:
    stated: dict[str, Any] = {
        "source": "api",
        "sale_key": sale,
        "occurred_at": AT,
        "money": None if amount is None else Money(amount, "USD"),
        **facts,
    }
    return SaleFact(kind, event_key=key, **stated)


def tell(fact: SaleFact, actor: Any = None) -> Recorded:
    return record_sale(fact, actor=actor)


def record(key: str, amount: int = 6500, currency: str = "USD", **facts: Any) -> Sale:
    return tell(paid(key, amount, currency, **facts)).sale


def follow(
    key: str, kind: str, sale: str, amount: int | None = None, **facts: Any
) -> Sale:
    return tell(after(key, kind, sale, amount, **facts)).sale


def answer(sale: Sale) -> tuple[str, int | None, bool]:
    """Outcome, commission in minor units, and whether that is final."""
    row = Sale.objects.get(pk=sale.pk)
    return str(row.outcome), row.commission_minor, row.is_posted


def entries(sale: Sale) -> list[tuple[str, int, str, str]]:
    """What the ledger holds of a paid sale: kind, amount, status, reason of a hold."""
    rows = LedgerEntry.objects.from_source(SOURCE, str(sale.pk)).order_by("id")
    return list(rows.values_list("kind", "amount_minor", "status", "hold_for"))


def standing(sale: Sale) -> int:
    """The commission that stands, in minor units."""
    return sum(amount for _, amount, _, _ in entries(sale))
