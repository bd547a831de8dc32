from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.lookups import GreaterThan

from marketplace.models.fields import (
    E9S_LIMIT,
    SIGNED_64_LIMIT,
    visible_ascii,
    web_url_field,
)
from marketplace.models.provider import Provider, ProviderKind
from resellers import clock
from resellers.models import checks

ON_REQUEST_SORT_KEY = SIGNED_64_LIMIT
INTEGER_LIMIT = 2**31 - 1
TERM_HOURS = 720
DRIFT_DAYS = 30
E9S_PER_THOUSANDTH = 10**6
SPEC_INTEGERS = [
    "processor_cores",
    "memory_mb",
    "storage_gb",
    "uplink_mbps",
    "traffic_gb",
    "gpu_count",
    "min_contract_hours",
    "max_contract_hours",
]

slug = RegexValidator(
    r"\A[a-z0-9]+(?:[-_][a-z0-9]+)*\Z", "Use a slug in lower case.", "invalid_slug"
)
country = RegexValidator(
    r"\A[A-Z]{2}\Z", "Use a two-letter country code.", "invalid_country"
)


class Visibility(models.TextChoices):
    PUBLIC = "public"
    LIMITED = "limited"
    PRIVATE = "private"


class StockStatus(models.TextChoices):
    IN_STOCK = "in_stock"
    OUT_OF_STOCK = "out_of_stock"
    LIMITED = "limited"


class BillingInterval(models.TextChoices):
    MONTHLY = "monthly"
    HOURLY = "hourly"
    YEARLY = "yearly"


class OfferingStatus(models.TextChoices):
    AVAILABLE = "available"
    RETIRED = "retired"


class RetiredBy(models.TextChoices):
    """Who retired it decides who brings it back: an import only what imports retired."""

    IMPORT = "import"
    STAFF = "staff"


def rentable(now: datetime) -> Q:
    """`offers.refusal` as a condition: what can be offered of a seeded offering."""
    condition = Q(
        Q(min_contract_hours__isnull=True) | Q(min_contract_hours__lte=TERM_HOURS),
        Q(max_contract_hours__isnull=True) | Q(max_contract_hours__gte=TERM_HOURS),
        ~Q(visibility=Visibility.PRIVATE),
        ~Q(stock_status=StockStatus.OUT_OF_STOCK),
        ~Q(billing_interval=BillingInterval.YEARLY),
        status=OfferingStatus.AVAILABLE,
        monthly_price_e9s__gt=0,
    )
    if settings.PRICE_MAX_AGE_DAYS:
        oldest = now - timedelta(days=settings.PRICE_MAX_AGE_DAYS)
        condition &= Q(price_checked_at__gte=oldest)
    return condition


class OfferingQuerySet(models.QuerySet["Offering"]):
    def listed(self) -> Self:
        """What the marketplace lists to everyone."""
        return self.filter(
            status=OfferingStatus.AVAILABLE, visibility=Visibility.PUBLIC
        )

    def reachable(self) -> Self:
        """What a link opens for everyone: private ones are as if missing."""
        return self.exclude(visibility=Visibility.PRIVATE)

    def seeded(self) -> Self:
        return self.filter(provider__kind=ProviderKind.EXTERNAL)

    def rentable(self, now: datetime) -> Self:
        """What an active reseller can offer now."""
        return self.seeded().filter(rentable(now))

    def risen(self, now: datetime) -> Self:
        """What costs more than PRICE_DRIFT_PERCENT more since its last change, lately.

        Compared in 10⁻³ units, whole in every currency: a product of 10⁻⁹ units would
        not fit 64 bits.
        """
        before = F("previous_price_e9s") / E9S_PER_THOUSANDTH
        base = (F("monthly_price_e9s") + F("setup_fee_e9s")) / E9S_PER_THOUSANDTH
        return self.filter(
            GreaterThan(base * 100, before * (100 + settings.PRICE_DRIFT_PERCENT)),
            previous_price_e9s__gt=0,
            price_changed_at__gte=now - timedelta(days=DRIFT_DAYS),
            status=OfferingStatus.AVAILABLE,
        )

    def risen_by_provider(self, now: datetime) -> dict[int, int]:
        """How many offerings rose, by the provider's id; providers without are absent.

        "12 offerings rose by more than 10 % in 30 days".
        """
        counted = self.risen(now).order_by().values_list("provider_id")
        return dict(counted.annotate(Count("pk")))


