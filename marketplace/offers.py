"""Which offers exist now, in which order, and why: read by every page and endpoint.

An offer is derived from an offering, an active relationship and the rule of the
price; nothing here is stored. Source: 4-marketplace, sections 2 and 3.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Count, Q

from marketplace import pick, pricing
from marketplace.models import (
    Offering,
    OfferingStatus,
    Provider,
    ResellerOrder,
    ResellerRelationship,
    StockStatus,
    Visibility,
)
from marketplace.models.offering import TERM_HOURS, BillingInterval
from resellers.money import Money


class NoOffer(StrEnum):
    """Why an offering has no offer, or none of one seller."""

    RELATIONSHIP_SUSPENDED = "relationship_suspended"
    OFFERING_RETIRED = "offering_retired"
    NOT_PUBLIC = "not_public"
    OUT_OF_STOCK = "out_of_stock"
    PRICE_ON_REQUEST = "price_on_request"
    PRICE_TOO_OLD = "price_too_old"
    TERM_NOT_MONTHLY = "term_not_monthly"


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Orders of one reseller decided in the last 90 days that count, and in time."""

    counted: int = 0
    on_time: int = 0


@dataclass(frozen=True, slots=True)
class SellerOffer:
    """One seller's offer of an offering, in its place (0 is featured)."""

    offering: Offering
    relationship: ResellerRelationship
    offer: pricing.Offer
    ranked: pick.Ranked
    place: int

    @property
    def seller(self) -> Provider:
        return self.relationship.reseller

    @property
    def featured(self) -> bool:
        return self.ranked.featured

    @property
    def why(self) -> list[str]:
        return self.ranked.why

    @property
    def on_time_percent(self) -> int | None:
        """The published bucket of 5 points; None is shown as N/A."""
        return self.ranked.candidate.bucket


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a member's own offer is not featured and what would change it.

    `code` is a `NoOffer` or the key of pick/1 that lost. For `lowest_price`,
    `lower_by` is the difference in money and `percent_needed` the highest percent that
    reaches the band (None when even 0 % does not).
    """

    code: str
    lower_by: Money | None = None
    percent: int | None = None
    percent_needed: int | None = None


def refusal(offering: Offering, now: datetime) -> NoOffer | None:
    """Say why nobody can offer this offering, None when somebody could."""
    checks = [
        (offering.status == OfferingStatus.RETIRED, NoOffer.OFFERING_RETIRED),
        (offering.visibility == Visibility.PRIVATE, NoOffer.NOT_PUBLIC),
        (offering.stock_status == StockStatus.OUT_OF_STOCK, NoOffer.OUT_OF_STOCK),
        (offering.monthly_price_e9s == 0, NoOffer.PRICE_ON_REQUEST),
        (price_is_too_old(offering, now), NoOffer.PRICE_TOO_OLD),
        (not fits_term(offering), NoOffer.TERM_NOT_MONTHLY),
    ]
    return next((reason for refused, reason in checks if refused), None)


def price_is_too_old(offering: Offering, now: datetime) -> bool:
    days: int = settings.PRICE_MAX_AGE_DAYS
    return days > 0 and offering.price_checked_at < now - timedelta(days=days)


def fits_term(offering: Offering) -> bool:
    """True when 720 hours, the one term sold, lie inside the offering's limits."""
    shortest = offering.min_contract_hours or 0
    longest = offering.max_contract_hours
    inside = shortest <= TERM_HOURS and (longest is None or longest >= TERM_HOURS)
    return inside and offering.billing_interval != BillingInterval.YEARLY


class OfferBook:
    """The offers of some offerings: two queries, whatever their number.

    `offers(offering)` answers in pick order; an unknown offering has none.
    """

    def __init__(self, offerings: Iterable[Offering], now: datetime) -> None:
        self.now = now
        self.week = pick.iso_week(now)
        suppliers = {offering.provider_id for offering in offerings}
        self._sellers = active_relationships(suppliers)
        resellers = {r.reseller_id for rows in self._sellers.values() for r in rows}
        self._records = track_records(resellers, now)
        self._offers: dict[int, list[SellerOffer]] = {}

    def offers(self, offering: Offering) -> list[SellerOffer]:
        """Every offer of the offering, the featured one first."""
        if offering.pk not in self._offers:
            self._offers[offering.pk] = self._rank(
                offering, self._sellers[offering.provider_id]
            )
        return self._offers[offering.pk]

    def offer_of(self, offering: Offering, seller: Provider) -> SellerOffer | None:
        offers = self.offers(offering)
        return next((o for o in offers if o.seller.pk == seller.pk), None)

    def with_terms(
        self, offering: Offering, relationship: ResellerRelationship
    ) -> list[SellerOffer]:
        """The offers as they would be if this relationship stood as given."""
        others = self._sellers[offering.provider_id]
        sellers = [r for r in others if r.reseller_id != relationship.reseller_id]
        if relationship.reseller_id not in self._records:
            records = track_records({relationship.reseller_id}, self.now)
            self._records.update(records)
        return self._rank(offering, [*sellers, relationship])

    def _rank(
        self, offering: Offering, sellers: list[ResellerRelationship]
    ) -> list[SellerOffer]:
        if refusal(offering, self.now) is not None or not sellers:
            return []
        base, currency = offering.base_price_e9s, offering.currency
        by_seller = {r.reseller.pubkey: r for r in sellers}
        priced = {
            key: pricing.make_offer(base, r.commission_percent, currency)
            for key, r in by_seller.items()
        }
        ranked = pick.rank(
            [self._candidate(by_seller[key], priced[key]) for key in priced],
            offering_ref=f"{sellers[0].external_provider.pubkey}/{offering.code}",
            week=self.week,
            minor_unit_e9s=Money(1, currency).to_e9s(),
        )
        return [
            SellerOffer(
                offering,
                by_seller[one.candidate.reseller],
                priced[one.candidate.reseller],
                one,
                place,
            )
            for place, one in enumerate(ranked)
        ]

    def _candidate(
        self, relationship: ResellerRelationship, offer: pricing.Offer
    ) -> pick.Candidate:
        record = self._records.get(relationship.reseller_id, TrackRecord())
        return pick.Candidate(
            reseller=relationship.reseller.pubkey,
            total_e9s=offer.total_e9s,
            promised_hours=relationship.fulfil_within_hours,
            counted=record.counted,
            on_time=record.on_time,
        )


