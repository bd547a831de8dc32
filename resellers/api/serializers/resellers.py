"""Profiles as JSON, field by field as document 2 writes them.

`ResellerRowOut` describes the list, which is written without it (`resellers.api.lean`);
a test holds the two to the same JSON. Source: 5-resellers, section 8.
"""

from typing import Any

from rest_framework import serializers

from resellers.api import examples
from resellers.api.examples import shown_as
from resellers.api.serializers.fields import (
    AdminBody,
    AmountOut,
    AsItCame,
    ClearableChoiceField,
    ClearableField,
    ExtendedPatchField,
    ExtendedValueOut,
    ExtendedValuesField,
    IdField,
    MomentOut,
    RateField,
    RateOut,
    TextOut,
)
from resellers.errors.profiles import (
    ReadOnlyField,
    UseEmailEndpoint,
    UseStatusEndpoint,
)
from resellers.models import PartnerTier, PaymentTerms, RateScope, ResellerStatus
from resellers.models.reseller import LENGTHS, STARTING_STATUSES
from resellers.parsing.serializers import (
    StrictBooleanField,
    StrictCharField,
    StrictChoiceField,
)

LONGEST_TYPED = 500
"""Of a text whose rule has its own code: what is longer breaks the rule anyway."""
REASON_LENGTH = 4_000
STARTING = [(each.value, each.label) for each in STARTING_STATUSES]
STATUS = {"invalid_choice": "invalid_status"}


@shown_as(examples.RESELLER_ROW, answer=True)
class ResellerRowOut(serializers.Serializer[Any]):
    """A profile as the list shows it: exactly the source's twelve fields."""

    id = serializers.UUIDField(source="reseller.id", read_only=True)
    firstName = TextOut(source="reseller.first_name")
    lastName = TextOut(source="reseller.last_name")
    email = serializers.CharField(source="reseller.user.email", read_only=True)
    organization = TextOut(source="reseller.organization")
    contactGroup = serializers.CharField(
        source="reseller.contact_group.slug",
        read_only=True,
        allow_null=True,
    )
    city = TextOut(source="reseller.city")
    state = TextOut(source="reseller.state")
    phone = TextOut(source="reseller.phone")
    totalCustomersReferred = serializers.IntegerField(
        source="totals.customers", read_only=True
    )
    totalRevenueGenerated = AmountOut(source="totals.revenue")
    status = serializers.ChoiceField(
        ResellerStatus.choices, source="reseller.status", read_only=True
    )


class CurrencyTotalsOut(serializers.Serializer[Any]):
    """What was brought and earned in one currency, in its minor units."""

    currency = serializers.CharField(read_only=True)
    revenue = AmountOut()
    commission = AmountOut()


