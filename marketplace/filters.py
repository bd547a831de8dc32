"""What the marketplace's list can be asked: one set for the page and the API.

Source: 4-marketplace, section 8, `GET /offerings`.
"""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, cast

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from marketplace.catalogue.countries import COUNTRIES
from marketplace.models import Offering, ResellerRelationship
from marketplace.models.facets import Facets, facets
from marketplace.models.fields import E9S_LIMIT, SIGNED_64_LIMIT
from marketplace.models.listing import (
    DEFAULT_ORDERING,
    FOUND_ORDERINGS,
    LIST_PRICE,
    ORDERINGS,
    found_in_order,
    in_order,
    own_price,
    priced,
    with_words,
    within_own_price,
)
from marketplace.models.offering import INTEGER_LIMIT, OfferingQuerySet
from marketplace.parsing import PUBKEY, PatternFilter
from resellers import clock
from resellers.models.keyset import COUNT_CEILING, Keyset, count_up_to
from resellers.money import CURRENCIES, E9S_DECIMALS
from resellers.parsing.filters import (
    CodedChoiceFilter,
    LineFilter,
    WholeNumberFilter,
)
from resellers.parsing.forms import LineField

YES_OR_NO = [("true", "yes"), ("false", "no")]
ORDERING_CHOICES = [
    ("price", "cheapest first"),
    ("-price", "dearest first"),
    ("name", "by name"),
    ("newest", "newest first"),
]
GB_LIMIT = INTEGER_LIMIT // 1024
DEAREST_E9S = 3 * E9S_LIMIT
"""The largest monthly price and set-up fee there can be, at the largest mark-up."""
Q_LENGTH_LIMIT = 200

_PRICE = re.compile(r"([0-9]{1,10})(?:\.([0-9]{1,9}))?", re.ASCII)