class Offering(models.Model):
    """Something a provider sells; *seeded* when its provider is external.

    Written by `actions.catalogue_import` and `actions.offerings`. `specs` keeps the text
    as filed of every catalogue column without a text column of its own.
    `list_price_e9s` is a sort key kept by a job; it is never shown or charged.
    """

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="offerings")
    code = models.CharField(max_length=100, validators=[visible_ascii])
    offer_name = models.CharField(max_length=200)
    description = models.TextField(max_length=5000, blank=True, default="")
    product_page_url = web_url_field()
    external_checkout_url = web_url_field()
    currency = models.CharField(max_length=3)
    monthly_price_e9s = models.BigIntegerField()
    setup_fee_e9s = models.BigIntegerField(default=0)
    visibility = models.CharField(
        max_length=10, choices=Visibility, default=Visibility.PUBLIC
    )
    stock_status = models.CharField(
        max_length=12, choices=StockStatus, default=StockStatus.IN_STOCK
    )
    product_type = models.CharField(max_length=50, validators=[slug])
    virtualization_type = models.CharField(
        max_length=50, blank=True, default="", validators=[slug]
    )
    billing_interval = models.CharField(
        max_length=10, choices=BillingInterval, default=BillingInterval.MONTHLY
    )
    processor_cores = models.IntegerField(null=True, blank=True)
    memory_mb = models.IntegerField(null=True, blank=True)
    storage_gb = models.IntegerField(null=True, blank=True)
    uplink_mbps = models.IntegerField(null=True, blank=True)
    traffic_gb = models.IntegerField(null=True, blank=True)
    gpu_count = models.IntegerField(null=True, blank=True)
    min_contract_hours = models.IntegerField(null=True, blank=True)
    max_contract_hours = models.IntegerField(null=True, blank=True)
    unmetered_bandwidth = models.BooleanField(default=False)
    datacenter_country = models.CharField(max_length=2, validators=[country])
    datacenter_city = models.CharField(max_length=100, blank=True, default="")
    specs = models.JSONField(default=dict, blank=True)
    status = models.CharField(
        max_length=10, choices=OfferingStatus, default=OfferingStatus.AVAILABLE
    )
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.CharField(
        max_length=10, choices=RetiredBy, blank=True, default=""
    )
    price_source = models.CharField(max_length=200)
    price_checked_at = models.DateTimeField()
    previous_price_e9s = models.BigIntegerField(null=True, blank=True)
    price_changed_at = models.DateTimeField(null=True, blank=True)
    search_text = models.TextField(blank=True, default="")
    list_price_e9s = models.BigIntegerField()
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = OfferingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "code"],
                name="offering_code_unique",
                violation_error_code="offering_code_taken",
            ),
            checks.length("offering_code_length", "code", 1, 100),
            checks.length("offering_name_length", "offer_name", 1, 200),
            checks.length("offering_description_length", "description", 0, 5000),
            checks.length("offering_currency_length", "currency", 3, 3),
            checks.length("offering_country_length", "datacenter_country", 2, 2),
            checks.length("offering_city_length", "datacenter_city", 0, 100),
            checks.in_range(
                "offering_monthly_price", "monthly_price_e9s", 0, E9S_LIMIT
            ),
            checks.in_range("offering_setup_fee", "setup_fee_e9s", 0, E9S_LIMIT),
            checks.in_range(
                "offering_previous_price", "previous_price_e9s", 0, E9S_LIMIT
            ),
            checks.in_range(
                "offering_list_price", "list_price_e9s", 0, SIGNED_64_LIMIT
            ),
            *(
                checks.in_range(f"offering_{name}", name, 0, INTEGER_LIMIT)
                for name in SPEC_INTEGERS
            ),
            checks.one_of("offering_visibility_known", "visibility", Visibility.values),
            checks.one_of("offering_stock_known", "stock_status", StockStatus.values),
            checks.one_of(
                "offering_interval_known", "billing_interval", BillingInterval.values
            ),
            checks.one_of("offering_status_known", "status", OfferingStatus.values),
            models.CheckConstraint(
                name="offering_retired_has_time",
                condition=Q(
                    status=OfferingStatus.RETIRED,
                    retired_at__isnull=False,
                    retired_by__in=RetiredBy.values,
                )
                | Q(
                    status=OfferingStatus.AVAILABLE,
                    retired_at__isnull=True,
                    retired_by="",
                ),
                violation_error_code="retired_needs_time",
            ),
        ]
        indexes = [
            # the marketplace list by price, one currency at a time
            models.Index(
                F("currency"),
                F("list_price_e9s"),
                F("id"),
                name="offering_by_price",
                condition=Q(status="available", visibility="public"),
            ),
            # the same with the country filter
            models.Index(
                F("datacenter_country"),
                F("currency"),
                F("list_price_e9s"),
                F("id"),
                name="offering_by_country_price",
                condition=Q(status="available", visibility="public"),
            ),
            # the list by name
            models.Index(
                F("currency"),
                F("search_text"),
                F("id"),
                name="offering_by_name",
                condition=Q(status="available", visibility="public"),
            ),
            # which product types the list can be filtered by
            models.Index(
                fields=["product_type"],
                name="offering_by_type",
                condition=Q(status="available", visibility="public"),
            ),
            # how many offerings of a provider rose lately
            models.Index(
                fields=["provider", "price_changed_at"],
                name="offering_price_changes",
                condition=Q(price_changed_at__isnull=False),
            ),
            # one provider's offerings; the job that sets list prices walks it
            models.Index(
                fields=["provider", "status", "list_price_e9s", "id"],
                name="offering_by_provider",
            ),
        ]

    def __str__(self) -> str:
        return self.offer_name

    @property
    def base_price_e9s(self) -> int:
        """The first month: monthly price and set-up fee, in 10⁻⁹ units."""
        return self.monthly_price_e9s + self.setup_fee_e9s

    @property
    def checkout_url(self) -> str:
        return self.external_checkout_url or self.product_page_url

    @property
    def is_seeded(self) -> bool:
        return self.provider.kind == ProviderKind.EXTERNAL

    @property
    def operating_systems(self) -> list[str]:
        """The systems a buyer may ask for, in the catalogue's order."""
        filed = str(self.specs.get("operating_systems", ""))
        return [name.strip() for name in filed.split(",") if name.strip()]
