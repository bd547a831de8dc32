from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from marketplace.models.contract import Contract
from marketplace.models.fields import SIGNED_64_LIMIT, visible_ascii
from marketplace.models.offering import Offering
from marketplace.models.provider import Provider
from marketplace.pricing import Offer
from resellers.models import checks


class OrderState(models.TextChoices):
    PLACED = "placed"
    ACCEPTED = "accepted"
    ORDERED = "ordered"
    FULFILLED = "fulfilled"
    COMPLETED = "completed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FAILED = "failed"


OPEN_STATES = [OrderState.PLACED, OrderState.ACCEPTED, OrderState.ORDERED]
DELIVERED_STATES = [OrderState.FULFILLED, OrderState.COMPLETED]
END_STATES = [
    OrderState.REJECTED,
    OrderState.EXPIRED,
    OrderState.CANCELLED,
    OrderState.FAILED,
]

# state: the states it may be reached from (who and when: 4-marketplace, section 4)
MOVES = {
    OrderState.PLACED: {OrderState.REJECTED, OrderState.EXPIRED, OrderState.FAILED},
    OrderState.ACCEPTED: {OrderState.PLACED},
    OrderState.ORDERED: {OrderState.PLACED, OrderState.ACCEPTED},
    OrderState.FULFILLED: set(OPEN_STATES),
    OrderState.COMPLETED: {OrderState.FULFILLED},
    OrderState.REJECTED: {OrderState.PLACED, OrderState.ACCEPTED},
    OrderState.EXPIRED: {OrderState.PLACED, OrderState.ACCEPTED},
    OrderState.CANCELLED: set(OPEN_STATES),
    OrderState.FAILED: {
        OrderState.ACCEPTED,
        OrderState.ORDERED,
        OrderState.FULFILLED,
    },
}


class OrderStatus(models.TextChoices):
    """The source document's three words: a projection of the state."""

    PENDING = "pending"
    FULFILLED = "fulfilled"
    FAILED = "failed"


STATUS_OF_STATE = {
    **dict.fromkeys(OPEN_STATES, OrderStatus.PENDING),
    **dict.fromkeys(DELIVERED_STATES, OrderStatus.FULFILLED),
    **dict.fromkeys(END_STATES, OrderStatus.FAILED),
}


class ReasonCode(models.TextChoices):
    OUT_OF_STOCK = "out_of_stock"
    PRICE_CHANGED = "price_changed"
    CANNOT_MEET_REQUIREMENTS = "cannot_meet_requirements"
    SUPPLIER_REFUSED = "supplier_refused"
    OTHER = "other"


class OrderQuerySet(models.QuerySet["ResellerOrder"]):
    def for_provider(self, provider: Provider) -> Self:
        """The orders this reseller must fulfil; never the external provider's."""
        return self.filter(reseller=provider)

    def with_status(self, status: str) -> Self:
        states = [s for s, projected in STATUS_OF_STATE.items() if projected == status]
        return self.filter(state__in=states)

    def paid(self) -> Self:
        return self.filter(contract__payment__state="received")

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def overdue(self, now: datetime) -> Self:
        return self.open().filter(fulfil_by__lt=now)