class ResellerOut(serializers.Serializer[Any]):
    """A profile whole: the source's 26 fields, then what else staff need."""

    id = serializers.UUIDField(source="reseller.id", read_only=True)
    userId = serializers.UUIDField(source="reseller.user_id", read_only=True)
    contactGroup = serializers.CharField(
        source="reseller.contact_group.slug",
        read_only=True,
        allow_null=True,
    )
    firstName = TextOut(source="reseller.first_name")
    lastName = TextOut(source="reseller.last_name")
    email = serializers.CharField(source="reseller.user.email", read_only=True)
    title = TextOut(source="reseller.title")
    organization = TextOut(source="reseller.organization")
    address1 = TextOut(source="reseller.address_1")
    address2 = TextOut(source="reseller.address_2")
    city = TextOut(source="reseller.city")
    state = TextOut(source="reseller.state")
    zipCode = TextOut(source="reseller.zip_code")
    country = TextOut()
    phone = TextOut(source="reseller.phone")
    mobilePhone = TextOut(source="reseller.mobile_phone")
    fax = TextOut(source="reseller.fax")
    webSiteUrl = TextOut(source="reseller.web_site_url")
    industry = TextOut(source="reseller.industry")
    extendedValues = ExtendedValueOut(
        source="reseller.extended_values", many=True, read_only=True
    )
    commissionRate = RateOut(source="own_rate", allow_null=True)
    totalCustomersReferred = serializers.IntegerField(
        source="totals.customers", read_only=True
    )
    totalRevenueGenerated = AmountOut(source="totals.revenue")
    status = serializers.ChoiceField(
        ResellerStatus.choices, source="reseller.status", read_only=True
    )
    createdAt = MomentOut(source="reseller.created_at")
    updatedAt = MomentOut(source="reseller.updated_at")

    code = serializers.CharField(source="reseller.code", read_only=True)
    contactGroupName = serializers.CharField(
        source="reseller.contact_group.name",
        read_only=True,
        allow_null=True,
    )
    stateName = TextOut(source="reseller.state_name")
    countryCode = TextOut(source="reseller.country")
    companyName = TextOut(source="reseller.company_name")
    companyPhone = TextOut(source="reseller.company_phone")
    companyAddress = TextOut(source="reseller.company_address")
    taxIdLast4 = TextOut(source="tax_id_last_4")
    partnerTier = serializers.ChoiceField(
        PartnerTier.choices, source="reseller.partner_tier", read_only=True
    )
    paymentTerms = serializers.ChoiceField(
        PaymentTerms.choices, source="reseller.payment_terms", read_only=True
    )
    stripeConnectId = TextOut(
        source="stripe_connect_id", help_text="Masked except for finance."
    )
    payoutMethod = serializers.CharField(
        source="reseller.account.method", read_only=True
    )
    effectiveCommissionRate = RateOut(source="effective_rate", allow_null=True)
    effectiveRateScope = serializers.ChoiceField(
        RateScope.choices, source="effective_scope", read_only=True, allow_null=True
    )
    totalDocumentsProcessed = serializers.IntegerField(
        source="totals.documents", read_only=True
    )
    totalCommissionEarned = AmountOut(source="totals.commission")
    totalsByCurrency = CurrencyTotalsOut(
        source="by_currency", many=True, read_only=True
    )
    notes = TextOut(source="reseller.notes")
    pendingEmail = TextOut(source="reseller.user.pending_email")
    statusChangedAt = MomentOut(source="reseller.status_changed_at")


class ProfileBody(AdminBody):
    """The fields that staff write, at creation and afterwards; the action reads them."""

    contactGroup = ClearableField(
        source="contact_group", max_length=100, code="unknown_contact_group"
    )
    firstName = ClearableField(source="first_name", max_length=LENGTHS["first_name"])
    lastName = ClearableField(source="last_name", max_length=LENGTHS["last_name"])
    title = ClearableField(max_length=LENGTHS["title"])
    organization = ClearableField(max_length=LENGTHS["organization"])
    address1 = ClearableField(source="address_1", max_length=LENGTHS["address_1"])
    address2 = ClearableField(source="address_2", max_length=LENGTHS["address_2"])
    city = ClearableField(max_length=LENGTHS["city"])
    state = ClearableField(max_length=LONGEST_TYPED, code="invalid_state")
    zipCode = ClearableField(
        source="zip_code", max_length=LONGEST_TYPED, code="invalid_zip"
    )
    country = ClearableField(max_length=LONGEST_TYPED, code="unknown_country")
    phone = ClearableField(max_length=LONGEST_TYPED, code="invalid_phone")
    mobilePhone = ClearableField(
        source="mobile_phone", max_length=LONGEST_TYPED, code="invalid_phone"
    )
    fax = ClearableField(max_length=LONGEST_TYPED, code="invalid_phone")
    webSiteUrl = ClearableField(
        source="web_site_url", max_length=LONGEST_TYPED, code="invalid_url"
    )
    industry = ClearableField(max_length=LENGTHS["industry"])
    extendedValues = ExtendedValuesField(source="extended_values")
    partnerTier = ClearableChoiceField(PartnerTier.choices, source="partner_tier")
    notes = ClearableField(max_length=LENGTHS["notes"], multiline=True)
    # With the right of finance, and a reason:
    paymentTerms = ClearableChoiceField(PaymentTerms.choices, source="payment_terms")
    taxId = ClearableField(source="tax_id", max_length=LENGTHS["tax_id"])
    commissionRate = RateField(source="commission_rate")
    reason = StrictCharField(
        max_length=REASON_LENGTH, required=False, allow_blank=True, multiline=True
    )


