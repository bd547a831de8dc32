"""What the marketplace writes to sellers, buyers and staff, built when it is sent.

Each builder is named in `MAIL_BUILDERS` and answers None when there is nobody to tell,
or when things have moved on and the mail would no longer be true. Delivered details
never stand in a mail, a seller never reads the buyer's name.
Source: 4-marketplace, section 4 ("Mails").
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone

from marketplace.models import (
    DELIVERED_STATES,
    END_STATES,
    OrderState,
    PaymentState,
    Provider,
    ProviderRole,
    ResellerOrder,
    ResellerRelationship,
)
from resellers.models import AuditEntry, User
from resellers.money import Money

WHO_HANDLES_ORDERS = [ProviderRole.OWNER, ProviderRole.OPERATOR]

# To the seller


def order_new(order: int) -> EmailMessage | None:
    """A paid order came: what, total, commission, deadlines, link.

    Sent also when somebody was faster than the mail: it is the record that it came.
    """
    return to_seller("order_new", read(order))


def order_accept_due(order: int) -> EmailMessage | None:
    found = read(order)
    waits = found.state == OrderState.PLACED and found.accept_by is not None
    return to_seller("order_accept_due", found) if waits else None


def order_fulfil_due(order: int) -> EmailMessage | None:
    found = read(order)
    waits = found.state in {OrderState.ACCEPTED, OrderState.ORDERED}
    return to_seller("order_fulfil_due", found) if waits else None


def order_overdue(order: int) -> EmailMessage | None:
    found = read(order)
    late = found.state == OrderState.ORDERED
    return to_seller("order_overdue", found) if late else None


def order_expired(order: int) -> EmailMessage | None:
    found = read(order)
    over = found.state == OrderState.EXPIRED
    return to_seller("order_expired", found) if over else None


def order_cancelled(order: int) -> EmailMessage | None:
    found = read(order)
    over = found.state == OrderState.CANCELLED
    return to_seller("order_cancelled", found) if over else None


def problem_reported(order: int) -> EmailMessage | None:
    found = read(order)
    open_now = found.contract.problem_open
    return to_seller("problem_reported", found) if open_now else None


def prices_rose(relationship: int, import_entry: int) -> EmailMessage | None:
    """One mail per reseller and import: how many offerings became dearer."""
    found = ResellerRelationship.objects.select_related(
        "reseller", "external_provider"
    ).get(pk=relationship)
    entry = AuditEntry.objects.get(pk=import_entry)
    facts = {
        "seller": found.reseller.name,
        "supplier": found.external_provider.name,
        "count": (entry.after or {}).get("prices_rose", 0),
        "percent": settings.PRICE_DRIFT_PERCENT,
        "link": absolute(reverse("marketplace:relationship-dashboard")),
    }
    return compose("prices_rose", facts, seller_addresses(found.reseller))


# To the buyer


def order_placed(order: int) -> EmailMessage | None:
    """How to pay what was rented."""
    found = read(order)
    waits = found.contract.payment.state == PaymentState.AWAITING
    return to_buyer("order_placed", found) if waits else None


def payment_received(order: int) -> EmailMessage | None:
    return to_buyer("payment_received", read(order))


def order_fulfilled(order: int) -> EmailMessage | None:
    found = read(order)
    delivered = found.state in DELIVERED_STATES
    return to_buyer("order_fulfilled", found) if delivered else None


def details_corrected(order: int) -> EmailMessage | None:
    found = read(order)
    delivered = found.state in DELIVERED_STATES
    return to_buyer("details_corrected", found) if delivered else None


def order_ended(order: int) -> EmailMessage | None:
    """Why an order ended, and what happens to the money."""
    found = read(order)
    return to_buyer("order_ended", found) if found.state in END_STATES else None


def refund_sent(order: int) -> EmailMessage | None:
    found = read(order)
    sent = found.contract.payment.state == PaymentState.REFUNDED
    return to_buyer("refund_sent", found) if sent else None


# To staff


def staff_overdue(order: int) -> EmailMessage | None:
    found = read(order)
    late = found.state == OrderState.ORDERED
    return to_staff("staff_overdue", found) if late else None


def staff_problem(order: int) -> EmailMessage | None:
    found = read(order)
    return to_staff("staff_problem", found) if found.contract.problem_open else None


def staff_refund_due(order: int) -> EmailMessage | None:
    found = read(order)
    due = found.contract.payment.state == PaymentState.REFUND_DUE
    return to_staff("staff_refund_due", found) if due else None


# Reading and writing


def read(pk: int) -> ResellerOrder:
    return ResellerOrder.objects.select_related(
        "contract__payment",
        "contract__buyer",
        "offering",
        "reseller",
        "external_provider",
    ).get(pk=pk)


def to_seller(kind: str, order: ResellerOrder) -> EmailMessage | None:
    page = reverse("marketplace:order-detail", args=[order.contract_id])
    return compose(kind, words(order, page), seller_addresses(order.reseller))


def to_buyer(kind: str, order: ResellerOrder) -> EmailMessage | None:
    buyer = order.contract.buyer
    page = reverse("marketplace:contract-detail", args=[order.contract_id])
    facts = words(order, page) | {"buyer": buyer.get_short_name()}
    return compose(kind, facts, [buyer.email] if buyer.is_active else [])


def to_staff(kind: str, order: ResellerOrder) -> EmailMessage | None:
    staff = User.objects.filter(is_staff=True, is_active=True).order_by("email")
    page = reverse("admin:marketplace_resellerorder_change", args=[order.pk])
    return compose(kind, words(order, page), staff.values_list("email", flat=True))


def seller_addresses(seller: Provider) -> list[str]:
    """Owners and operators; without any, the provider's own address."""
    people = seller.members.filter(role__in=WHO_HANDLES_ORDERS, user__is_active=True)
    addresses = list(people.order_by("pk").values_list("user__email", flat=True))
    own = [seller.support_email] if seller.support_email else []
    return addresses or own


