"""Why a sale earned what it earned, or nothing, in sentences for people.

Every figure is computed again with whole numbers, so that the exact result stands
before the rounded one. Staff read what to do; a reseller reads what it means.
Source: 5-resellers, sections 8 and 10; 6-ledger, section 8.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format

from resellers.commission import WHOLE_BP, BasisPoints, share
from resellers.models import (
    BEGINNING,
    Basis,
    EntryKind,
    EntryStatus,
    HoldFor,
    LedgerEntry,
    Outcome,
    RateScope,
    Sale,
    SaleKind,
)
from resellers.models.sale import FOLLOWING_KINDS, MONEY_KINDS, SOURCE
from resellers.money import CURRENCIES, Money
from resellers.sales import entry_key, event_key_of

RATE_DECIMALS = len(str(WHOLE_BP)) - 1
WHOSE_RATE = {
    RateScope.PROGRAMME: "the programme's rate",
    RateScope.RESELLER: "the reseller's own rate",
    RateScope.REFERRAL: "the rate agreed for this customer",
}
YOUR_RATE = {
    RateScope.PROGRAMME: "the programme's rate",
    RateScope.RESELLER: "your rate",
    RateScope.REFERRAL: "your rate for this customer",
}
ON_HOLD = {
    HoldFor.APPROVAL: "On hold until a second person has looked at it.",
    HoldFor.DISPUTE: "On hold while the customer disputes the payment.",
    HoldFor.FINANCE: "On hold: we are checking it.",
    HoldFor.ACCOUNT: "On hold while your account is under review.",
}


@dataclass(frozen=True)
class EntryExplanation:
    """The sentences of an entry's page; an empty one has nothing to say."""

    formula: str
    basis: str = ""
    rate: str = ""
    available: str = ""

    @property
    def lines(self) -> list[str]:
        said = [self.formula, self.basis, self.rate, self.available]
        return [line for line in said if line]


def explain(sale: Sale, *, for_reseller: bool = False) -> str:
    """Why this answer. Of many sales at once: `explain_all`."""
    return explain_all([sale], for_reseller=for_reseller)[sale.pk]


def explain_all(
    sales: Iterable[Sale], *, for_reseller: bool = False
) -> dict[UUID, str]:
    """Sentence by id of the sale. Four queries at most, whatever their number."""
    rows = list(sales)
    book = Book.of(rows)
    words = _reseller_words if for_reseller else _staff_words
    return {sale.pk: words(sale, book) for sale in rows}


def explain_entry(entry: LedgerEntry) -> EntryExplanation:
    """Why this amount stands on the account, for its owner's page."""
    sale = None
    if entry.source == SOURCE and (key := event_key_of(entry.key)):
        sale = Sale.objects.filter(event_key=key).select_related("sale").first()
    if sale is None:
        return EntryExplanation(_formula_of(entry), available=_available(entry))
    root = sale.sale or sale
    return EntryExplanation(
        formula=f"{explain(sale, for_reseller=True)}.",
        basis="Share of what was paid, before tax.",
        rate=_since(root),
        available=_available(entry),
    )


@dataclass(frozen=True)
class Book:
    """The paid sales behind refunds, and how much was refunded after each event.

    `on_hold` are the held sales whose entry still waits for the account.
    """

    roots: Mapping[UUID, Sale]
    refunded: Mapping[UUID, Money]
    on_hold: frozenset[UUID] = frozenset()

    @classmethod
    def of(cls, sales: Sequence[Sale]) -> "Book":
        on_hold = _on_hold(sales)
        wanted = {sale.sale_id for sale in sales if sale.kind in FOLLOWING_KINDS}
        wanted.discard(None)
        if not wanted:
            return cls({}, {}, on_hold)
        roots = Sale.objects.in_bulk([pk for pk in wanted if pk])
        keys = [root.event_key for root in roots.values()]
        events = Sale.objects.exclude(sale_key="").filter(
            sale_key__in=keys, kind__in=MONEY_KINDS, posted_at__isnull=False
        )
        return cls(roots, _refunded(roots, list(events)), on_hold)

    def root(self, sale: Sale) -> Sale | None:
        return None if sale.sale_id is None else self.roots.get(sale.sale_id)


