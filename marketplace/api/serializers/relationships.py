"""External providers, relationships and earnings as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.api.serializers.fields import AmountField, E9sField, NanosecondsField
from marketplace.models import RelationshipStatus
from resellers.parsing.serializers import (
    StrictCharField,
    StrictChoiceField,
    StrictIntegerField,
    StrictSerializer,
)


class RelationshipOut(serializers.Serializer[Any]):
    """A provider's right to resell one external provider."""

    id = serializers.IntegerField(read_only=True)
    reseller_pubkey = serializers.CharField(source="reseller.pubkey", read_only=True)
    external_provider_pubkey = serializers.CharField(
        source="external_provider.pubkey", read_only=True
    )
    commission_percent = serializers.IntegerField(read_only=True)
    status = serializers.ChoiceField(RelationshipStatus.choices, read_only=True)
    accept_within_hours = serializers.IntegerField(read_only=True)
    fulfil_within_hours = serializers.IntegerField(read_only=True)
    created_at_ns = NanosecondsField(source="created_at")
    updated_at_ns = NanosecondsField(source="updated_at", allow_null=True)


class ExternalProviderOut(serializers.Serializer[Any]):
    """A provider that can be resold, with the caller's relationship or null."""

    pubkey = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    domain = serializers.CharField(read_only=True)
    website_url = serializers.CharField(read_only=True)
    logo_url = serializers.CharField(read_only=True)
    data_source = serializers.CharField(read_only=True)
    offerings_count = serializers.IntegerField(read_only=True)
    created_at_ns = NanosecondsField(source="created_at")
    relationship = serializers.SerializerMethodField()

    @extend_schema_field(RelationshipOut(allow_null=True))
    def get_relationship(self, provider: Any) -> Any:
        own = next(iter(provider.own_relationships), None)
        return RelationshipOut(own).data if own else None


class PercentField(StrictIntegerField):
    """A whole percent; its range is the action's to refuse."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            codes={
                "invalid": "commission_not_integer",
                "out_of_range": "commission_out_of_range",
            },
            min_value=0,
            max_value=50,
            **kwargs,
        )


class HoursField(StrictIntegerField):
    """Whole hours, within what the relationship allows."""

    def __init__(self, *, max_value: int, **kwargs: Any) -> None:
        super().__init__(
            codes={
                "invalid": "hours_out_of_range",
                "out_of_range": "hours_out_of_range",
            },
            min_value=1,
            max_value=max_value,
            **kwargs,
        )


class NewRelationship(StrictSerializer):
    """Whom to resell, and on which terms."""

    external_provider_pubkey = StrictCharField(
        max_length=64, codes={"too_long": "invalid_pubkey"}
    )
    commission_percent = PercentField(required=False)
    accept_within_hours = HoursField(max_value=72, required=False)
    fulfil_within_hours = HoursField(max_value=336, required=False)


class RelationshipTerms(StrictSerializer):
    """At least one of the terms; what is absent stays."""

    commission_percent = PercentField(required=False)
    status = StrictChoiceField(
        RelationshipStatus.choices,
        codes={"invalid_choice": "invalid_status"},
        required=False,
    )
    accept_within_hours = HoursField(max_value=72, required=False)
    fulfil_within_hours = HoursField(max_value=336, required=False)


class EarningsMonthOut(serializers.Serializer[Any]):
    """One month of fulfilled orders, UTC."""

    month = serializers.CharField(read_only=True)
    orders = serializers.IntegerField(read_only=True)
    commission_e9s = E9sField()


class EarningsProviderOut(serializers.Serializer[Any]):
    """What the offerings of one external provider earned."""

    pubkey = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    orders = serializers.IntegerField(read_only=True)
    commission_e9s = E9sField()


class EarningsOut(serializers.Serializer[Any]):
    """What a reseller earned in one currency; currencies are never added."""

    currency = serializers.CharField(read_only=True)
    expected_e9s = E9sField()
    expected = AmountField(of="expected_e9s")
    held_e9s = E9sField()
    held = AmountField(of="held_e9s")
    earned_e9s = E9sField()
    earned = AmountField(of="earned_e9s")
    paid_e9s = E9sField()
    paid = AmountField(of="paid_e9s")
    realised_margin_e9s = E9sField(allow_null=True)
    realised_margin = AmountField(of="realised_margin_e9s", allow_null=True)
    margin_known = serializers.IntegerField(read_only=True)
    margin_of = serializers.IntegerField(read_only=True)
    months = EarningsMonthOut(many=True, read_only=True)
    providers = EarningsProviderOut(many=True, read_only=True)