READ_ONLY = dict.fromkeys(
    ResellerOut().fields.keys() - ProfileBody().fields.keys(), ReadOnlyField
)
LEGACY = ("companyName", "companyPhone", "companyAddress")


@shown_as(examples.NEW_RESELLER)
class NewReseller(ProfileBody):
    """A profile for a user, or for an e-mail address that is found or made one."""

    elsewhere = {
        name: refusal
        for name, refusal in READ_ONLY.items()
        if name not in {"userId", "email", "status", *LEGACY}
    }

    userId = IdField(source="user_id", required=False)
    email = StrictCharField(
        max_length=LONGEST_TYPED,
        required=False,
        codes={"too_long": "invalid_email", "invalid_character": "invalid_email"},
    )
    status = StrictChoiceField(STARTING, codes=STATUS, required=False)
    invite = StrictBooleanField(required=False, default=False)
    companyName = ClearableField(
        source="company_name", max_length=LENGTHS["company_name"]
    )
    companyPhone = ClearableField(
        source="company_phone", max_length=LENGTHS["company_phone"]
    )
    companyAddress = ClearableField(
        source="company_address", max_length=LENGTHS["company_address"], multiline=True
    )


@shown_as(examples.RESELLER_CHANGE)
class ResellerChange(ProfileBody):
    """A merge patch: what is absent stays, null clears."""

    elsewhere = {
        **READ_ONLY,
        "status": UseStatusEndpoint,
        "email": UseEmailEndpoint,
    }

    extendedValuesPatch = ExtendedPatchField(source="extended_values_patch")


@shown_as(examples.STATUS_MOVE)
class StatusMove(AdminBody):
    """Where to, and why."""

    status = StrictChoiceField(ResellerStatus.choices, codes=STATUS)
    reason = StrictCharField(
        max_length=REASON_LENGTH,
        multiline=True,
        codes=dict.fromkeys(["required", "blank", "null"], "reason_required"),
    )


@shown_as(examples.ADDRESS_CHANGE)
class AddressChange(AdminBody):
    """The new e-mail address, and why."""

    email = StrictCharField(
        max_length=LONGEST_TYPED,
        codes={
            "blank": "invalid_email",
            "too_long": "invalid_email",
            "invalid_character": "invalid_email",
        },
    )
    reason = StrictCharField(
        max_length=REASON_LENGTH,
        multiline=True,
        codes=dict.fromkeys(["required", "blank", "null"], "reason_required"),
    )


class Nothing(AdminBody):
    """A body without fields."""


@shown_as(examples.WHY)
class Why(AdminBody):
    """The reason alone."""

    reason = StrictCharField(
        max_length=REASON_LENGTH,
        multiline=True,
        codes=dict.fromkeys(["required", "blank", "null"], "reason_required"),
    )


class TaxIdOut(serializers.Serializer[Any]):
    """A tax id in full; that it was shown stands in the trail."""

    taxId = TextOut(source="tax_id")


class ChangeOut(serializers.Serializer[Any]):
    """A field before and after, as the trail keeps it."""

    before = AsItCame(read_only=True)
    after = AsItCame(read_only=True)


class TrailEntryOut(serializers.Serializer[Any]):
    """What happened to a profile: changed fields only, personal data masked."""

    at = MomentOut()
    actor = serializers.CharField(read_only=True)
    action = serializers.CharField(read_only=True)
    reason = TextOut()
    requestId = TextOut()
    batchId = serializers.UUIDField(read_only=True, allow_null=True)
    changes = serializers.DictField(child=ChangeOut(), read_only=True)
