"""What follows a sale: refunds, restores, disputes, releases.

After each event the commission standing on a sale is the share, at its frozen rate, of
what was paid less refunded plus restored; the event's commission is the difference. Of
disputes and releases the one that happened last counts. Source: 5-resellers, section 6.
"""

from dataclasses import dataclass, field
from functools import partial

from resellers import audit, clock, ledger
from resellers.actions.sales.answers import write
from resellers.commission import standing_share
from resellers.errors import (
    CurrencyMismatch,
    Invalid,
    NothingLeftToReverse,
    RefundExceedsPaid,
)
from resellers.errors.profiles import RefundExceedsSale, RestoreExceedsRefund
from resellers.models import Actor, HoldFor, LedgerEntry, Outcome, Sale, SaleKind
from resellers.models.sale import MONEY_KINDS, SOURCE
from resellers.money import Money
from resellers.sales import entry_key

NEVER_FITS = (CurrencyMismatch, RefundExceedsSale, RestoreExceedsRefund)
HOLDING = {SaleKind.DISPUTED, SaleKind.RELEASED}


@dataclass
class Case:
    """A paid sale under its lock, what counts for it so far, and what waits."""

    sale: Sale
    actor: Actor
    counted: list[Sale] = field(default_factory=list)
    waiting: list[Sale] = field(default_factory=list)

    @classmethod
    def of(cls, event_key: str, actor: Actor) -> "Case | None":
        """Lock the sale and read what follows it; None: it is not here yet.

        Raises Invalid when the key names something that is no sale.
        """
        rows = Sale.objects.select_for_update(no_key=True, of=("self",))
        sale = (
            rows.select_related("referral__reseller__account")
            .filter(event_key=event_key)
            .first()
        )
        if sale is None:
            return None
        if sale.kind != SaleKind.PAID:
            raise Invalid(f"This key names no sale: {sale.kind}.", field="sale_key")
        case = cls(sale, actor)
        for row in Sale.objects.following(event_key):
            waits = row.outcome == Outcome.WAITING
            (case.waiting if waits else case.counted).append(row)
        return case

    @property
    def refunded(self) -> int:
        """Refunds less restores, in minor units."""
        return sum(_signed(each) for each in self.counted)

    @property
    def in_dispute(self) -> bool:
        """Whether a dispute, and no release, happened last."""
        last = max(self._holding, key=lambda each: each.occurred_at, default=None)
        return last is not None and last.kind == SaleKind.DISPUTED

    def is_late(self, event: Sale) -> bool:
        """Whether a dispute or release that happened later is here already."""
        return any(each.occurred_at > event.occurred_at for each in self._holding)

    @property
    def _holding(self) -> list[Sale]:
        """In order of arrival, so that of one moment the later one counts."""
        found = [each for each in self.counted if each.kind in HOLDING]
        return sorted(found, key=lambda each: each.received_at, reverse=True)


def accept(case: Case, event: Sale) -> None:
    """Answer an event of this sale and write it.

    Raises RefundExceedsSale, RestoreExceedsRefund (409), CurrencyMismatch (400).
    """
    refuse_excess(case, event)
    _answer(case, event)


def accept_waiting(case: Case) -> list[Sale]:
    """Answer what waited, in order of occurrence, and say which.

    What is larger than what is left stays waiting, and the sale is none the worse:
    staff see it among their tasks. It is tried again with whatever follows.
    """
    accepted: list[Sale] = []
    found = True
    while found:
        found = False
        for event in list(case.waiting):
            try:
                refuse_excess(case, event)
            except NEVER_FITS:
                continue
            case.waiting.remove(event)
            _answer(case, event)
            _record(case, event)
            accepted.append(event)
            found = True
    _mark(case)
    return accepted


def answer_again(case: Case) -> None:
    """After the sale was posted: answer again what followed it meanwhile."""
    unposted, case.counted = case.counted, []
    for event in unposted:
        _answer(case, event)
        if event.is_posted:
            _record(case, event)


def _record(case: Case, event: Sale) -> None:
    after = {"outcome": str(event.outcome), "commission": event.commission}
    audit.record(case.actor, "sale.posted", event, after=after)


def _signed(event: Sale) -> int:
    if event.kind not in MONEY_KINDS:
        return 0
    taken = event.kind == SaleKind.REFUNDED
    return event.amount_minor if taken else -event.amount_minor