class ResellerOrder(models.Model):
    """The reseller's side of a contract for a seeded offering; prices are frozen.

    `actions.orders` moves the state by guarded updates along `MOVES`.
    Source: document 1, table `reseller_orders`.
    """

    contract = models.OneToOneField(
        Contract, models.PROTECT, related_name="reseller_order"
    )
    created_at = models.DateTimeField()
    reseller = models.ForeignKey(
        Provider, models.PROTECT, related_name="orders_to_fulfil"
    )
    external_provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="orders_supplied"
    )
    offering = models.ForeignKey(Offering, models.PROTECT, related_name="orders")
    currency = models.CharField(max_length=3)
    commission_percent = models.IntegerField()
    base_price_e9s = models.BigIntegerField()
    commission_e9s = models.BigIntegerField()
    total_paid_e9s = models.BigIntegerField()
    price_rule = models.CharField(max_length=20, default="price/1")
    rate_rule_ref = models.CharField(max_length=100, blank=True, default="")
    pick = models.JSONField()
    state = models.CharField(
        max_length=10, choices=OrderState, default=OrderState.PLACED
    )
    external_order_id = models.CharField(
        max_length=100, blank=True, default="", validators=[visible_ascii]
    )
    external_order_details = models.JSONField(null=True, blank=True)
    actual_cost_e9s = models.BigIntegerField(null=True, blank=True)
    actual_cost_currency = models.CharField(max_length=3, blank=True, default="")
    accept_within_hours = models.IntegerField()
    fulfil_within_hours = models.IntegerField()
    accept_by = models.DateTimeField(null=True, blank=True)
    fulfil_by = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    ordered_at = models.DateTimeField(null=True, blank=True)
    fulfilled_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    completion_due_at = models.DateTimeField(null=True, blank=True)
    on_time = models.BooleanField(null=True, blank=True)
    reason_code = models.CharField(
        max_length=30, choices=ReasonCode, blank=True, default=""
    )
    reason = models.TextField(max_length=1000, blank=True, default="")

    objects = OrderQuerySet.as_manager()
    audit_label = "marketplace.order"

    class Meta:
        db_table = "reseller_orders"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                F("external_provider"),
                Lower("external_order_id"),
                name="order_external_id_unique",
                condition=~Q(external_order_id=""),
                violation_error_code="external_order_id_taken",
            ),
            checks.in_range("order_base_price", "base_price_e9s", 1, SIGNED_64_LIMIT),
            checks.in_range("order_commission", "commission_e9s", 0, SIGNED_64_LIMIT),
            checks.in_range("order_total_paid", "total_paid_e9s", 1, SIGNED_64_LIMIT),
            checks.in_range("order_actual_cost", "actual_cost_e9s", 0, SIGNED_64_LIMIT),
            checks.in_range(
                "order_commission_percent",
                "commission_percent",
                0,
                50,
                code="commission_out_of_range",
            ),
            models.CheckConstraint(
                name="order_total_adds_up",
                condition=Q(total_paid_e9s=F("base_price_e9s") + F("commission_e9s")),
                violation_error_code="total_does_not_add_up",
            ),
            checks.one_of("order_state_known", "state", OrderState.values),
            checks.one_of(
                "order_reason_code_known", "reason_code", ["", *ReasonCode.values]
            ),
            checks.length("order_currency_length", "currency", 3, 3),
            checks.length("order_external_id_length", "external_order_id", 0, 100),
            checks.length("order_reason_length", "reason", 0, 1000),
            models.CheckConstraint(
                name="order_fulfilled_has_time",
                condition=~Q(state__in=DELIVERED_STATES)
                | Q(fulfilled_at__isnull=False) & ~Q(external_order_id=""),
                violation_error_code="external_order_id_required",
            ),
            models.CheckConstraint(
                name="order_end_is_decided",
                condition=~Q(state__in=[*END_STATES, *DELIVERED_STATES])
                | Q(decided_at__isnull=False),
                violation_error_code="end_needs_time",
            ),
        ]
        indexes = [
            # the queue: one reseller's open orders, nearest deadline first
            models.Index(
                fields=["reseller", "state", "fulfil_by"],
                name="idx_reseller_orders_reseller",
            ),
            # the clock: everybody's overdue orders
            models.Index(
                fields=["state", "fulfil_by"], name="idx_reseller_orders_status"
            ),
            # the clock: placed past accept_by
            models.Index(fields=["state", "accept_by"], name="order_accept_due"),
            # the API's list and the tabs "done" and "failed", newest first
            models.Index(fields=["reseller", "-id"], name="order_newest"),
            # the counted orders of the last 90 days behind "on time"
            models.Index(
                fields=["reseller", "decided_at"],
                name="order_counted",
                condition=Q(on_time__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Order {self.contract_id[:8]}"

    @property
    def audit_ref(self) -> str:
        return self.contract_id

    @property
    def frozen_offer(self) -> Offer:
        """The offer as it was sold, from the frozen columns alone."""
        return Offer(
            base_e9s=self.base_price_e9s,
            percent=self.commission_percent,
            commission_e9s=self.commission_e9s,
            total_e9s=self.total_paid_e9s,
            currency=self.currency,
            rule=self.price_rule,
        )

    @property
    def status(self) -> OrderStatus:
        return STATUS_OF_STATE[OrderState(self.state)]

    @property
    def ended_by_staff(self) -> bool:
        """Whether staff rejected or failed it, in the reseller's place or over it.

        What was fulfilled is failed by staff alone.
        """
        if self.state not in {OrderState.REJECTED, OrderState.FAILED}:
            return False
        if self.fulfilled_at is not None:
            return True
        latest = self.attempts.order_by("-number").first()
        return latest is not None and latest.on_behalf

    def is_overdue(self, now: datetime) -> bool:
        late = self.fulfil_by is not None and self.fulfil_by < now
        return late and self.state in OPEN_STATES
