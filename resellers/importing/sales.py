"""What each row of a file of sales would do: a fact is new, or known already.

A row belongs to the sale with its event key. A fact never changes: the same key with
other facts is an error. Source: 5-resellers, sections 6 and 9.
"""

from dataclasses import dataclass
from functools import partial

from resellers.actions.sales import facts, record_sale
from resellers.errors import CurrencyMismatch, DomainError, Invalid
from resellers.errors.profiles import (
    EventKeyReused,
    RefundExceedsSale,
    RestoreExceedsRefund,
)
from resellers.importing.headers import Columns, Row, plain
from resellers.importing.loading import in_chunks
from resellers.importing.outcomes import Options, Outcome
from resellers.importing.values import moment_of
from resellers.models import Outcome as SaleOutcome
from resellers.models import Sale, SaleKind, SaleSource
from resellers.money import Money
from resellers.sales import SaleFact

TEXTS = (
    "kind",
    "event_key",
    "customer_ref",
    "reseller_code",
    "sale_key",
    "description",
    "invoice_ref",
    "payment_ref",
)
_FIELDS = (*TEXTS, "amount", "currency", "occurred_at")
_READ_ONLY = """
    id source receivedAt postedAt outcome resellerId resellerName referralId
    commissionRate rateScope commission commissionCurrency
"""
COLUMNS = Columns(
    fields={plain(name): name for name in _FIELDS},
    read_only=frozenset(plain(name) for name in _READ_ONLY.split()),
    known_by=("event_key",),
)
MISSING = "Give when it happened."


def check(rows: list[Row], options: Options) -> list[Outcome]:
    """What each row would do, in their order; nothing is written."""
    known = _Known(rows)
    seen: dict[str, int] = {}
    return [_checked(row, known, seen) for row in rows]


@dataclass
class _Standing:
    """What is left of a paid sale while the rows before this one are done."""

    paid: Money
    refunded: int = 0


class _Known:
    """The sales with the file's keys, and those that its refunds are about."""

    def __init__(self, rows: list[Row]) -> None:
        self.by_key: dict[str, Sale] = {}
        self.standing: dict[str, _Standing] = {}
        keys = {
            row.text(name).strip() for row in rows for name in ("event_key", "sale_key")
        }
        for some in in_chunks(keys - {""}):
            found = Sale.objects.filter(event_key__in=some)
            self.by_key |= {each.event_key: each for each in found}
        for sale in self.by_key.values():
            if sale.kind == SaleKind.PAID and sale.money is not None:
                self.standing[sale.event_key] = _Standing(sale.money)
        for some in in_chunks(list(self.standing)):
            counted = Sale.objects.filter(sale_key__in=some).exclude(
                outcome=SaleOutcome.WAITING
            )
            for each in counted:
                self.standing[each.sale_key].refunded += _signed(
                    each.kind, each.amount_minor
                )


def _checked(row: Row, known: _Known, seen: dict[str, int]) -> Outcome:
    outcome = Outcome(row.number, label=row.text("event_key").strip())
    if row.stray:
        outcome.refuse("", "A cell stands beyond the last column.")
    first = seen.setdefault(outcome.label, row.number)
    if outcome.label and first != row.number:
        outcome.refuse(row.head("event_key"), f"Row {first:,} has the same event key.")
    try:
        _compare(_fact(row), known, outcome)
    except DomainError as refusal:
        outcome.refuse(row.head(refusal.field) if refusal.field else "", refusal)
    return outcome


def _compare(fact: SaleFact, known: _Known, outcome: Outcome) -> None:
    there = known.by_key.get(fact.event_key)
    if there is not None:
        if there.fingerprint != fact.fingerprint:
            raise EventKeyReused(field="event_key")
        return
    fact = facts.read_fact(fact)
    facts.refuse_ahead(fact)
    _follow(fact, known)
    outcome.is_new = True
    outcome.action = partial(record_sale, fact)
    told = {
        "kind": fact.kind,
        "customerRef": fact.customer_ref,
        "saleKey": fact.sale_key,
        "amount": f"{fact.money.currency} {fact.money}" if fact.money else "",
        "occurredAt": fact.occurred_at.isoformat(),
    }
    outcome.changes = [(name, "", text) for name, text in told.items() if text]


def _fact(row: Row) -> SaleFact:
    """The fact as typed, its texts without the blanks around them."""
    texts = {name: row.text(name).strip() for name in TEXTS}
    texts["kind"] = texts["kind"].lower() or SaleKind.PAID.value
    occurred_at = moment_of(row.given.get("occurred_at"), "occurred_at")
    if occurred_at is None:
        raise Invalid(MISSING, field="occurred_at")
    money = _money(row)
    source = SaleSource.IMPORT
    return SaleFact(source=source, occurred_at=occurred_at, money=money, **texts)


def _money(row: Row) -> Money | None:
    amount, currency = (row.text(name).strip() for name in ("amount", "currency"))
    if not amount and not currency:
        return None
    if not (amount and currency):
        field = "currency" if amount else "amount"
        raise Invalid("Give the amount and its currency, or neither.", field=field)
    try:
        return Money.parse(amount, currency.upper())
    except DomainError as refusal:
        refusal.field = "currency" if "unknown" in refusal.code else "amount"
        raise


def _follow(fact: SaleFact, known: _Known) -> None:
    """What would be left of the sale; a sale that comes later lets its refund wait."""
    if fact.kind == SaleKind.PAID and fact.money is not None:
        known.standing[fact.event_key] = _Standing(fact.money)
    standing = known.standing.get(fact.sale_key)
    if standing is None:
        if fact.sale_key and fact.sale_key in known.by_key:
            raise Invalid("This key names no sale.", field="sale_key")
        return
    if fact.money is None:
        return
    currency, paid = standing.paid.currency, standing.paid.amount
    if fact.money.currency != currency:
        raise CurrencyMismatch(f"The sale is in {currency}.", field="currency")
    refunded = standing.refunded + _signed(fact.kind, fact.money.amount)
    if refunded > paid:
        left = Money(paid - standing.refunded, currency)
        detail = f"{currency} {left} is left of the sale."
        raise RefundExceedsSale(detail, field="amount")
    if refunded < 0:
        detail = f"{currency} {Money(standing.refunded, currency)} is refunded."
        raise RestoreExceedsRefund(detail, field="amount")
    standing.refunded = refunded


def _signed(kind: str, amount_minor: int) -> int:
    if kind == SaleKind.REFUNDED:
        return amount_minor
    return -amount_minor if kind == SaleKind.RESTORED else 0