def words(order: ResellerOrder, page: str) -> dict[str, Any]:
    """Everything a mail may say about an order, ready to print."""
    contract, payment = order.contract, order.contract.payment
    amounts = {
        "base": order.base_price_e9s,
        "commission": order.commission_e9s,
        "total": order.total_paid_e9s,
    }
    sold = contract.offering_snapshot
    return {
        "name": one_line(sold.get("offer_name", order.offering.offer_name)),
        "code": sold.get("code", order.offering.code),
        "seller": one_line(order.reseller.name),
        "supplier": one_line(order.external_provider.name),
        "support_email": order.reseller.support_email,
        **{n: Money.from_e9s(v, order.currency) for n, v in amounts.items()},
        "currency": order.currency,
        "percent": order.commission_percent,
        "accept_by": moment(order.accept_by),
        "fulfil_by": moment(order.fulfil_by),
        "state": order.state,
        "reason": order.reason,
        "ended_by_staff": order.ended_by_staff,
        "payment": payment.state,
        "was_paid": payment.received_at is not None,
        "is_test": payment.method == "test",
        "reference": contract.payment_reference,
        "refund_reference": payment.refund_reference,
        "due_at": moment(payment.due_at),
        "instructions": settings.INVOICE_INSTRUCTIONS,
        "contract": contract.contract_id[:8],
        "has_details": bool(order.external_order_details),
        "link": absolute(page),
    }


def one_line(text: str) -> str:
    """A name that may stand in a subject."""
    return " ".join(text.split())


def moment(at: datetime | None) -> str:
    """A time as mails write it: 2 Mar 2026, 21:00 UTC."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{local.day} {local:%b %Y, %H:%M %Z}"


def absolute(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


def compose(
    kind: str, facts: dict[str, Any], addresses: Iterable[str]
) -> EmailMessage | None:
    """A message of `templates/marketplace/mail`: the first line is the subject.

    Plain text, so nothing is escaped; the subject stays one line.
    """
    to = list(addresses)
    if not to:
        return None
    template: Any = get_template(f"marketplace/mail/{kind}.txt")
    text = template.template.render(Context(facts, autoescape=False))
    subject, _, body = text.partition("\n")
    return EmailMessage(one_line(subject), body.lstrip("\n"), to=to)
