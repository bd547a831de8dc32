"""What staff do with an order: its reseller's verbs on behalf, and their own.

Source: 4-marketplace, section 4, column "who".
"""

from typing import Any

from django import forms

from marketplace.actions import endings, orders, problems
from marketplace.forms.orders import (
    EndOrderForm,
    FulfilOrderForm,
    OrderForm,
    PurchaseForm,
)
from marketplace.models import MOVES, OrderState, PaymentState, ResellerOrder
from resellers.desk.deeds import Deed, FormMaker, asks
from resellers.desk.forms import ConfirmForm, LongReasonForm
from resellers.parsing.forms import TextField

BEHALF = "On behalf of the reseller, and said so in the history."


class NoteForm(forms.Form):
    note = TextField(
        label="How it was resolved",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Stands in the history; neither side reads it.",
    )


def asks_about(form: type[OrderForm]) -> FormMaker:
    """A form that knows the order, whose currency its amounts are in."""

    def make(order: ResellerOrder, data: Any) -> forms.BaseForm:
        return form(data, order=order)

    return make


def is_paid(order: ResellerOrder) -> bool:
    return bool(order.contract.payment.state == PaymentState.RECEIVED)


def may_be_accepted(order: ResellerOrder) -> bool:
    return is_paid(order) and order.state in MOVES[OrderState.ACCEPTED]


def may_be_ordered(order: ResellerOrder) -> bool:
    return is_paid(order) and order.state in MOVES[OrderState.ORDERED]


def may_be_fulfilled(order: ResellerOrder) -> bool:
    return is_paid(order) and order.state in MOVES[OrderState.FULFILLED]


def may_be_rejected(order: ResellerOrder) -> bool:
    return order.state in MOVES[OrderState.REJECTED]


def may_fail(order: ResellerOrder) -> bool:
    return order.state in MOVES[OrderState.FAILED]


def may_be_reopened(order: ResellerOrder) -> bool:
    ended = order.state in MOVES[OrderState.PLACED]
    return ended and order.contract.payment.state != PaymentState.REFUNDED


def has_problem(order: ResellerOrder) -> bool:
    return order.state == OrderState.FULFILLED and order.contract.problem_open


DEEDS = [
    Deed(
        "accept",
        "Accept",
        orders.accept_order,
        may_be_accepted,
        form=asks(ConfirmForm),
        about=f"The buyer sees that the order will be fulfilled. {BEHALF}",
        done="The order is accepted.",
    ),
    Deed(
        "purchase",
        "Record purchase",
        orders.record_purchase,
        may_be_ordered,
        form=asks_about(PurchaseForm),
        about=f"It was bought at the external provider; delivery is to come. {BEHALF}",
        done="The purchase is recorded.",
    ),
    Deed(
        "fulfil",
        "Fulfil",
        orders.fulfil_order,
        may_be_fulfilled,
        form=asks_about(FulfilOrderForm),
        about="The buyer sees the access data and the reseller earns. Once sent, the"
        f" access data is shown to nobody here. {BEHALF}",
        done="The order is fulfilled.",
    ),
    Deed(
        "reject",
        "Reject",
        endings.reject_order,
        may_be_rejected,
        form=asks(EndOrderForm),
        about=f"The order ends; what was paid is due back to the buyer. {BEHALF}",
        done="The order is rejected.",
        is_dangerous=True,
    ),
    Deed(
        "resolve",
        "Resolve problem",
        problems.resolve_problem,
        has_problem,
        form=asks(NoteForm),
        about="The reseller's money is no longer held, and the seven days until"
        " completion start anew. If it cannot be put right, fail the order instead.",
        done="The problem is resolved.",
    ),
    Deed(
        "fail",
        "Fail",
        endings.fail_order,
        may_fail,
        form=asks(EndOrderForm),
        about="The order ends. What was paid is due back to the buyer, and what the"
        " reseller had earned on it is reversed.",
        done="The order has failed.",
        is_dangerous=True,
    ),
    Deed(
        "reopen",
        "Re-open",
        endings.reopen_order,
        may_be_reopened,
        form=asks(LongReasonForm),
        about="The order is placed again with a fresh clock. Money due back counts as"
        " received; without money the buyer is asked to pay within seven days.",
        done="The order is open again.",
    ),
]
