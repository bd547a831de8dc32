"""Contracts as staff read them: what was sold, to whom, what became of it.

The buyer's SSH key and the delivered details are not shown: nobody here needs them.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from marketplace.admin import cells
from marketplace.admin.searching import SaleAdmin, sale_paths
from marketplace.models import Contract
from marketplace.presentation.contract_page import frozen_words
from marketplace.presentation.contracts import status_sign
from resellers import audit, clock


@admin.register(Contract)
class ContractAdmin(SaleAdmin[Contract]):
    paths = sale_paths("reseller_order__", "", "contract_id")
    list_display = ["key", "name", "buyer", "seller", "total", "sign", "created"]
    ordering = ["-created_at", "-contract_id"]
    sortable_by = ["created"]
    fieldsets = [
        (None, {"fields": ["sign", "contract_id", "created_at", "runs_until"]}),
        ("Parties", {"fields": ["buyer_link", "seller_link"]}),
        (
            "What was sold",
            {"fields": ["name", "words", "offering_link", "total", "receipt"]},
        ),
        ("Wishes", {"fields": ["operating_system", "note"]}),
        ("Money and delivery", {"fields": ["payment_link", "order_link", "mails"]}),
        ("Problem", {"fields": ["problem_text", "problem_at", "problem_resolved_at"]}),
    ]
    readonly_fields = [
        "sign",
        "runs_until",
        "buyer_link",
        "seller_link",
        "name",
        "words",
        "offering_link",
        "total",
        "receipt",
        "payment_link",
        "order_link",
        "mails",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contract]:
        return (
            super()
            .get_queryset(request)
            .select_related(
                "buyer", "seller", "payment", "reseller_order", "offering__provider"
            )
            .defer("ssh_public_key", "reseller_order__external_order_details")
        )

    def trail_of(self, row: Contract) -> tuple[str, str]:
        """A contract's changes are told of on its order."""
        return audit.identity(row.reseller_order)

    @admin.display(description="contract", ordering="contract_id")
    def key(self, contract: Contract) -> str:
        return cells.short(contract.contract_id)

    @admin.display(description="offering")
    def name(self, contract: Contract) -> str:
        return str(contract.offering_snapshot["offer_name"])

    @admin.display(description="total")
    def total(self, contract: Contract) -> str:
        return cells.amount(contract.total_e9s, contract.currency)

    @admin.display(description="status")
    def sign(self, contract: Contract) -> str:
        return status_sign(contract, clock.now())

    @admin.display(description="rented", ordering="created_at")
    def created(self, contract: Contract) -> str:
        return cells.moment(contract.created_at)

    @admin.display(description="runs until")
    def runs_until(self, contract: Contract) -> str:
        return cells.moment(contract.ends_at)

    @admin.display(description="buyer")
    def buyer_link(self, contract: Contract) -> str:
        return cells.link(contract.buyer)

    @admin.display(description="seller")
    def seller_link(self, contract: Contract) -> str:
        return cells.link(contract.seller)

    @admin.display(description="in words")
    def words(self, contract: Contract) -> str:
        return frozen_words(contract)

    @admin.display(description="offering today")
    def offering_link(self, contract: Contract) -> str:
        return cells.link(contract.offering)

    @admin.display(description="price receipt")
    def receipt(self, contract: Contract) -> str:
        return cells.frozen_receipt_of(contract.reseller_order, contract)

    @admin.display(description="payment")
    def payment_link(self, contract: Contract) -> str:
        payment = contract.payment
        return format_html(
            "{} {}", cells.payment_sign(payment.state), cells.link(payment)
        )

    @admin.display(description="order")
    def order_link(self, contract: Contract) -> str:
        order = contract.reseller_order
        return format_html("{} {}", cells.order_sign(order.state), cells.link(order))

    @admin.display(description="mails")
    def mails(self, contract: Contract) -> str:
        return cells.mails(contract.reseller_order)