def _on_hold(sales: Iterable[Sale]) -> frozenset[UUID]:
    """An outcome stays what it was; whether the money is still held, its entry says."""
    held = {
        entry_key(sale.event_key): sale.pk
        for sale in sales
        if sale.outcome == Outcome.HELD
    }
    if not held:
        return frozenset()
    entries = LedgerEntry.objects.filter(
        key__in=held, status=EntryStatus.HOLD, hold_for=HoldFor.ACCOUNT
    )
    return frozenset(held[key] for key in entries.values_list("key", flat=True))


def _refunded(roots: Mapping[UUID, Sale], events: list[Sale]) -> dict[UUID, Money]:
    """What was refunded less restored of its sale after each event, by its id.

    An entry knows it; only what changed no cent left none.
    """
    keys = [entry_key(event.event_key) for event in events]
    entries = LedgerEntry.objects.filter(key__in=keys)
    kept = dict(entries.values_list("key", "refunded_minor"))
    so_far = {pk: Money.zero(root.currency) for pk, root in roots.items()}
    after: dict[UUID, Money] = {}
    for event in sorted(events, key=_order):
        if event.sale_id is None or event.sale_id not in so_far or not event.money:
            continue
        restored = event.kind == SaleKind.RESTORED
        so_far[event.sale_id] += -event.money if restored else event.money
        posted = kept.get(entry_key(event.event_key))
        after[event.pk] = (
            so_far[event.sale_id] if posted is None else Money(posted, event.currency)
        )
    return after


def _order(event: Sale) -> tuple[datetime, datetime, datetime, str]:
    posted = event.posted_at or event.received_at
    return posted, event.occurred_at, event.received_at, str(event.pk)


# Sentences


def _staff_words(sale: Sale, book: Book) -> str:
    match sale.outcome:
        case Outcome.EARNED | Outcome.ZERO:
            return _earning(sale, WHOSE_RATE)
        case Outcome.HELD:
            if sale.pk in book.on_hold:
                held = "on hold, since the reseller is suspended"
            else:
                held = "it was put on hold, since the reseller was suspended then"
            return f"{_earning(sale, WHOSE_RATE)}; {held}"
        case Outcome.NOT_ATTRIBUTED:
            return (
                f"On {_day(sale.occurred_at)} {sale.customer_ref} was nobody's"
                " customer. Attribute the customer from that day on, then post it"
                " again"
            )
        case Outcome.NO_RATE:
            return (
                f"No rate held on {_day(sale.occurred_at)}: not for the customer, the"
                " reseller or the programme. Set one, then post it again: it takes"
                " the earliest later rate"
            )
        case Outcome.WAITING:
            return _waiting(sale)
    return _other_words(sale, book)


def _waiting(sale: Sale) -> str:
    if sale.sale_id is not None:
        return (
            f"More than what is left of {sale.sale_key}, or in another currency: it"
            " waits, and nothing was changed. Ask the shop which of its refunds count"
        )
    return (
        f"The sale {sale.sale_key} has not arrived yet; this is applied as soon as it"
        " does. After three days ask the shop for it"
    )


def _reseller_words(sale: Sale, book: Book) -> str:
    match sale.outcome:
        case Outcome.EARNED | Outcome.ZERO:
            return _earning(sale, YOUR_RATE)
        case Outcome.HELD:
            if sale.pk in book.on_hold:
                held = "on hold, since your account is under review"
            else:
                held = "it was put on hold, since your account was under review then"
            return f"{_earning(sale, YOUR_RATE)}; {held}"
        case Outcome.NO_RATE:
            return "No rate was agreed for this sale yet; it earns once there is one"
        case Outcome.NOT_ATTRIBUTED:
            return "This customer was not yours on that day"
        case Outcome.WAITING:
            return "Waits for its sale, and has changed nothing yet"
    return _other_words(sale, book)


def _earning(sale: Sale, whose: Mapping[RateScope, str]) -> str:
    if sale.rate is None or sale.money is None:
        return "Not posted yet"
    said = f"{sale.rate} of {_named(sale.money)} = {_result(sale.money, sale.rate)}"
    if sale.rate_since and sale.rate_since > sale.occurred_at:
        said += (
            f"; no rate held on {_day(sale.occurred_at)}, so the earliest later one"
            f" was taken, of {_day(sale.rate_since)}"
        )
    if sale.outcome != Outcome.ZERO:
        return said
    if not sale.amount_minor:
        return f"{said}; nothing was paid"
    if not sale.rate_bp:
        return f"{said}; {whose[RateScope(sale.rate_scope)]} is 0 %"
    return f"{said}; less than the smallest unit of {sale.currency}"


