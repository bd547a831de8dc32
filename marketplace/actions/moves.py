"""What every move of an order shares: its lock, its guarded update, its trail.

The order's row is locked first, and payment, contract and attempt are read after it,
so what a move decides on stays true until it commits. Every move of a payment locks
the order first, too. The update is guarded all the same: it is what decides on SQLite.
Source: 4-marketplace, section 4; 9-quality, section 4.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, models, transaction

from marketplace.errors import ExternalOrderIdTaken, OrderNotPending, PaymentPending
from marketplace.models import (
    MOVES,
    PAYMENT_MOVES,
    Contract,
    FulfilmentAttempt,
    OrderState,
    Payment,
    PaymentState,
    ProviderMember,
    ResellerOrder,
)
from resellers import audit, jobs, pg
from resellers.models import Actor, AuditEntry, User

ABOUT = "marketplace.order"
"""How ledger, audit and outbox name an order; its reference is the contract id."""


@dataclass(slots=True)
class Case:
    """One order under its lock, with who moves it and when.

    `on_behalf` is the reseller's public key when staff act in its place.
    """

    order: ResellerOrder
    contract: Contract
    payment: Payment
    attempt: FulfilmentAttempt
    actor: Actor
    at: datetime
    on_behalf: str = ""
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def paid(self) -> bool:
        return bool(self.payment.state == PaymentState.RECEIVED)


def open_case(
    order: ResellerOrder,
    actor: Actor,
    *,
    at: datetime | None = None,
    for_seller: bool = False,
) -> Case:
    """Lock the order and read what hangs on it. Must run inside a transaction.

    `at` is the clock's time; a person acts at the database's. `for_seller` marks the
    verbs of the reseller, which staff may do on its behalf.
    """
    locked = ResellerOrder.objects.select_for_update(no_key=True).get(pk=order.pk)
    contract = Contract.objects.select_related("payment").get(pk=locked.contract_id)
    attempt = locked.attempts.order_by("-number")[0]
    locked.contract = contract
    case = Case(locked, contract, contract.payment, attempt, actor, at or pg.db_now())
    if for_seller and is_staff(actor) and not belongs_to_seller(locked, actor):
        case.on_behalf = locked.reseller.pubkey
    case.seen = snapshot(case)
    return case


def is_staff(actor: Actor) -> bool:
    return isinstance(actor, User) and actor.is_staff


def belongs_to_seller(order: ResellerOrder, actor: Actor) -> bool:
    return (
        isinstance(actor, User)
        and ProviderMember.objects.filter(
            user=actor, provider=order.reseller_id
        ).exists()
    )


def person(actor: Actor) -> User | None:
    """The user behind an act, None for an access key and for the system."""
    return actor if isinstance(actor, User) else None


# Guarded updates


def change(case: Case, allowed: set[OrderState], **changed: Any) -> None:
    """Write to the order if it still stands in one of the allowed states.

    Raises OrderNotPending with the state when somebody was faster.
    """
    checked(case.order, changed)
    rows = ResellerOrder.objects.filter(pk=case.order.pk, state__in=allowed)
    try:
        with transaction.atomic():
            moved = rows.update(**changed)
    except IntegrityError as refused:
        if "order_external_id_unique" in str(refused):
            raise ExternalOrderIdTaken(field="external_order_id") from refused
        raise
    if not moved:
        case.order.refresh_from_db(fields=["state"])
        raise OrderNotPending(state=case.order.state)
    assign(case.order, changed)


def change_payment(case: Case, to: PaymentState, **changed: Any) -> None:
    """Move the payment from the state it was read in; the order's lock holds it."""
    payment = case.payment
    if payment.state not in PAYMENT_MOVES[to]:
        raise AssertionError(f"a payment does not go from {payment.state} to {to}")
    changed = {"state": to, **changed}
    checked(payment, changed)
    rows = Payment.objects.filter(pk=payment.pk, state=payment.state)
    if not rows.update(**changed):
        raise OrderNotPending(state=case.order.state)
    assign(payment, changed)


