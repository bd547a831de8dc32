from django.db import models
from django.db.models import Q

from marketplace.models.contract import Contract
from marketplace.models.fields import SIGNED_64_LIMIT
from resellers.models import User, checks


class PaymentMethod(models.TextChoices):
    TEST = "test"
    INVOICE = "invoice"
    STRIPE = "stripe"


class PaymentState(models.TextChoices):
    AWAITING = "awaiting"
    RECEIVED = "received"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"
    VOID = "void"


# state: the states it may be reached from
PAYMENT_MOVES = {
    PaymentState.RECEIVED: {PaymentState.AWAITING, PaymentState.REFUND_DUE},
    PaymentState.REFUND_DUE: {
        PaymentState.RECEIVED,
        PaymentState.AWAITING,
        PaymentState.VOID,
    },
    PaymentState.REFUNDED: {PaymentState.REFUND_DUE},
    PaymentState.VOID: {PaymentState.AWAITING},
    PaymentState.AWAITING: {PaymentState.VOID},
}
PAID_STATES = [
    PaymentState.RECEIVED,
    PaymentState.REFUND_DUE,
    PaymentState.REFUNDED,
]


class Payment(models.Model):
    """The one payment of a contract. "Refunded" is said only once money has left.

    Moved by `actions.payments` and by the ends of `actions.orders`.
    """

    contract = models.OneToOneField(Contract, models.PROTECT, related_name="payment")
    method = models.CharField(max_length=10, choices=PaymentMethod)
    state = models.CharField(
        max_length=10, choices=PaymentState, default=PaymentState.AWAITING
    )
    amount_e9s = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    due_at = models.DateTimeField()
    reference = models.CharField(max_length=200, blank=True, default="")
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    refund_reference = models.CharField(max_length=200, blank=True, default="")
    refunded_at = models.DateTimeField(null=True, blank=True)
    refunded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            checks.one_of("payment_method_known", "method", PaymentMethod.values),
            checks.one_of("payment_state_known", "state", PaymentState.values),
            checks.in_range("payment_amount", "amount_e9s", 1, SIGNED_64_LIMIT),
            checks.length("payment_currency_length", "currency", 3, 3),
            checks.length("payment_reference_length", "reference", 0, 200),
            models.CheckConstraint(
                name="payment_received_has_time",
                condition=~Q(state__in=PAID_STATES)
                | Q(received_at__isnull=False) & ~Q(reference=""),
                violation_error_code="received_needs_reference",
            ),
            models.CheckConstraint(
                name="payment_refunded_has_time",
                condition=~Q(state=PaymentState.REFUNDED)
                | Q(refunded_at__isnull=False) & ~Q(refund_reference=""),
                violation_error_code="refund_needs_reference",
            ),
        ]
        indexes = [
            # the clock's unpaid orders past their date; staff's money to match or send
            models.Index(fields=["state", "due_at"], name="payment_due"),
        ]

    def __str__(self) -> str:
        return f"Payment of {self.contract}"

    @property
    def audit_ref(self) -> str:
        return self.contract_id
