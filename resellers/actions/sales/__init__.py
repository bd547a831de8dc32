"""Sales and what follows them arrive here, whatever the door, each once.

A fact is named by its event key: again with equal facts it is answered as before, with
others refused. The key and that of the sale are locked by name, so that a refund and
its sale that arrive at once see each other; a refund locks its sale's row; the ledger
locks accounts last. Source: 5-resellers, section 6.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from resellers import audit, pg, rights
from resellers.actions.referrals import earlier_sales
from resellers.actions.sales import answers, facts, following
from resellers.actions.sales.following import Case
from resellers.errors.profiles import AlreadyPosted, CannotPost
from resellers.models import Actor, Outcome, Referral, Sale, SaleKind
from resellers.models.sale import CUSTOMER_KINDS
from resellers.sales import SaleFact

_unlocked: ContextVar[bool] = ContextVar("unlocked", default=False)


@dataclass(frozen=True)
class Recorded:
    """The row of a fact. Replayed: it was there."""

    sale: Sale
    replayed: bool


def record_sale(event: SaleFact, *, actor: Actor) -> Recorded:
    """Keep a fact with its answer, and post what it earns or takes back.

    Amounts in minor units, as collected. Raises EventKeyReused, RefundExceedsSale,
    RestoreExceedsRefund (409), EventKeyReserved, OccurredAhead, CurrencyMismatch,
    Invalid (400).
    """
    fact = facts.read_fact(event)
    try:
        return _record(fact, actor)
    except IntegrityError:
        # somebody else recorded it meanwhile: by now it is seen
        return _record(fact, actor)


@transaction.atomic
def post_again(sale: Sale, *, actor: Actor) -> Sale:
    """Answer a sale that found no referral or no rate, then its refunds.

    A sale that met no rate takes the first one that came to hold later; `rate_since`
    says so. Raises AlreadyPosted, CannotPost (409), PermissionRefused (403).
    """
    rights.require(actor, rights.POST_AGAIN)
    key = sale.event_key if sale.kind in CUSTOMER_KINDS else sale.sale_key
    pg.lock_names([key])
    if sale.kind not in CUSTOMER_KINDS:
        return _follow_again(sale, actor)
    row = _unposted(sale)
    before = row.outcome
    referral = row.referral or answers.referral_in_effect(row)
    rate = answers.rate_of(row, referral) or answers.later_rate(row, referral)
    answers.answer(row, referral, rate)
    if row.outcome == before:
        raise CannotPost(outcome=before)
    answers.write(row)
    answers.post(row, rate, actor)
    action = "sale.posted" if row.is_posted else "sale.attributed"
    _audit(row, action, actor, before={"outcome": str(before)})
    case = Case.of(row.event_key, actor) if row.kind == SaleKind.PAID else None
    if case is not None:
        following.answer_again(case)
        following.accept_waiting(case)
    return row


@transaction.atomic
def post_earlier(referral: Referral, *, actor: Actor) -> int:
    """Post the customer's earlier sales of the period; answers how many were.

    Raises PermissionRefused (403).
    """
    rights.require(actor, rights.POST_AGAIN)
    sales = list(earlier_sales(referral))
    pg.lock_names(each.event_key for each in sales)
    posted = 0
    for sale in sales:
        try:
            posted += post_again(sale, actor=actor).is_posted
        except (AlreadyPosted, CannotPost):
            continue
    return posted


@contextmanager
def in_bulk() -> Iterator[None]:
    """Record many in one transaction, without a lock for each.

    PostgreSQL keeps locks by name in a table of some thousands. A refund that arrives
    from elsewhere at the same moment may then miss its sale: it waits, and
    `apply_waiting` finds it.
    """
    token = _unlocked.set(True)
    try:
        yield
    finally:
        _unlocked.reset(token)


def apply_waiting(now: datetime) -> int:
    """Answer what waits although its sale is here by now; the clock's task.

    Only what an import missed, or what found its sale too small, is met again.
    """
    del now
    sales = Sale.objects.paid().filter(event_key=OuterRef("sale_key"))
    waiting = Sale.objects.unposted().filter(Exists(sales), outcome=Outcome.WAITING)
    applied = 0
    for event in waiting.order_by("occurred_at", "received_at", "id"):
        try:
            post_again(event, actor=None)
        except (AlreadyPosted, CannotPost):
            continue
        applied += 1
    return applied


@transaction.atomic
def _record(fact: SaleFact, actor: Actor) -> Recorded:
    if not _unlocked.get():
        pg.lock_names({fact.event_key, fact.sale_key} - {""})
    there, waiting = facts.look_up(fact)
    if there is not None:
        facts.refuse_other_facts(there, fact)
        return Recorded(there, replayed=True)
    facts.refuse_ahead(fact)
    sale = facts.unanswered(fact)
    if fact.kind in CUSTOMER_KINDS:
        _record_payment(sale, waiting, actor)
    else:
        _record_following(sale, actor)
    return Recorded(sale, replayed=False)


def _record_payment(sale: Sale, waiting: list[Sale], actor: Actor) -> None:
    referral = answers.referral_in_effect(sale) or answers.referral_by_code(sale, actor)
    rate = answers.rate_of(sale, referral)
    answers.answer(sale, referral, rate)
    answers.write(sale)
    answers.post(sale, rate, actor)
    _audit(sale, "sale.recorded", actor)
    if waiting:
        following.accept_waiting(Case(sale, actor, waiting=waiting))


def _record_following(event: Sale, actor: Actor) -> None:
    case = Case.of(event.sale_key, actor)
    if case is None:
        event.outcome = Outcome.WAITING
        answers.write(event)
    else:
        following.accept(case, event)
    _audit(event, "sale.recorded", actor)
    if case is not None and case.waiting:
        following.accept_waiting(case)


def _follow_again(event: Sale, actor: Actor) -> Sale:
    """Try a waiting event again; one of an unposted sale is answered with its sale."""
    case = Case.of(event.sale_key, actor)
    row = Sale.objects.get(pk=event.pk)
    if row.is_posted:
        raise AlreadyPosted
    if case is None or row.outcome != Outcome.WAITING:
        raise CannotPost("Its sale is not here or has no answer yet.")
    accepted = following.accept_waiting(case)
    for each in accepted:
        if each.pk == row.pk:
            return each
    raise CannotPost("It is more than what is left of its sale.")


def _unposted(sale: Sale) -> Sale:
    """The row under its lock. Raises AlreadyPosted."""
    rows = Sale.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("referral__reseller__account").get(pk=sale.pk)
    if row.is_posted:
        raise AlreadyPosted(outcome=row.outcome)
    return row


def _audit(
    sale: Sale, action: str, actor: Actor, before: dict[str, Any] | None = None
) -> None:
    after = {"kind": str(sale.kind), "outcome": str(sale.outcome)}
    amounts = {"amount": sale.money, "commission": sale.commission}
    told = {name: money for name, money in amounts.items() if money is not None}
    audit.record(actor, action, sale, before=before, after={**after, **told})
