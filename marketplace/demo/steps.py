"""What happens to an order of the demo, one deed each, through the actions."""

from collections.abc import Callable
from dataclasses import dataclass

from marketplace.actions import endings, orders, payments, problems
from marketplace.models import Payment, PaymentState, ResellerOrder
from resellers.models import User


@dataclass
class Play:
    """One order on its way, with the people who act on it."""

    number: int
    order: ResellerOrder
    seller: User
    buyer: User
    staff: User

    @property
    def supplier_id(self) -> str:
        """The id the external provider would have given the purchase."""
        return f"DEMO-{41_000 + 37 * self.number}"

    @property
    def payment(self) -> Payment:
        return Payment.objects.get(contract=self.order.contract_id)


Step = Callable[[Play], object]


def pay(play: Play) -> object:
    reference = f"BANK-{20_000 + play.number}"
    return payments.receive_payment(play.payment, reference=reference, actor=play.staff)


def accept(play: Play) -> object:
    return orders.accept_order(play.order, actor=play.seller)


def buy(play: Play) -> object:
    """Most purchases cost the base; every third costs four percent more."""
    base = play.order.base_price_e9s
    cents = base // 10_000_000
    cost = (cents + cents * 4 // 100) * 10_000_000 if play.number % 3 == 0 else base
    return orders.record_purchase(
        play.order,
        external_order_id=play.supplier_id,
        actual_cost_e9s=cost,
        actual_cost_currency=play.order.currency,
        actor=play.seller,
    )


def fulfil(play: Play) -> object:
    return orders.fulfil_order(
        play.order,
        external_order_id=play.supplier_id,
        external_order_details={
            "host": f"192.0.2.{10 + play.number}",
            "username": "root",
            "password": f"sample-{play.number:03d}-not-a-secret",
        },
        actor=play.seller,
    )


def works(play: Play) -> object:
    return orders.complete_order(play.order, actor=play.buyer)


def complain(play: Play) -> object:
    return problems.report_problem(
        play.order,
        text="The server answers to ping, but SSH refuses the key I gave.",
        actor=play.buyer,
    )


def settle_problem(play: Play) -> object:
    note = "The seller installed the key again; the buyer signed in."
    return problems.resolve_problem(play.order, note=note, actor=play.staff)


def reject(play: Play) -> object:
    return endings.reject_order(
        play.order,
        reason_code="out_of_stock",
        reason="The supplier has none left in this city until next month.",
        actor=play.seller,
    )


def fail(play: Play) -> object:
    return endings.fail_order(
        play.order,
        reason_code="supplier_refused",
        reason="The supplier closed our order without giving a reason.",
        actor=play.seller,
    )


def fail_delivered(play: Play) -> object:
    return endings.fail_order(
        play.order,
        reason_code="cannot_meet_requirements",
        reason="The delivered server cannot run the system that was asked for.",
        actor=play.staff,
    )


def cancel(play: Play) -> object:
    return endings.cancel_order(play.order, actor=play.buyer)


def refund(play: Play) -> object:
    """Send back what is due; where nothing is due there is nothing to send."""
    payment = play.payment
    if payment.state != PaymentState.REFUND_DUE:
        return payment
    reference = f"BACK-{20_000 + play.number}"
    return payments.record_refund(payment, reference=reference, actor=play.staff)


def reopen(play: Play) -> object:
    reason = "The seller found stock in the same city after all."
    return endings.reopen_order(play.order, reason=reason, actor=play.staff)
