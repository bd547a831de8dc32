"""Offerings and their offers as JSON. Every price is `pricing.make_offer`'s."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from marketplace.api.serializers.fields import AmountField, E9sField
from marketplace.models import Offering, ProviderKind
from marketplace.offers import SellerOffer, WhyNot

BADGES = ["direct", "via", "external"]


class OfferOut(serializers.Serializer[Any]):
    """One seller's offer: base plus mark-up, and why it stands where it stands."""

    reseller_pubkey = serializers.CharField(source="seller.pubkey", read_only=True)
    reseller_name = serializers.CharField(source="seller.name", read_only=True)
    currency = serializers.CharField(source="offer.currency", read_only=True)
    commission_percent = serializers.IntegerField(
        source="offer.percent", read_only=True
    )
    base_e9s = E9sField(source="offer.base_e9s")
    base = serializers.CharField(source="offer.base", read_only=True)
    commission_e9s = E9sField(source="offer.commission_e9s")
    commission = serializers.CharField(source="offer.commission", read_only=True)
    total_e9s = E9sField(source="offer.total_e9s")
    total = serializers.CharField(source="offer.total", read_only=True)
    promised_hours = serializers.IntegerField(
        source="relationship.fulfil_within_hours", read_only=True
    )
    on_time_percent = serializers.IntegerField(read_only=True, allow_null=True)
    counted_orders = serializers.IntegerField(
        source="ranked.candidate.counted", read_only=True
    )
    featured = serializers.BooleanField(read_only=True)
    why = serializers.ListField(child=serializers.CharField(), read_only=True)


class WhyNotOut(serializers.Serializer[Any]):
    """Why the caller's own offer is not featured, and what would change it."""

    code = serializers.CharField(read_only=True)
    lower_by = serializers.CharField(read_only=True, allow_null=True)
    percent = serializers.IntegerField(read_only=True, allow_null=True)
    percent_needed = serializers.IntegerField(read_only=True, allow_null=True)


class QuotedOfferOut(OfferOut):
    """An offer with the quote that rents it; `why_not` for members of the seller."""

    quote = serializers.SerializerMethodField()
    why_not = serializers.SerializerMethodField()

    def get_quote(self, offer: SellerOffer) -> str:
        return str(self.context["quotes"][offer.seller.pk])

    @extend_schema_field(WhyNotOut(allow_null=True))
    def get_why_not(self, offer: SellerOffer) -> Any:
        if offer.seller.pk != self.context["own_seller"]:
            return None
        answer: WhyNot | None = self.context["why_not"]
        return None if answer is None else WhyNotOut(answer).data


class OfferingOut(serializers.Serializer[Any]):
    """An offering with the offer that is shown for it (null without one).

    `badge` is `direct` (native), `via` (sold by a reseller) or `external`.
    """

    id = serializers.IntegerField(read_only=True)
    provider_pubkey = serializers.CharField(source="provider.pubkey", read_only=True)
    provider_name = serializers.CharField(source="provider.name", read_only=True)
    code = serializers.CharField(read_only=True)
    offer_name = serializers.CharField(read_only=True)
    product_page_url = serializers.CharField(read_only=True)
    currency = serializers.CharField(read_only=True)
    monthly_price_e9s = E9sField()
    monthly_price = AmountField(of="monthly_price_e9s")
    setup_fee_e9s = E9sField()
    setup_fee = AmountField(of="setup_fee_e9s")
    product_type = serializers.CharField(read_only=True)
    virtualization_type = serializers.CharField(read_only=True)
    billing_interval = serializers.CharField(read_only=True)
    stock_status = serializers.CharField(read_only=True)
    processor_cores = serializers.IntegerField(read_only=True, allow_null=True)
    memory_mb = serializers.IntegerField(read_only=True, allow_null=True)
    storage_gb = serializers.IntegerField(read_only=True, allow_null=True)
    uplink_mbps = serializers.IntegerField(read_only=True, allow_null=True)
    traffic_gb = serializers.IntegerField(read_only=True, allow_null=True)
    unmetered_bandwidth = serializers.BooleanField(read_only=True)
    gpu_count = serializers.IntegerField(read_only=True, allow_null=True)
    datacenter_country = serializers.CharField(read_only=True)
    datacenter_city = serializers.CharField(read_only=True)
    status = serializers.CharField(read_only=True)
    price_checked_at = serializers.DateTimeField(read_only=True)
    badge = serializers.SerializerMethodField()
    sellers_count = serializers.SerializerMethodField()
    offer = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(BADGES))
    def get_badge(self, offering: Offering) -> str:
        if offering.provider.kind == ProviderKind.ONBOARDED:
            return "direct"
        return "via" if self._offers(offering) else "external"

    def get_sellers_count(self, offering: Offering) -> int:
        return len(self._offers(offering))

    @extend_schema_field(OfferOut(allow_null=True))
    def get_offer(self, offering: Offering) -> Any:
        offers = self._offers(offering)
        wanted = self.context.get("seller")
        if wanted:
            offers = [o for o in offers if o.seller.pubkey == wanted]
        return OfferOut(offers[0]).data if offers else None

    def _offers(self, offering: Offering) -> list[SellerOffer]:
        found: list[SellerOffer] = self.context["book"].offers(offering)
        return found


class OfferingDetailOut(OfferingOut):
    """An offering whole, with the catalogue's columns as filed."""

    description = serializers.CharField(read_only=True)
    external_checkout_url = serializers.CharField(read_only=True)
    specs = serializers.DictField(read_only=True)
    operating_systems = serializers.ListField(
        child=serializers.CharField(), read_only=True
    )
    price_source = serializers.CharField(read_only=True)
    previous_price_e9s = E9sField(allow_null=True)
    previous_price = AmountField(of="previous_price_e9s", allow_null=True)
    price_changed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    no_offer = serializers.SerializerMethodField()

    def get_no_offer(self, offering: Offering) -> str | None:
        """Why nobody can offer it (a code), null when somebody could."""
        reason = self.context["refusal"]
        return None if reason is None else str(reason)