def change_contract(case: Case, **changed: Any) -> None:
    checked(case.contract, changed)
    Contract.objects.filter(pk=case.contract.pk).update(**changed)
    assign(case.contract, changed)


def checked(row: models.Model, changed: dict[str, Any]) -> None:
    """Validate the row as it would be, in the fields that change.

    Constraints are the database's part: their violation carries their own code.
    """
    copy = type(row)(**{f.attname: getattr(row, f.attname) for f in fields(row)})
    assign(copy, changed)
    copy.clean_fields(exclude={f.name for f in fields(row) if f.name not in changed})


def assign(row: models.Model, changed: dict[str, Any]) -> None:
    for name, value in changed.items():
        setattr(row, name, value)


def fields(row: models.Model) -> list["models.Field[Any, Any]"]:
    return list(row._meta.concrete_fields)


# States and attempts


def demand(case: Case, to: OrderState) -> None:
    """Refuse a reseller's move that the state or the missing payment forbids."""
    if case.order.state not in MOVES[to]:
        raise OrderNotPending(state=case.order.state)
    if not case.paid:
        raise PaymentPending(state=case.order.state)


def end_attempt(
    case: Case, outcome: OrderState, *, reason_code: str = "", reason: str = ""
) -> None:
    """Close the open attempt with what was bought and why it ended.

    A fulfilled attempt has ended already: a later failure leaves it as it is.
    """
    rows = FulfilmentAttempt.objects.filter(pk=case.attempt.pk, outcome="")
    rows.update(
        ended_at=case.at,
        outcome=outcome,
        external_order_id=case.order.external_order_id,
        actual_cost_e9s=case.order.actual_cost_e9s,
        actual_cost_currency=case.order.actual_cost_currency,
        reason_code=reason_code,
        reason=reason,
        actor=person(case.actor),
        on_behalf=bool(case.on_behalf),
    )


def give_back(case: Case) -> None:
    """What was paid is owed back to the buyer; what was not paid is void."""
    if case.payment.state == PaymentState.RECEIVED:
        change_payment(case, PaymentState.REFUND_DUE)
        tell(case, "staff_refund_due")
    elif case.payment.state == PaymentState.AWAITING:
        change_payment(case, PaymentState.VOID)


# Trail and mail


def snapshot(case: Case) -> dict[str, Any]:
    """The facts whose change the audit tells, delivered details by their names only."""
    order, contract, payment = case.order, case.contract, case.payment
    facts = {
        f.attname: getattr(order, f.attname)
        for f in fields(order)
        if f.name not in {"external_order_details", "reason"}
    }
    facts["detail_names"] = sorted(order.external_order_details or {})
    facts["payment"] = payment.state
    facts["payment_reference"] = payment.reference
    facts["refund_reference"] = payment.refund_reference
    facts["problem_at"] = contract.problem_at
    facts["problem_resolved_at"] = contract.problem_resolved_at
    return facts


def record(case: Case, action: str, *, reason: str = "") -> AuditEntry:
    """Write the one audit entry of a move: what differs from when the case opened."""
    now = snapshot(case)
    differs = [name for name, value in case.seen.items() if now[name] != value]
    entry = audit.record(
        case.actor,
        action,
        case.order,
        before={name: case.seen[name] for name in differs},
        after={name: now[name] for name in differs},
        reason=reason,
        on_behalf=case.on_behalf,
    )
    case.seen = now
    return entry


def tell(case: Case, *kinds: str, again: AuditEntry | None = None) -> None:
    """Queue mails about the order, one per kind and attempt.

    `again` names the audit entry of a deed that one attempt may see more than once.
    """
    number = f"{case.attempt.number}" + (f".{again.pk}" if again else "")
    for kind in kinds:
        jobs.enqueue(
            "mail",
            f"mail:{kind}:{case.order.contract_id}:{number}",
            about=about(case.order),
            order=case.order.pk,
        )


def about(order: ResellerOrder) -> str:
    """Where the outbox files an order's mails."""
    return f"{ABOUT}:{order.contract_id}"
