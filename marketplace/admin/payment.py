"""Payments: money that arrived and money that was sent back, as staff record it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from marketplace.actions import payments
from marketplace.admin import cells
from marketplace.admin.searching import SaleAdmin, sale_paths
from marketplace.models import Payment, PaymentMethod, PaymentState
from resellers import audit
from resellers.desk.deeds import Deed
from resellers.parsing.forms import LineField

MATCHED_BY_STAFF = {PaymentState.AWAITING, PaymentState.VOID}


class ReferenceForm(forms.Form):
    """What the bank's statement says; the expected reference stands there already."""

    reference = LineField(
        label="Reference of the transfer",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 40}),
    )


def ask_received(payment: Payment, data: Any) -> forms.BaseForm:
    expected = {"reference": payment.contract.payment_reference}
    form = ReferenceForm(data, initial=expected)
    amount = cells.amount_text(payment)
    form.fields["reference"].help_text = f"Expected: {amount} with this reference."
    return form


def ask_refunded(payment: Payment, data: Any) -> forms.BaseForm:
    form = ReferenceForm(data)
    amount = cells.amount_text(payment)
    form.fields["reference"].help_text = f"Of the transfer that sent {amount} back."
    return form


def may_arrive(payment: Payment) -> bool:
    by_staff = payment.method != PaymentMethod.STRIPE
    return by_staff and payment.state in MATCHED_BY_STAFF


def is_refund_due(payment: Payment) -> bool:
    return payment.state == PaymentState.REFUND_DUE


@admin.register(Payment)
class PaymentAdmin(SaleAdmin[Payment]):
    paths = sale_paths(
        "contract__reseller_order__", "contract__", "contract__contract_id"
    ) | {"external_id": ["reference", "refund_reference"]}
    search_help_text = "Contract or its beginning, CS-…, reference, e-mail, provider"
    list_display = [
        "expected",
        "amount",
        "method",
        "sign",
        "buyer",
        "seller",
        "due",
        "received",
    ]
    list_filter = ["state", "method"]
    ordering = ["-id"]
    sortable_by = ["due"]
    fieldsets = [
        (None, {"fields": ["sign", "amount", "method", "expected", "due_at"]}),
        ("For", {"fields": ["contract_link", "buyer", "seller"]}),
        ("Received", {"fields": ["reference", "received_at", "received_by"]}),
        ("Sent back", {"fields": ["refund_reference", "refunded_at", "refunded_by"]}),
    ]
    readonly_fields = ["sign", "amount", "expected", "contract_link", "buyer", "seller"]
    deeds = [
        Deed(
            "received",
            "Payment received",
            payments.receive_payment,
            may_arrive,
            form=ask_received,
            about="Record it once the money is on the account. The reseller's deadlines"
            " start and both sides are told; for an order that has ended the money is"
            " due back at once.",
            done="The payment is recorded.",
        ),
        Deed(
            "refunded",
            "Refund sent",
            payments.record_refund,
            is_refund_due,
            form=ask_refunded,
            about="Record it once the money has left. The buyer is told that it is on"
            " its way; the order cannot be re-opened any more.",
            done="The refund is recorded.",
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Payment]:
        return (
            super()
            .get_queryset(request)
            .select_related(
                "contract__buyer", "contract__seller", "received_by", "refunded_by"
            )
            .defer("contract__ssh_public_key")
        )

    def trail_of(self, row: Payment) -> tuple[str, str]:
        """A payment's changes are told of on its order."""
        return audit.identity(row.contract.reseller_order)

    @admin.display(description="reference expected")
    def expected(self, payment: Payment) -> str:
        return payment.contract.payment_reference

    @admin.display(description="amount")
    def amount(self, payment: Payment) -> str:
        return cells.amount(payment.amount_e9s, payment.currency)

    @admin.display(description="state", ordering="state")
    def sign(self, payment: Payment) -> str:
        return cells.payment_sign(payment.state)

    @admin.display(description="buyer")
    def buyer(self, payment: Payment) -> str:
        return payment.contract.buyer.email

    @admin.display(description="seller")
    def seller(self, payment: Payment) -> str:
        return payment.contract.seller.name

    @admin.display(description="due", ordering="due_at")
    def due(self, payment: Payment) -> str:
        if payment.state == PaymentState.AWAITING:
            return cells.countdown(payment.due_at)
        return cells.moment(payment.due_at)

    @admin.display(description="received")
    def received(self, payment: Payment) -> str:
        return cells.moment(payment.received_at) if payment.received_at else cells.NONE

    @admin.display(description="contract")
    def contract_link(self, payment: Payment) -> str:
        return cells.link(payment.contract)