def active_relationships(
    supplier_ids: Collection[int],
) -> defaultdict[int, list[ResellerRelationship]]:
    """Map each external provider's id to the active relationships that resell it."""
    rows = (
        ResellerRelationship.objects.active()
        .filter(external_provider__in=supplier_ids)
        .select_related("reseller", "external_provider")
    )
    sellers: defaultdict[int, list[ResellerRelationship]] = defaultdict(list)
    for row in rows:
        sellers[row.external_provider_id].append(row)
    return sellers


def track_records(
    reseller_ids: Collection[int], now: datetime
) -> dict[int, TrackRecord]:
    """Count the orders of the last 90 days behind each reseller's "on time"."""
    since = now - timedelta(days=pick.COUNTED_DAYS)
    rows = (
        ResellerOrder.objects.filter(
            reseller__in=reseller_ids, on_time__isnull=False, decided_at__gte=since
        )
        .order_by()
        .values_list("reseller_id")
        .annotate(counted=Count("pk"), on_time=Count("pk", filter=Q(on_time=True)))
    )
    return {pk: TrackRecord(counted, on_time) for pk, counted, on_time in rows}


def why_not(
    book: OfferBook, offering: Offering, relationship: ResellerRelationship
) -> WhyNot | None:
    """Explain to a reseller why its offer is not the featured one; None when it is."""
    reason = refusal(offering, book.now)
    if reason is not None:
        return WhyNot(reason)
    mine = book.offer_of(offering, relationship.reseller)
    if mine is None:
        return WhyNot(NoOffer.RELATIONSHIP_SUSPENDED)
    return why_not_featured(book.offers(offering), mine)


def why_not_featured(offers: list[SellerOffer], mine: SellerOffer) -> WhyNot | None:
    """Name the first key on which `mine` lost among `offers` in pick order."""
    if mine.featured:
        return None
    key = pick.first_lost_key(mine.ranked, offers[0].ranked)
    if key != "lowest_price":
        return WhyNot(key)
    currency = mine.offer.currency
    first_class = [o for o in offers if o.ranked.in_band]
    cheapest = min(o.offer.total_e9s for o in first_class)
    unit_e9s = Money(1, currency).to_e9s()
    limit = pick.band_limit(cheapest, unit_e9s) // unit_e9s * unit_e9s
    return WhyNot(
        key,
        lower_by=Money.from_e9s(mine.offer.total_e9s - limit, currency),
        percent=mine.offer.percent,
        percent_needed=highest_percent(mine.offer, limit),
    )


def highest_percent(offer: pricing.Offer, limit_e9s: int) -> int | None:
    """The highest percent whose total stays within the limit."""
    for percent in range(offer.percent, -1, -1):
        lower = pricing.make_offer(offer.base_e9s, percent, offer.currency)
        if lower.total_e9s <= limit_e9s:
            return percent
    return None


def pick_record(
    offers: list[SellerOffer], chosen: SellerOffer, week: str
) -> dict[str, object]:
    """What an order keeps of the choice, so that it can be replayed."""
    return {
        "rule": pick.PICK_RULE,
        "week": week,
        "offering_ref": f"{chosen.relationship.external_provider.pubkey}"
        f"/{chosen.offering.code}",
        "candidates": [
            {
                "reseller": o.ranked.candidate.reseller,
                "percent": o.offer.percent,
                "total_e9s": o.offer.total_e9s,
                "promised_hours": o.ranked.candidate.promised_hours,
                "counted": o.ranked.candidate.counted,
                "on_time": o.ranked.candidate.on_time,
            }
            for o in offers
        ],
        "featured": offers[0].seller.pubkey,
        "chosen": chosen.seller.pubkey,
        "overridden": not chosen.featured,
        "why": chosen.why,
    }
