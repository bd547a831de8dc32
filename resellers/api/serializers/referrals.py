"""Referrals and rates as JSON."""

from typing import Any

from rest_framework import serializers

from resellers.api import examples
from resellers.api.examples import shown_as
from resellers.api.serializers.fields import (
    AdminBody,
    ClearableField,
    IdField,
    MomentOut,
    RateField,
    RateOut,
    TextOut,
)
from resellers.api.serializers.resellers import LONGEST_TYPED, Why
from resellers.errors.profiles import ReadOnlyField
from resellers.models import EndReason, Origin, RateScope
from resellers.parsing.serializers import (
    StrictCharField,
    StrictChoiceField,
    StrictDateTimeField,
)

REF_LENGTH, NOTES_LENGTH = 255, 2_000
ENDS = [each for each in EndReason if each != EndReason.MOVED]


class ReferralOut(serializers.Serializer[Any]):
    """A customer of a reseller, for a time; `commissionRate` is the referral's own."""

    id = serializers.UUIDField(read_only=True)
    resellerId = serializers.UUIDField(source="reseller_id", read_only=True)
    customerRef = serializers.CharField(source="customer_ref", read_only=True)
    customerEmail = TextOut(source="customer_email")
    referredAt = MomentOut(source="referred_at")
    endedAt = MomentOut(source="ended_at", allow_null=True)
    endReason = TextOut(source="end_reason")
    origin = serializers.ChoiceField(Origin.choices, read_only=True)
    commissionRate = serializers.SerializerMethodField()
    notes = TextOut()
    createdAt = MomentOut(source="created_at")

    def get_commissionRate(self, referral: Any) -> str | None:  # noqa: N802 -- by the field's name
        rate = self.context["rates"].get(referral.pk)
        return None if rate is None else str(rate.percent)


class ReferralBody(AdminBody):
    """What can be said of a referral, at its beginning and afterwards."""

    customerEmail = ClearableField(
        source="customer_email", max_length=LONGEST_TYPED, code="invalid_email"
    )
    notes = ClearableField(max_length=NOTES_LENGTH, multiline=True)


@shown_as(examples.NEW_REFERRAL)
class NewReferral(ReferralBody):
    """Whom the reseller referred; without a time from now on."""

    customerRef = StrictCharField(source="customer_ref", max_length=REF_LENGTH)
    referredAt = StrictDateTimeField(
        source="referred_at", required=False, allow_null=True
    )
    commissionRate = RateField(source="commission_rate")


@shown_as(examples.REFERRAL_CHANGE)
class ReferralChange(ReferralBody):
    """A merge patch of a referral."""

    elsewhere = dict.fromkeys(
        ReferralOut().fields.keys() - ReferralBody().fields.keys(), ReadOnlyField
    )


@shown_as(examples.REFERRAL_MOVE)
class ReferralMove(Why):
    """To whom the customer goes, and why."""

    resellerId = IdField(source="reseller_id")


@shown_as(examples.REFERRAL_END)
class ReferralEnd(Why):
    """Why the customer is nobody's any more, as a word and in words."""

    endReason = StrictChoiceField(
        [(each.value, each.label) for each in ENDS], source="end_reason"
    )


class SetRateOut(serializers.Serializer[Any]):
    """One row of the history of rates; null says "no rate of its own from here on"."""

    id = serializers.IntegerField(read_only=True)
    scope = serializers.ChoiceField(RateScope.choices, read_only=True)
    resellerId = serializers.UUIDField(
        source="reseller_id", read_only=True, allow_null=True
    )
    referralId = serializers.UUIDField(
        source="referral_id", read_only=True, allow_null=True
    )
    commissionRate = RateOut(source="rate", allow_null=True)
    validFrom = MomentOut(source="valid_from")
    reason = serializers.CharField(read_only=True)
    createdAt = MomentOut(source="created_at")


@shown_as(examples.NEW_RATE)
class NewRate(Why):
    """A rate from now, or from a later time; null takes the own rate away."""

    scope = StrictChoiceField(RateScope.choices)
    resellerId = IdField(source="reseller_id", required=False, allow_null=True)
    referralId = IdField(source="referral_id", required=False, allow_null=True)
    commissionRate = RateField(source="rate", required=True)
    validFrom = StrictDateTimeField(
        source="valid_from", required=False, allow_null=True
    )
