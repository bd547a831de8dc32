"""What the marketplace waits for staff with, for the front page of the admin.

Source: 4-marketplace, section 9, "Admin".
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, QuerySet, Sum
from django.urls import reverse
from django.utils.http import urlencode

from marketplace.admin.order import PROBLEM_OPEN
from marketplace.models import Payment, PaymentMethod, PaymentState, ResellerOrder
from resellers.desk.tasks import StaffTask, earliest
from resellers.templatetags.moneys import e9s_text

PAYMENTS = "marketplace.view_payment"
ORDERS = "marketplace.view_resellerorder"


def money(_now: datetime) -> Iterator[StaffTask]:
    """Invoices to match with the bank's statement, refunds to send."""
    awaited = {"state": PaymentState.AWAITING, "method": PaymentMethod.INVOICE}
    invoices = by_currency(Payment.objects.filter(**awaited), "due_at")
    yield StaffTask(
        label="Invoices to match",
        url=filtered("payment", state__exact="awaiting", method__exact="invoice"),
        permission=PAYMENTS,
        about="Transfers that buyers were asked for",
        tone="info",
        is_deadline=True,
        **invoices,
    )
    due = Payment.objects.filter(state=PaymentState.REFUND_DUE)
    yield StaffTask(
        label="Refunds to send",
        url=filtered("payment", state__exact="refund_due"),
        permission=PAYMENTS,
        about="Money that belongs to buyers of orders that ended",
        tone="overdue",
        **by_currency(due, "contract__reseller_order__decided_at"),
    )


def orders(now: datetime) -> Iterator[StaffTask]:
    """Orders past their promise, and deliveries that do not work."""
    late = ResellerOrder.objects.overdue(now)
    yield StaffTask(
        label="Orders overdue",
        url=filtered("resellerorder", needs="overdue"),
        permission=ORDERS,
        about="Open past the delivery that was promised",
        tone="overdue",
        is_deadline=True,
        **counted(late, "fulfil_by"),
    )
    broken = ResellerOrder.objects.filter(PROBLEM_OPEN)
    yield StaffTask(
        label="Problems open",
        url=filtered("resellerorder", needs="problem"),
        permission=ORDERS,
        about="Delivered, but the buyer says that it does not work",
        tone="overdue",
        **counted(broken, "contract__problem_at"),
    )


def filtered(model: str, **parameters: str) -> str:
    page = reverse(f"admin:marketplace_{model}_changelist")
    return f"{page}?{urlencode(parameters)}"


def counted(rows: QuerySet[ResellerOrder], moment: str) -> dict[str, Any]:
    found = rows.order_by().aggregate(count=Count("pk"), moment=Min(moment))
    return {"count": found["count"], "moment": found["moment"]}


def by_currency(rows: QuerySet[Payment], moment: str) -> dict[str, Any]:
    """How many, how much in each currency, and the earliest time."""
    found = list(
        rows.order_by()
        .values("currency")
        .annotate(
            rows=Count("pk"),
            # Whole thousandths in every currency, so that a sum fits 64 bits.
            thousandths=Sum(F("amount_e9s") / 10**6),
            earliest=Min(moment),
        )
        .order_by("currency")
    )
    return {
        "count": sum(each["rows"] for each in found),
        "amounts": tuple(
            e9s_text(each["thousandths"] * 10**6, each["currency"]) for each in found
        ),
        "moment": earliest(each["earliest"] for each in found),
    }
