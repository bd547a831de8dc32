"""Attempts at fulfilling orders, to be read."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from marketplace.admin import cells
from marketplace.admin.searching import SaleAdmin, sale_paths
from marketplace.models import FulfilmentAttempt
from resellers import audit


@admin.register(FulfilmentAttempt)
class AttemptAdmin(SaleAdmin[FulfilmentAttempt]):
    paths = sale_paths(
        "order__", "order__contract__", "order__contract__contract_id"
    ) | {"external_id": ["external_order_id"]}
    list_display = [
        "contract",
        "number",
        "reseller",
        "started",
        "sign",
        "external_order_id",
        "on_behalf",
    ]
    list_filter = ["outcome", "on_behalf"]
    ordering = ["-id"]
    sortable_by = ["started"]
    fieldsets = [
        (None, {"fields": ["order_link", "number", "sign"]}),
        ("Times", {"fields": ["started_at", "ended_at"]}),
        ("Purchase", {"fields": ["external_order_id", "cost"]}),
        ("Ending", {"fields": ["reason_code", "reason", "actor", "on_behalf"]}),
    ]
    readonly_fields = ["order_link", "sign", "cost"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FulfilmentAttempt]:
        return (
            super()
            .get_queryset(request)
            .select_related("order__reseller", "actor")
            .defer("order__external_order_details")
        )

    def trail_of(self, row: FulfilmentAttempt) -> tuple[str, str]:
        """An attempt is told of on its order."""
        return audit.identity(row.order)

    @admin.display(description="contract")
    def contract(self, attempt: FulfilmentAttempt) -> str:
        return cells.short(attempt.order.contract_id)

    @admin.display(description="reseller")
    def reseller(self, attempt: FulfilmentAttempt) -> str:
        return attempt.order.reseller.name

    @admin.display(description="started", ordering="id")
    def started(self, attempt: FulfilmentAttempt) -> str:
        return cells.moment(attempt.started_at)

    @admin.display(description="outcome", ordering="outcome")
    def sign(self, attempt: FulfilmentAttempt) -> str:
        return cells.order_sign(attempt.outcome) if attempt.outcome else "Open"

    @admin.display(description="order")
    def order_link(self, attempt: FulfilmentAttempt) -> str:
        return cells.link(attempt.order)

    @admin.display(description="actual cost")
    def cost(self, attempt: FulfilmentAttempt) -> str:
        currency = attempt.actual_cost_currency
        return cells.amount(attempt.actual_cost_e9s if currency else None, currency)
