from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from marketplace.models.fields import SIGNED_64_LIMIT
from marketplace.models.order import END_STATES, OrderState, ReasonCode, ResellerOrder
from resellers.models import User, checks
from resellers.pg import AppendOnly

OUTCOMES = [OrderState.FULFILLED, *END_STATES]


class AttemptQuerySet(models.QuerySet["FulfilmentAttempt"]):
    def open(self) -> "AttemptQuerySet":
        return self.filter(outcome="")


class FulfilmentAttempt(models.Model):
    """One try at fulfilling an order; a re-opened order starts the next one.

    An ended attempt never changes: it says what was bought and why it ended.
    """

    append_only = AppendOnly(
        mutable=frozenset(
            {
                "ended_at",
                "outcome",
                "external_order_id",
                "actual_cost_e9s",
                "actual_cost_currency",
                "reason_code",
                "reason",
                "actor_id",
                "on_behalf",
            }
        ),
        state="outcome",
        moves={outcome: frozenset({""}) for outcome in OUTCOMES},
    )

    order = models.ForeignKey(ResellerOrder, models.PROTECT, related_name="attempts")
    number = models.IntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        max_length=10, choices=OrderState, blank=True, default=""
    )
    external_order_id = models.CharField(max_length=100, blank=True, default="")
    actual_cost_e9s = models.BigIntegerField(null=True, blank=True)
    actual_cost_currency = models.CharField(max_length=3, blank=True, default="")
    reason_code = models.CharField(
        max_length=30, choices=ReasonCode, blank=True, default=""
    )
    reason = models.TextField(max_length=1000, blank=True, default="")
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_behalf = models.BooleanField(default=False)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["order_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "number"], name="attempt_number_unique"
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(outcome=""),
                name="attempt_one_open",
                violation_error_code="attempt_open",
            ),
            checks.in_range("attempt_number_range", "number", 1, 10_000),
            checks.in_range(
                "attempt_actual_cost", "actual_cost_e9s", 0, SIGNED_64_LIMIT
            ),
            checks.one_of("attempt_outcome_known", "outcome", ["", *OUTCOMES]),
            models.CheckConstraint(
                name="attempt_ended_has_time",
                condition=Q(outcome="", ended_at__isnull=True)
                | ~Q(outcome="") & Q(ended_at__isnull=False),
                violation_error_code="attempt_needs_time",
            ),
        ]
        indexes = [
            # is this external id taken? The ids of earlier attempts stay taken
            models.Index(Lower("external_order_id"), name="attempt_external_id"),
        ]

    def __str__(self) -> str:
        return f"Attempt {self.number} of {self.order}"
