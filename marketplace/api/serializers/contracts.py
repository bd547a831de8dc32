"""What a buyer rented, as JSON."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.api.serializers.fields import AmountField, E9sField, NanosecondsField
from marketplace.api.serializers.orders import ReceiptOut, receipt_of
from marketplace.models import (
    Contract,
    ContractStatus,
    Payment,
    PaymentMethod,
    PaymentState,
)
from resellers.parsing.serializers import StrictCharField, StrictSerializer


class PaymentOut(serializers.Serializer[Any]):
    """How the contract is paid; `instructions` while the money is awaited."""

    method = serializers.ChoiceField(PaymentMethod.choices, read_only=True)
    state = serializers.ChoiceField(PaymentState.choices, read_only=True)
    reference = serializers.CharField(
        source="contract.payment_reference", read_only=True
    )
    due_at = serializers.DateTimeField(read_only=True)
    received_at = serializers.DateTimeField(read_only=True, allow_null=True)
    refunded_at = serializers.DateTimeField(read_only=True, allow_null=True)
    instructions = serializers.SerializerMethodField()

    def get_instructions(self, payment: Payment) -> str:
        awaited = payment.state == PaymentState.AWAITING
        by_invoice = payment.method == PaymentMethod.INVOICE
        return settings.INVOICE_INSTRUCTIONS if awaited and by_invoice else ""


class ContractRowOut(serializers.Serializer[Any]):
    """A contract as the buyer's list shows it."""

    contract_id = serializers.CharField(read_only=True)
    offering_id = serializers.IntegerField(read_only=True)
    offering_name = serializers.SerializerMethodField()
    seller_pubkey = serializers.CharField(source="seller.pubkey", read_only=True)
    seller_name = serializers.CharField(source="seller.name", read_only=True)
    currency = serializers.CharField(read_only=True)
    total_e9s = E9sField()
    total = AmountField(of="total_e9s")
    status = serializers.SerializerMethodField()
    state = serializers.CharField(source="reseller_order.state", read_only=True)
    fulfil_by = serializers.DateTimeField(
        source="reseller_order.fulfil_by", read_only=True, allow_null=True
    )
    ends_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
    created_at_ns = NanosecondsField(source="created_at")

    def get_offering_name(self, contract: Contract) -> str:
        return str(contract.offering_snapshot["offer_name"])

    @extend_schema_field(serializers.ChoiceField(ContractStatus.choices))
    def get_status(self, contract: Contract) -> str:
        return str(contract.status(self.context["now"]))


class TimelineOut(serializers.Serializer[Any]):
    """One step of the contract, newest last."""

    at = serializers.DateTimeField(read_only=True)
    action = serializers.CharField(read_only=True)


class ContractOut(ContractRowOut):
    """A contract whole, with what was delivered."""

    payment = PaymentOut(read_only=True)
    receipt = serializers.SerializerMethodField()
    operating_system = serializers.CharField(read_only=True)
    ssh_public_key = serializers.CharField(read_only=True)
    note = serializers.CharField(read_only=True)
    details = serializers.DictField(read_only=True, allow_null=True)
    reason_code = serializers.CharField(
        source="reseller_order.reason_code", read_only=True
    )
    reason = serializers.CharField(source="reseller_order.reason", read_only=True)
    problem_text = serializers.CharField(read_only=True)
    problem_open = serializers.BooleanField(read_only=True)
    timeline = serializers.SerializerMethodField()

    @extend_schema_field(ReceiptOut)
    def get_receipt(self, contract: Contract) -> dict[str, object]:
        return receipt_of(contract.reseller_order)

    @extend_schema_field(TimelineOut(many=True))
    def get_timeline(self, contract: Contract) -> Any:
        return TimelineOut(self.context["timeline"], many=True).data


class NewContract(StrictSerializer):
    """The quote of an offer, and what the buyer wants set up."""

    quote = StrictCharField(max_length=4_000, codes={"too_long": "quote_invalid"})
    payment_method = StrictCharField(
        max_length=20, codes={"too_long": "invalid_payment_method"}
    )
    operating_system = StrictCharField(
        max_length=200,
        required=False,
        allow_blank=True,
        codes={"too_long": "unknown_operating_system"},
    )
    ssh_public_key = StrictCharField(
        max_length=10_000,
        required=False,
        allow_blank=True,
        multiline=True,
        codes={"too_long": "invalid_ssh_key"},
    )
    note = StrictCharField(
        max_length=4_000, required=False, allow_blank=True, multiline=True
    )


class ProblemReport(StrictSerializer):
    """What does not work."""

    text = StrictCharField(max_length=4_000, multiline=True)
