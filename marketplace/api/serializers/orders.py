"""Reseller orders as JSON: rows without delivered details, the order with them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace import pricing
from marketplace.api.serializers.fields import AmountField, E9sField, NanosecondsField
from marketplace.models import (
    OrderState,
    OrderStatus,
    PaymentState,
    ReasonCode,
    ResellerOrder,
)
from marketplace.presentation.mails import SELLER, mails_about
from resellers.parsing.serializers import (
    JsonObjectField,
    StrictCharField,
    StrictIntegerField,
    StrictSerializer,
)


class OrderRowOut(serializers.Serializer[Any]):
    """A reseller order as lists show it."""

    id = serializers.IntegerField(read_only=True)
    contract_id = serializers.CharField(read_only=True)
    reseller_pubkey = serializers.CharField(source="reseller.pubkey", read_only=True)
    external_provider_pubkey = serializers.CharField(
        source="external_provider.pubkey", read_only=True
    )
    offering_id = serializers.IntegerField(read_only=True)
    offering_name = serializers.SerializerMethodField()
    currency = serializers.CharField(read_only=True)
    commission_percent = serializers.IntegerField(read_only=True)
    base_price_e9s = E9sField()
    base_price = AmountField(of="base_price_e9s")
    commission_e9s = E9sField()
    commission = AmountField(of="commission_e9s")
    total_paid_e9s = E9sField()
    total_paid = AmountField(of="total_paid_e9s")
    status = serializers.ChoiceField(OrderStatus.choices, read_only=True)
    state = serializers.ChoiceField(OrderState.choices, read_only=True)
    payment = serializers.ChoiceField(
        PaymentState.choices, source="contract.payment.state", read_only=True
    )
    external_order_id = serializers.CharField(read_only=True)
    actual_cost_e9s = E9sField(allow_null=True)
    actual_cost = AmountField(
        of="actual_cost_e9s", currency="actual_cost_currency", allow_null=True
    )
    actual_cost_currency = serializers.CharField(read_only=True)
    on_time = serializers.BooleanField(read_only=True, allow_null=True)
    reason_code = serializers.CharField(read_only=True)
    reason = serializers.CharField(read_only=True)
    accept_by = serializers.DateTimeField(read_only=True, allow_null=True)
    fulfil_by = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
    created_at_ns = NanosecondsField(source="created_at")
    fulfilled_at_ns = NanosecondsField(source="fulfilled_at", allow_null=True)

    def get_offering_name(self, order: ResellerOrder) -> str:
        return str(order.contract.offering_snapshot["offer_name"])


class RequirementsOut(serializers.Serializer[Any]):
    """What the customer asked for."""

    operating_system = serializers.CharField(read_only=True)
    ssh_public_key = serializers.CharField(read_only=True)
    note = serializers.CharField(read_only=True)


class AttemptOut(serializers.Serializer[Any]):
    """One try at fulfilling the order."""

    number = serializers.IntegerField(read_only=True)
    started_at = serializers.DateTimeField(read_only=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)
    outcome = serializers.CharField(read_only=True)
    external_order_id = serializers.CharField(read_only=True)
    reason_code = serializers.CharField(read_only=True)
    reason = serializers.CharField(read_only=True)


class ReceiptOut(serializers.Serializer[Any]):
    """How a total came about, from the frozen numbers alone."""

    base = serializers.CharField(read_only=True)
    percent = serializers.IntegerField(read_only=True)
    exact_commission = serializers.CharField(read_only=True)
    rounding = serializers.CharField(read_only=True)
    commission = serializers.CharField(read_only=True)
    total = serializers.CharField(read_only=True)
    currency = serializers.CharField(read_only=True)
    rule = serializers.CharField(read_only=True)
    percent_of_total = serializers.CharField(read_only=True)


class MailOut(serializers.Serializer[Any]):
    """A mail about the order and how far it got."""

    kind = serializers.CharField(read_only=True)
    recipient = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)
    at = serializers.DateTimeField(read_only=True)


class OrderOut(OrderRowOut):
    """A reseller order whole; `external_order_details` is null for viewers."""

    external_order_details = serializers.SerializerMethodField()
    requirements = RequirementsOut(source="contract", read_only=True)
    attempts = serializers.SerializerMethodField()
    receipt = serializers.SerializerMethodField()
    mails = serializers.SerializerMethodField()

    @extend_schema_field(
        {"type": "object", "nullable": True, "additionalProperties": {}}
    )
    def get_external_order_details(
        self, order: ResellerOrder
    ) -> dict[str, object] | None:
        if not self.context["sees_details"]:
            return None
        details: dict[str, object] | None = order.external_order_details
        return details

    @extend_schema_field(AttemptOut(many=True))
    def get_attempts(self, order: ResellerOrder) -> Any:
        return AttemptOut(order.attempts.order_by("number"), many=True).data

    @extend_schema_field(ReceiptOut)
    def get_receipt(self, order: ResellerOrder) -> dict[str, object]:
        return receipt_of(order)

    @extend_schema_field(MailOut(many=True))
    def get_mails(self, order: ResellerOrder) -> Any:
        return MailOut(mails_about(order, reader=SELLER), many=True).data


def receipt_of(order: ResellerOrder) -> dict[str, object]:
    receipt = pricing.receipt(order.frozen_offer)
    offer = receipt.offer
    return {
        "base": str(offer.base),
        "percent": offer.percent,
        "exact_commission": receipt.exact_commission,
        "rounding": "half-up",
        "commission": str(offer.commission),
        "total": str(offer.total),
        "currency": offer.currency,
        "rule": offer.rule,
        "percent_of_total": receipt.share_percent,
    }


class ActualCost(StrictSerializer):
    """What the external provider charged, when told."""

    actual_cost_e9s = StrictIntegerField(required=False, min_value=0)
    actual_cost_currency = StrictCharField(
        required=False, max_length=3, allow_blank=True
    )


class OrderPurchase(ActualCost):
    """The purchase at the external provider."""

    external_order_id = StrictCharField(
        max_length=200, allow_blank=True, required=False, default=""
    )


class OrderFulfilment(ActualCost):
    """The purchase, and what the buyer gets. An id recorded before may be left out."""

    external_order_id = StrictCharField(
        max_length=200, allow_blank=True, required=False, default=""
    )
    external_order_details = JsonObjectField(
        max_bytes=65_536,
        required=False,
        allow_null=True,
        codes={
            "not_an_object": "details_not_object",
            "too_large": "details_too_large",
        },
    )


class OrderEnding(StrictSerializer):
    """Why the order ends, for the buyer to read."""

    reason_code = StrictCharField(
        max_length=100,
        help_text=", ".join(ReasonCode.values),
        codes=dict.fromkeys(["required", "blank", "null"], "invalid_reason_code"),
    )
    reason = StrictCharField(
        max_length=4_000,
        multiline=True,
        codes=dict.fromkeys(["required", "blank", "null"], "reason_required"),
    )