class PriceField(LineField):
    """Plain digits of major units, exactly; cleaned to 10⁻⁹ units."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        match = _PRICE.fullmatch(text)
        if match is None:
            raise ValidationError(
                "Give a price in plain digits, such as 4.59.", code="invalid_number"
            )
        e9s = int(match[1] + (match[2] or "").ljust(E9S_DECIMALS, "0"))
        if e9s > SIGNED_64_LIMIT:
            raise ValidationError("Give a smaller price.", code="out_of_range")
        return e9s

    def run_validators(self, value: Any) -> None:
        """Nothing more: the pattern bounds the length."""


class PriceFilter(django_filters.Filter):
    field_class = PriceField


COUNTRY: dict[str, Any] = {
    "accepts": COUNTRIES.__contains__,
    "case": str.upper,
    "code": "invalid_country",
    "sentence": "Use an ISO 3166 code of two letters, such as DE.",
    "max_length": 2,
}
CURRENCY: dict[str, Any] = {
    "accepts": CURRENCIES.__contains__,
    "case": str.upper,
    "code": "unknown_currency",
    "sentence": "Use an ISO 4217 code of three letters, such as USD.",
    "max_length": 3,
}
PRODUCT_TYPE: dict[str, Any] = {
    "accepts": re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", re.ASCII).fullmatch,
    "case": str.lower,
    "code": "invalid_slug",
    "sentence": "Use a word of letters and digits, such as compute.",
    "max_length": 50,
}
SELECTS = ["provider", "seller", "product_type", "country", "currency"]


class OfferingFilter(django_filters.FilterSet):
    """Filters and orders of the list, one currency at a time.

    A refused value filters nothing and stands in `form.errors`; the API makes 400 of
    it. `keyset` walks the chosen order.
    """

    q = LineFilter(label="Search", method="search", max_length=Q_LENGTH_LIMIT)
    provider = PatternFilter(label="Provider", field_name="provider__pubkey", **PUBKEY)
    seller = PatternFilter(label="Seller", method="sold_by", **PUBKEY)
    product_type = PatternFilter(label="Type", **PRODUCT_TYPE)
    country = PatternFilter(label="Country", field_name="datacenter_country", **COUNTRY)
    currency = PatternFilter(label="Currency", **CURRENCY)
    max_price = PriceFilter(label="Price up to", method="priced_up_to", max_length=20)
    min_cores = WholeNumberFilter(
        label="Cores from",
        field_name="processor_cores",
        lookup_expr="gte",
        min_value=0,
        max_value=INTEGER_LIMIT,
    )
    min_memory_gb = WholeNumberFilter(
        label="Memory from, in GB",
        method="memory_from",
        min_value=0,
        max_value=GB_LIMIT,
    )
    min_storage_gb = WholeNumberFilter(
        label="Storage from, in GB",
        field_name="storage_gb",
        lookup_expr="gte",
        min_value=0,
        max_value=INTEGER_LIMIT,
    )
    gpu = CodedChoiceFilter(label="GPU", method="with_gpu", choices=YES_OR_NO)
    rentable = CodedChoiceFilter(
        label="Can be rented", method="that_can_be_rented", choices=YES_OR_NO
    )
    ordering = CodedChoiceFilter(
        label="Order",
        method="leave",
        choices=ORDERING_CHOICES,
        code="invalid_ordering",
    )

    class Meta:
        model = Offering
        fields: list[str] = []

    def __init__(
        self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any
    ) -> None:
        given = dict(data.items()) if data else {}
        if not given.get("currency"):
            given["currency"] = settings.PROGRAMME_CURRENCY
        super().__init__(given, *args, **kwargs)

    @cached_property
    def facets(self) -> Facets:
        """The choices of the selects; read when a page draws them, never by the API."""
        return facets()

    @property
    def ordering_name(self) -> str:
        chosen: str = self.form.cleaned_data.get("ordering") or DEFAULT_ORDERING
        return chosen

    @property
    def keyset(self) -> Keyset:
        self.form.is_valid()
        found = self.form.cleaned_data.get("q") or self.sorts_by_own_price
        return (FOUND_ORDERINGS if found else ORDERINGS)[self.ordering_name]

    @cached_property
    def percents(self) -> dict[int, int]:
        """The mark-up of the chosen seller by its external providers' ids."""
        active = ResellerRelationship.objects.active().filter(
            reseller__pubkey=self.form.cleaned_data.get("seller") or ""
        )
        return dict(active.values_list("external_provider_id", "commission_percent"))

    @property
    def sorts_by_own_price(self) -> bool:
        """Where the lowest price of all would misplace the seller's own.

        Offerings of one supplier stand in one order whatever the percent.
        """
        by_price = self.ordering_name in {"price", "-price"}
        chosen = by_price and self.form.cleaned_data.get("seller")
        return bool(chosen) and len(self.percents) > 1

    @cached_property
    def form(self) -> forms.Form:
        """The form, its selects filled from the facets when they are drawn."""
        form: forms.Form = super().form
        for name in SELECTS:
            form.fields[name].widget.choices = self.choices(name)
        return form

    def choices(self, name: str) -> Callable[[], list[tuple[str, str]]]:
        blank = [] if name == "currency" else [("", "any")]
        return lambda: [*blank, *getattr(self.facets, name)]

    def filter_queryset(self, queryset: QuerySet[Any, Any]) -> OfferingQuerySet:
        listed = cast(OfferingQuerySet, queryset)
        if "currency" in self.form.errors:
            listed = listed.filter(currency=settings.PROGRAMME_CURRENCY)
        asked = cast(OfferingQuerySet, super().filter_queryset(listed))
        own = self.sorts_by_own_price
        if not (self.form.cleaned_data.get("q") or own):
            return in_order(asked, self.ordering_name)
        self.count = count_up_to(priced(asked, self.ordering_name))
        return found_in_order(
            asked,
            self.ordering_name,
            few=self.count <= COUNT_CEILING,
            price=own_price(self.percents) if own else LIST_PRICE,
        )

    @cached_property
    def count(self) -> int:
        """How many are found, up to one past the ceiling ("10,000+")."""
        return count_up_to(self.qs)

    def search(
        self, queryset: OfferingQuerySet, name: str, value: str
    ) -> OfferingQuerySet:
        return with_words(queryset, value)

    def sold_by(
        self, queryset: OfferingQuerySet, name: str, value: str
    ) -> OfferingQuerySet:
        """What this reseller offers now."""
        return queryset.rentable(clock.now()).filter(provider__in=list(self.percents))

    def priced_up_to(
        self, queryset: OfferingQuerySet, name: str, value: int
    ) -> OfferingQuerySet:
        """By the total that is shown: the chosen seller's, else the lowest."""
        said = self.form.cleaned_data
        if not said.get("seller"):
            return queryset.filter(list_price_e9s__lte=value)
        currency = said.get("currency") or settings.PROGRAMME_CURRENCY
        limit = min(value, DEAREST_E9S)
        return within_own_price(queryset, self.percents, limit, currency)

    def memory_from(
        self, queryset: OfferingQuerySet, name: str, value: int
    ) -> OfferingQuerySet:
        return queryset.filter(memory_mb__gte=value * 1024)

    def with_gpu(
        self, queryset: OfferingQuerySet, name: str, value: str
    ) -> OfferingQuerySet:
        if value == "true":
            return queryset.filter(gpu_count__gt=0)
        return queryset.exclude(gpu_count__gt=0)

    def that_can_be_rented(
        self, queryset: OfferingQuerySet, name: str, value: str
    ) -> OfferingQuerySet:
        """Whether anybody offers it now."""
        suppliers = ResellerRelationship.objects.active().values("external_provider")
        if value == "true":
            return queryset.rentable(clock.now()).filter(provider__in=suppliers)
        offered = Offering.objects.rentable(clock.now()).filter(provider__in=suppliers)
        return queryset.exclude(pk__in=offered.values("pk"))

    def leave(
        self, queryset: OfferingQuerySet, name: str, value: str
    ) -> OfferingQuerySet:
        """The order is set at the end, for a refused one, too."""
        return queryset
