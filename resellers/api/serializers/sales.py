"""Sales as JSON: the fact that arrived, and its answer."""

from typing import Any

from rest_framework import serializers

from resellers.api import examples
from resellers.api.examples import shown_as
from resellers.api.serializers.fields import (
    AdminBody,
    AmountField,
    AmountOut,
    ClearableField,
    MomentOut,
    RateOut,
    TextOut,
)
from resellers.models import Outcome, RateScope, SaleKind, SaleSource
from resellers.parsing.serializers import (
    StrictCharField,
    StrictChoiceField,
    StrictDateTimeField,
)

TEXT_LENGTH, KEY_LENGTH = 255, 200


@shown_as(examples.SALE_ANSWER, answer=True)
class SaleAnswerOut(serializers.Serializer[Any]):
    """What became of a fact. Amounts are minor units; the commission is signed."""

    id = serializers.UUIDField(read_only=True)
    eventKey = serializers.CharField(source="event_key", read_only=True)
    kind = serializers.ChoiceField(SaleKind.choices, read_only=True)
    outcome = serializers.ChoiceField(Outcome.choices, read_only=True)
    resellerId = serializers.UUIDField(
        source="referral.reseller_id", read_only=True, allow_null=True
    )
    referralId = serializers.UUIDField(
        source="referral_id", read_only=True, allow_null=True
    )
    amount = serializers.SerializerMethodField()
    currency = TextOut()
    commissionRate = RateOut(source="rate", allow_null=True)
    rateScope = serializers.ChoiceField(
        RateScope.choices, source="rate_scope", read_only=True, allow_null=True
    )
    commission = AmountOut(source="commission_minor", allow_null=True)
    explanation = serializers.SerializerMethodField()

    def get_amount(self, sale: Any) -> int | None:
        return sale.amount_minor if sale.currency else None

    def get_explanation(self, sale: Any) -> str:
        return str(self.context["explanations"][sale.pk])

    def to_representation(self, instance: Any) -> Any:
        shown = super().to_representation(instance)
        shown["rateScope"] = shown["rateScope"] or None
        return shown


class SaleOut(SaleAnswerOut):
    """A fact and its answer, with everything that was sent."""

    customerRef = TextOut(source="customer_ref")
    resellerCode = TextOut(source="reseller_code")
    saleKey = TextOut(source="sale_key")
    description = TextOut()
    invoiceRef = TextOut(source="invoice_ref")
    paymentRef = TextOut(source="payment_ref")
    source = serializers.ChoiceField(  # type: ignore[assignment]  # it is called so
        SaleSource.choices, read_only=True
    )
    occurredAt = MomentOut(source="occurred_at")
    receivedAt = MomentOut(source="received_at")
    postedAt = MomentOut(source="posted_at", allow_null=True)


@shown_as(examples.NEW_SALE)
class NewSale(AdminBody):
    """A payment, refund, dispute or document, as the shop knows it."""

    eventKey = StrictCharField(
        source="event_key",
        max_length=KEY_LENGTH,
        trim_whitespace=False,
        help_text="Names the event once and for all; at most 200 of A-Z a-z 0-9 : _ . -",
        codes=dict.fromkeys(["too_long", "invalid_character"], "invalid_event_key"),
    )
    kind = StrictChoiceField(SaleKind.choices)
    customerRef = ClearableField(source="customer_ref", max_length=TEXT_LENGTH)
    resellerCode = ClearableField(source="reseller_code", max_length=TEXT_LENGTH)
    saleKey = ClearableField(source="sale_key", max_length=TEXT_LENGTH)
    amount = AmountField(required=False, allow_null=True)
    currency = ClearableField(max_length=3, code="unknown_currency")
    occurredAt = StrictDateTimeField(source="occurred_at")
    description = ClearableField(max_length=TEXT_LENGTH)
    invoiceRef = ClearableField(source="invoice_ref", max_length=TEXT_LENGTH)
    paymentRef = ClearableField(source="payment_ref", max_length=TEXT_LENGTH)
