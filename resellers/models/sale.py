"""A fact that arrived, kept with its answer: the commission, or why there is none."""

import uuid
from typing import Any, NoReturn, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from resellers import clock
from resellers.commission import BasisPoints
from resellers.models import checks
from resellers.models.rate import RateScope
from resellers.models.referral import Referral
from resellers.models.reseller import Reseller
from resellers.money import LIMIT_MINOR, Money
from resellers.pg import AppendOnly

SOURCE = "resellers.sale"
"""How the ledger names what a sale posted; `source_ref` is the paid Sale's id."""


class SaleKind(models.TextChoices):
    PAID = "paid", "paid"
    REFUNDED = "refunded", "refunded"
    RESTORED = "restored", "restored"
    DISPUTED = "disputed", "disputed"
    RELEASED = "released", "released"
    DOCUMENT = "document", "document"


MONEY_KINDS = [SaleKind.PAID, SaleKind.REFUNDED, SaleKind.RESTORED]
CUSTOMER_KINDS = [SaleKind.PAID, SaleKind.DOCUMENT]
FOLLOWING_KINDS = [
    SaleKind.REFUNDED,
    SaleKind.RESTORED,
    SaleKind.DISPUTED,
    SaleKind.RELEASED,
]


class SaleSource(models.TextChoices):
    API = "api", "API"
    STRIPE = "stripe", "Stripe"
    IMPORT = "import", "import"
    STAFF = "staff", "staff"


class Outcome(models.TextChoices):
    EARNED = "earned", "earned"
    HELD = "held", "earned, put on hold"
    ZERO = "zero", "rate or amount makes zero"
    NOT_ATTRIBUTED = "not_attributed", "nobody's customer"
    NO_RATE = "no_rate", "no rate"
    REVERSED = "reversed", "taken back"
    RESTORED = "restored", "given back"
    NO_EFFECT = "no_effect", "no commission to change"
    WAITING = "waiting", "waits for its sale"
    ON_HOLD = "on_hold", "put on hold"
    RELEASED = "released", "let go"
    COUNTED = "counted", "counted"


OUTCOMES: dict[SaleKind, frozenset[Outcome]] = {
    SaleKind.PAID: frozenset(
        {
            Outcome.EARNED,
            Outcome.HELD,
            Outcome.ZERO,
            Outcome.NOT_ATTRIBUTED,
            Outcome.NO_RATE,
        }
    ),
    SaleKind.REFUNDED: frozenset(
        {Outcome.REVERSED, Outcome.NO_EFFECT, Outcome.WAITING}
    ),
    SaleKind.RESTORED: frozenset(
        {Outcome.RESTORED, Outcome.NO_EFFECT, Outcome.WAITING}
    ),
    SaleKind.DISPUTED: frozenset({Outcome.ON_HOLD, Outcome.NO_EFFECT, Outcome.WAITING}),
    SaleKind.RELEASED: frozenset(
        {Outcome.RELEASED, Outcome.NO_EFFECT, Outcome.WAITING}
    ),
    SaleKind.DOCUMENT: frozenset({Outcome.COUNTED, Outcome.NOT_ATTRIBUTED}),
}
"""What each kind may be answered with."""

UNPOSTED_OUTCOMES = [Outcome.NOT_ATTRIBUTED, Outcome.NO_RATE, Outcome.WAITING]
"""Answers that are never final; `no_effect` waits too, while its sale is unposted."""

ATTRIBUTED_OUTCOMES = [
    Outcome.EARNED,
    Outcome.HELD,
    Outcome.ZERO,
    Outcome.COUNTED,
    Outcome.NO_RATE,
]

ANSWER = frozenset(
    {
        "sale_id",
        "referral_id",
        "rate_bp",
        "rate_scope",
        "rate_since",
        "commission_minor",
        "outcome",
        "posted_at",
    }
)


REF_LENGTH = 120
"""How long the name of an object is in the trail."""


def _answers() -> Q:
    known = Q()
    for kind, outcomes in OUTCOMES.items():
        known |= Q(kind=kind.value, outcome__in=sorted(outcomes))
    return known


class SaleQuerySet(models.QuerySet["Sale"]):
    def for_reseller(self, reseller: Reseller) -> Self:
        return self.filter(referral__reseller=reseller)

    def unposted(self) -> Self:
        return self.filter(posted_at=None)

    def posted(self) -> Self:
        return self.exclude(posted_at=None)

    def paid(self) -> Self:
        return self.filter(kind=SaleKind.PAID)

    def following(self, event_key: str) -> Self:
        """What refers to this sale, in order of occurrence."""
        return self.filter(kind__in=FOLLOWING_KINDS, sale_key=event_key).order_by(
            "occurred_at", "received_at", "id"
        )


