"""Reseller orders: read, and moved by buttons. Delivered details are not shown."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from marketplace.admin import cells
from marketplace.admin.order_deeds import DEEDS
from marketplace.admin.searching import SaleAdmin, sale_paths
from marketplace.models import FulfilmentAttempt, OrderState, ResellerOrder
from marketplace.presentation.leads import REASON_WORDS
from resellers import clock
from resellers.desk.media import LeanMedia

PROBLEM_OPEN = Q(
    state=OrderState.FULFILLED,
    contract__problem_at__isnull=False,
    contract__problem_resolved_at__isnull=True,
)


class NeedsStaff(admin.SimpleListFilter):
    """What cannot go on without somebody looking at it."""

    title = "needs"
    parameter_name = "needs"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[Any]:
        return [
            ("overdue", "Overdue"),
            ("problem", "Problem open"),
            ("unpaid", "Not paid yet"),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[ResellerOrder]
    ) -> QuerySet[ResellerOrder]:
        if self.value() == "overdue":
            return ResellerOrder.objects.overdue(clock.now()) & queryset
        if self.value() == "problem":
            return queryset.filter(PROBLEM_OPEN)
        if self.value() == "unpaid":
            return queryset.filter(
                state=OrderState.PLACED, contract__payment__state="awaiting"
            )
        return queryset


class AttemptInline(LeanMedia, admin.TabularInline[FulfilmentAttempt, ResellerOrder]):
    """Every try, oldest first."""

    model = FulfilmentAttempt
    verbose_name_plural = "attempts"
    readonly_fields = [
        "number",
        "started_at",
        "ended_at",
        "outcome",
        "external_order_id",
        "reason_code",
        "on_behalf",
    ]
    fields = [*readonly_fields]
    extra = 0
    can_delete = False
    ordering = ["number"]

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any) -> bool:
        return False


@admin.register(ResellerOrder)
class OrderAdmin(SaleAdmin[ResellerOrder]):
    paths = sale_paths("", "contract__", "contract__contract_id")
    list_display = [
        "key",
        "name",
        "reseller",
        "supplier",
        "total",
        "sign",
        "payment",
        "deadline",
        "created",
    ]
    list_filter = [NeedsStaff, "state"]
    ordering = ["-id"]
    sortable_by = ["created"]
    inlines = [AttemptInline]
    deeds = DEEDS
    fieldsets = [
        (None, {"fields": ["sign", "payment", "deadline", "problem"]}),
        (
            "Parties",
            {"fields": ["contract_link", "buyer", "reseller_link", "supplier_link"]},
        ),
        ("What to buy", {"fields": ["name", "code", "checkout", "wishes"]}),
        ("Price, frozen when rented", {"fields": ["receipt", "price_rule"]}),
        ("Purchase", {"fields": ["external_order_id", "cost", "margin", "delivered"]}),
        (
            "Times",
            {
                "fields": [
                    ("created_at", "accept_by", "accepted_at"),
                    ("fulfil_by", "ordered_at", "fulfilled_at"),
                    ("decided_at", "completion_due_at", "completed_at"),
                    "on_time",
                ]
            },
        ),
        ("Ending", {"fields": ["why", "reason"]}),
        ("Mails", {"fields": ["mails"]}),
    ]
    readonly_fields = [
        "sign",
        "payment",
        "deadline",
        "problem",
        "contract_link",
        "buyer",
        "reseller_link",
        "supplier_link",
        "name",
        "code",
        "checkout",
        "wishes",
        "receipt",
        "cost",
        "margin",
        "delivered",
        "why",
        "mails",
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ResellerOrder]:
        return (
            super()
            .get_queryset(request)
            .select_related(
                "contract__payment", "contract__buyer", "reseller", "external_provider"
            )
            .defer("contract__ssh_public_key")
        )

    @admin.display(description="contract", ordering="contract_id")
    def key(self, order: ResellerOrder) -> str:
        return cells.short(order.contract_id)

    @admin.display(description="offering")
    def name(self, order: ResellerOrder) -> str:
        return str(order.contract.offering_snapshot["offer_name"])

    @admin.display(description="supplier")
    def supplier(self, order: ResellerOrder) -> str:
        return order.external_provider.name

    @admin.display(description="total")
    def total(self, order: ResellerOrder) -> str:
        return cells.amount(order.total_paid_e9s, order.currency)

    @admin.display(description="state", ordering="state")
    def sign(self, order: ResellerOrder) -> str:
        return cells.order_sign(order.state)

    @admin.display(description="payment")
    def payment(self, order: ResellerOrder) -> str:
        sign = cells.payment_sign(order.contract.payment.state)
        return cells.link(order.contract.payment, sign)

    @admin.display(description="next deadline")
    def deadline(self, order: ResellerOrder) -> str:
        return cells.next_deadline(order)

    @admin.display(description="placed", ordering="id")
    def created(self, order: ResellerOrder) -> str:
        return cells.moment(order.created_at)

    @admin.display(description="problem")
    def problem(self, order: ResellerOrder) -> str:
        contract = order.contract
        if not contract.problem_open:
            return "None open"
        since = cells.moment(contract.problem_at)
        return format_html("Reported {}: {}", since, contract.problem_text)

    @admin.display(description="contract")
    def contract_link(self, order: ResellerOrder) -> str:
        return cells.link(order.contract, order.contract_id)

    @admin.display(description="buyer")
    def buyer(self, order: ResellerOrder) -> str:
        return cells.link(order.contract.buyer)

    @admin.display(description="reseller")
    def reseller_link(self, order: ResellerOrder) -> str:
        return cells.link(order.reseller)

    @admin.display(description="external provider")
    def supplier_link(self, order: ResellerOrder) -> str:
        return cells.link(order.external_provider)

    @admin.display(description="code")
    def code(self, order: ResellerOrder) -> str:
        return str(order.contract.offering_snapshot["code"])

    @admin.display(description="where")
    def checkout(self, order: ResellerOrder) -> str:
        return cells.outside(order.contract.offering_snapshot.get("checkout_url", ""))

    @admin.display(description="the buyer's wishes")
    def wishes(self, order: ResellerOrder) -> str:
        system = order.contract.operating_system or "any system"
        note = order.contract.note
        return format_html("{}; {}", system, note) if note else system

    @admin.display(description="price receipt")
    def receipt(self, order: ResellerOrder) -> str:
        return cells.frozen_receipt_of(order, order.contract)

    @admin.display(description="actual cost")
    def cost(self, order: ResellerOrder) -> str:
        return cells.amount(order.actual_cost_e9s, order.actual_cost_currency)

    @admin.display(description="realised margin")
    def margin(self, order: ResellerOrder) -> str:
        """Total less actual cost; not worked out across currencies."""
        cost = order.actual_cost_e9s
        known = cost is not None and order.actual_cost_currency == order.currency
        margin = order.total_paid_e9s - cost if known and cost is not None else None
        return cells.amount(margin, order.currency)

    @admin.display(description="delivered")
    def delivered(self, order: ResellerOrder) -> str:
        """How much there is, never what."""
        count = len(order.external_order_details or {})
        return f"{count} details, for the buyer only" if count else cells.NONE

    @admin.display(description="reason code")
    def why(self, order: ResellerOrder) -> str:
        words = {str(code): words for code, words in REASON_WORDS.items()}
        return words.get(order.reason_code, cells.NONE)

    @admin.display(description="mails")
    def mails(self, order: ResellerOrder) -> str:
        return cells.mails(order)