def refuse_excess(case: Case, event: Sale) -> None:
    """Raises RefundExceedsSale, RestoreExceedsRefund (409), CurrencyMismatch (400)."""
    if event.kind not in MONEY_KINDS:
        return
    sale, refunded = case.sale, case.refunded
    if event.currency != sale.currency:
        raise CurrencyMismatch(f"The sale is in {sale.currency}.", field="currency")
    if event.kind == SaleKind.RESTORED:
        if event.amount_minor > refunded:
            raise RestoreExceedsRefund(
                f"{Money(refunded, sale.currency)} {sale.currency} is refunded."
                " When the refund is still on its way, send this again after it.",
                field="amount",
                refunded=refunded,
            )
        return
    left = sale.amount_minor - refunded
    if event.amount_minor > left:
        raise RefundExceedsSale(
            f"{Money(left, sale.currency)} {sale.currency} is left of the sale.",
            field="amount",
            left=left,
        )


def _answer(case: Case, event: Sale) -> None:
    event.sale, event.referral = case.sale, case.sale.referral
    event.outcome, event.posted_at = Outcome.NO_EFFECT, None
    if case.sale.is_posted:
        event.posted_at = clock.now()
        if event.kind in HOLDING:
            event.outcome = _hold_or_release(case, event)
        else:
            _move_commission(case, event)
    write(event)
    case.counted.append(event)


def _move_commission(case: Case, event: Sale) -> None:
    """The standing after less the standing before; the ledger follows."""
    refunded = case.refunded
    before = _within(case.sale, refunded)
    after = _within(case.sale, refunded + _signed(event))
    difference = _standing(case.sale, after) - _standing(case.sale, before)
    moved = _post(case, event, before, after) if difference else difference
    event.commission_minor = moved.amount
    if not moved:
        return
    taken = event.kind == SaleKind.REFUNDED
    event.outcome = Outcome.REVERSED if taken else Outcome.RESTORED
    if case.in_dispute and not taken:
        _hold(case)


def _within(sale: Sale, refunded: int) -> Money:
    """Events answered again in order of occurrence may pass the bounds on the way."""
    return Money(min(max(refunded, 0), sale.amount_minor), sale.currency)


def _standing(sale: Sale, refunded: Money) -> Money:
    if sale.money is None or sale.rate is None:
        raise AssertionError("a posted sale has its amount and its rate")
    return standing_share(sale.money, refunded, sale.rate)


def _post(case: Case, event: Sale, before: Money, after: Money) -> Money:
    """What the ledger took or gave: the difference, or what staff left of it."""
    root = LedgerEntry.objects.get(key=entry_key(case.sale.event_key))
    follow = ledger.reverse if event.kind == SaleKind.REFUNDED else ledger.restore
    post = partial(
        follow,
        root,
        key=entry_key(event.event_key),
        actor=case.actor,
        occurred_at=event.occurred_at,
    )
    try:
        posted = post(refund=abs(after - before), refunded_before=before)
    except RefundExceedsPaid:
        posted = post()
    except NothingLeftToReverse:
        return Money.zero(root.currency)
    return Money.zero(root.currency) if posted.entry is None else posted.entry.money


def _hold_or_release(case: Case, event: Sale) -> Outcome:
    """Hold or free what is unpaid, unless a later event of its kind is here already."""
    if case.is_late(event):
        return Outcome.NO_EFFECT
    ref = str(case.sale.pk)
    rows = LedgerEntry.objects.from_source(SOURCE, ref)
    disputed = rows.filter(hold_for=HoldFor.DISPUTE)
    if event.kind == SaleKind.DISPUTED:
        _hold(case)
        return Outcome.ON_HOLD if disputed.exists() else Outcome.NO_EFFECT
    held = disputed.exists()
    ledger.release(SOURCE, ref, hold_for=HoldFor.DISPUTE, actor=case.actor)
    return Outcome.RELEASED if held else Outcome.NO_EFFECT


def _hold(case: Case) -> None:
    ref = str(case.sale.pk)
    ledger.hold(SOURCE, ref, hold_for=HoldFor.DISPUTE, actor=case.actor)


def _mark(case: Case) -> None:
    """Note on what waits in vain that its sale is here: it is too large for it."""
    for event in case.waiting:
        if event.sale_id is None:
            event.sale = case.sale
            write(event)