def _other_words(sale: Sale, book: Book) -> str:
    if sale.kind == SaleKind.DOCUMENT:
        return f"One document of customer {sale.customer_ref}, counted"
    return _following(sale, book)


def _following(sale: Sale, book: Book) -> str:
    root = book.root(sale)
    if root is None:
        return f"Belongs to the sale {sale.sale_key}"
    if not sale.is_posted:
        return (
            f"The sale {root.event_key} has no commission yet, so there is none to"
            " change; this follows when the sale is posted"
        )
    if sale.kind in MONEY_KINDS:
        return _difference(sale, root, book)
    return _dispute(sale, root)


def _dispute(sale: Sale, root: Sale) -> str:
    if sale.outcome == Outcome.ON_HOLD:
        return (
            f"The payment of {root.event_key} was disputed: what was unpaid of its"
            " commission was put on hold"
        )
    if sale.outcome == Outcome.RELEASED:
        return f"The dispute of {root.event_key} ended: its commission was let go"
    what = "hold" if sale.kind == SaleKind.DISPUTED else "let go"
    return f"No commission of {root.event_key} was there to {what}"


def _difference(sale: Sale, root: Sale, book: Book) -> str:
    """'USD 65.00 less 13.00 refunded leaves 52.00; 15.5 % of it is 8.06; that is …'"""
    refunded = book.refunded.get(sale.pk)
    if refunded is None or root.rate is None or root.money is None:
        return f"Belongs to the sale {root.event_key}"
    left = root.money - refunded
    said = (
        f"{_named(root.money)} less {refunded} refunded leaves {left};"
        f" {root.rate} of it is {_result(left, root.rate)}"
    )
    change = sale.commission
    if not change:
        return f"{said}, as before"
    more = "more" if change.amount > 0 else "less"
    return f"{said}; that is {abs(change)} {more} than before"


# Figures


def _named(money: Money) -> str:
    return f"{money.currency} {money}"


def _result(money: Money, rate: BasisPoints) -> str:
    """'10.075, rounded half-up to 10.08', or '15.50' where nothing is rounded."""
    exact, rounded = exact_share(money, rate), str(share(money, rate))
    return exact if exact == rounded else f"{exact}, rounded half-up to {rounded}"


def exact_share(money: Money, rate: BasisPoints) -> str:
    """All decimals of the share of an amount that is not negative.

    >>> exact_share(Money(6500, "USD"), BasisPoints(1550))
    '10.075'
    >>> exact_share(Money(999, "JPY"), BasisPoints(1050))
    '104.895'
    """
    decimals = CURRENCIES[money.currency]
    scale = decimals + RATE_DECIMALS
    digits = str(money.amount * rate.bp).rjust(scale + 1, "0")
    whole, part = digits[:-scale], digits[-scale:].rstrip("0").ljust(decimals, "0")
    return f"{whole}.{part}" if part else whole


def _formula_of(entry: LedgerEntry) -> str:
    """Of an entry that no sale explains: its own figures, or what it is."""
    if entry.basis == Basis.SHARE and entry.base and entry.rate:
        said = _result(entry.base, entry.rate)
        return f"{entry.rate} of {_named(entry.base)} = {said}."
    kind = entry.get_kind_display()
    return f"{kind[:1].upper()}{kind[1:]} of {_named(entry.money)}."


def _since(root: Sale) -> str:
    if not root.rate_scope or root.rate_since is None:
        return ""
    whose = YOUR_RATE[RateScope(root.rate_scope)]
    whose = f"{whose[:1].upper()}{whose[1:]}"
    if root.rate_since == BEGINNING:
        return f"{whose} from the beginning."
    return f"{whose} since {_day(root.rate_since)}."


def _available(entry: LedgerEntry) -> str:
    if entry.kind == EntryKind.PAYOUT:
        return ""
    if entry.status == EntryStatus.REVERSED:
        return "Taken back before it was paid."
    if entry.amount_minor < 0:
        return "Taken off what is due."
    if entry.status == EntryStatus.HOLD:
        return ON_HOLD[HoldFor(entry.hold_for)]
    if entry.status == EntryStatus.PENDING:
        return f"Available {_day(entry.available_at)}."
    paid = entry.status == EntryStatus.PAID
    since = max(entry.available_at, entry.posted_at)
    return (
        f"Paid {_day(entry.status_at)}." if paid else f"Available since {_day(since)}."
    )


def _day(at: datetime) -> str:
    """'30 June 2026', in the zone of the pages."""
    return date_format(timezone.localtime(at), "j F Y")