class Sale(models.Model):
    """Written by `actions.sales.record_sale`, for every door; the fact never changes,
    and the answer is written once: the row is sealed by `posted_at`.

    `commission_minor` is signed: what this event earned or took back. `sale` is the
    paid Sale that a refund, restore, dispute or release belongs to.
    Source: 5-resellers, sections 1 and 6.
    """

    append_only = AppendOnly(
        mutable=ANSWER,
        sealed_by="posted_at",
        integers=("amount_minor", "commission_minor", "rate_bp"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=SaleKind)
    source = models.CharField(max_length=10, choices=SaleSource)
    event_key = models.CharField(
        max_length=200,
        validators=[
            RegexValidator(r"\A[A-Za-z0-9:_.-]{1,200}\Z", code="invalid_event_key")
        ],
    )
    fingerprint = models.CharField(max_length=64)
    customer_ref = models.CharField(max_length=255, blank=True, default="")
    reseller_code = models.CharField(max_length=255, blank=True, default="")
    sale_key = models.CharField(max_length=255, blank=True, default="")
    description = models.CharField(max_length=255, blank=True, default="")
    invoice_ref = models.CharField(max_length=255, blank=True, default="")
    payment_ref = models.CharField(max_length=255, blank=True, default="")
    currency = models.CharField(max_length=3, blank=True, default="")
    amount_minor = models.BigIntegerField(default=0)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)

    sale = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="followers",
        db_index=False,
    )
    referral = models.ForeignKey(
        Referral,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sales",
        db_index=False,
    )
    rate_bp = models.IntegerField(null=True, blank=True)
    rate_scope = models.CharField(
        max_length=10, choices=RateScope, blank=True, default=""
    )
    rate_since = models.DateTimeField(null=True, blank=True)
    commission_minor = models.BigIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome)
    posted_at = models.DateTimeField(null=True, blank=True)

    objects = SaleQuerySet.as_manager()

    class Meta:
        ordering = ["-occurred_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event_key"],
                name="sale_event_key",
                violation_error_code="event_key_reused",
            ),
            checks.one_of("sale_kind_known", "kind", SaleKind.values),
            checks.one_of("sale_source_known", "source", SaleSource.values),
            checks.one_of(
                "sale_rate_scope_known", "rate_scope", ["", *RateScope.values]
            ),
            checks.length("sale_event_key_length", "event_key", 1, 200),
            checks.length("sale_fingerprint_length", "fingerprint", 64, 64),
            *(
                checks.length(f"sale_{field}_length", field, 0, 255)
                for field in (
                    "customer_ref",
                    "reseller_code",
                    "sale_key",
                    "description",
                    "invoice_ref",
                    "payment_ref",
                )
            ),
            checks.in_range(
                "sale_amount_range",
                "amount_minor",
                0,
                LIMIT_MINOR,
                code="amount_out_of_range",
            ),
            checks.in_range(
                "sale_commission_range",
                "commission_minor",
                -LIMIT_MINOR,
                LIMIT_MINOR,
                code="amount_out_of_range",
            ),
            checks.in_range(
                "sale_rate_range", "rate_bp", 0, 10_000, code="rate_out_of_range"
            ),
            models.CheckConstraint(
                name="sale_money_by_kind",
                condition=Q(
                    kind__in=[each.value for each in MONEY_KINDS],
                    currency__regex=r"\A[A-Z]{3}\Z",
                )
                | Q(
                    kind__in=["disputed", "released", "document"],
                    currency="",
                    amount_minor=0,
                ),
                violation_error_code="currency_mismatch",
            ),
            models.CheckConstraint(
                name="sale_names_its_fact",
                condition=Q(
                    kind__in=[each.value for each in CUSTOMER_KINDS], sale_key=""
                )
                & ~Q(customer_ref="")
                | Q(kind__in=[each.value for each in FOLLOWING_KINDS])
                & ~Q(sale_key=""),
            ),
            models.CheckConstraint(name="sale_outcome_of_kind", condition=_answers()),
            models.CheckConstraint(
                name="sale_unposted_outcomes",
                condition=Q(posted_at__isnull=False)
                | Q(
                    outcome__in=[
                        *(each.value for each in UNPOSTED_OUTCOMES),
                        Outcome.NO_EFFECT.value,
                    ]
                ),
            ),
            models.CheckConstraint(
                name="sale_posted_is_whole",
                condition=Q(posted_at__isnull=True)
                | Q(
                    kind="paid",
                    outcome__in=["earned", "held", "zero"],
                    referral__isnull=False,
                    rate_bp__isnull=False,
                    rate_since__isnull=False,
                    commission_minor__isnull=False,
                    commission_minor__gte=0,
                )
                & ~Q(rate_scope="")
                | Q(
                    kind="refunded",
                    outcome__in=["reversed", "no_effect"],
                    sale__isnull=False,
                    commission_minor__isnull=False,
                    commission_minor__lte=0,
                )
                | Q(
                    kind="restored",
                    outcome__in=["restored", "no_effect"],
                    sale__isnull=False,
                    commission_minor__isnull=False,
                    commission_minor__gte=0,
                )
                | Q(
                    kind__in=["disputed", "released"],
                    outcome__in=["on_hold", "released", "no_effect"],
                    sale__isnull=False,
                )
                | Q(kind="document", outcome="counted", referral__isnull=False),
            ),
        ]
        indexes = [
            # the list, newest first
            models.Index(fields=["-occurred_at", "-id"], name="sale_newest"),
            # refunds of a sale, and those that wait for it
            models.Index(
                fields=["sale_key"],
                name="sale_followers",
                condition=~Q(sale_key=""),
            ),
            # totals of resellers: a range of the index, amounts included
            models.Index(
                fields=["referral", "currency", "kind", "amount_minor"],
                name="sale_totals",
            ),
            # a customer's sales, for attribution after the fact
            models.Index(fields=["customer_ref", "occurred_at"], name="sale_customer"),
            # what has no final answer yet: staff's tasks
            models.Index(
                fields=["outcome", "occurred_at"],
                name="sale_unposted",
                condition=Q(posted_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.event_key

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("sales are never deleted")

    @property
    def money(self) -> Money | None:
        return Money(self.amount_minor, self.currency) if self.currency else None

    @property
    def commission(self) -> Money | None:
        if self.commission_minor is None or not self.currency:
            return None
        return Money(self.commission_minor, self.currency)

    @property
    def rate(self) -> BasisPoints | None:
        return None if self.rate_bp is None else BasisPoints(self.rate_bp)

    @property
    def is_posted(self) -> bool:
        return self.posted_at is not None

    @property
    def audit_ref(self) -> str:
        """The event key; of a longer one than the trail keeps, the row's id."""
        return self.event_key if len(self.event_key) <= REF_LENGTH else str(self.pk)
