"""The filters of the list of resellers: those of the API by the same names, and more.

The address is the saved search: the bar's form is sent on to the plain names, without
what was left empty. Source: 5-resellers, sections 8 and 9.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from resellers import clock, places
from resellers.errors import DomainError
from resellers.filters.resellers import EXTENDED, ResellerFilter
from resellers.forms.suggesting import SuggestingInput
from resellers.models import ContactGroup, PartnerTier, Reseller, ResellerStatus
from resellers.models.reseller import ResellerQuerySet
from resellers.parsing.filters import CodedChoiceFilter
from resellers.rates import own_rate_bp

NOT_OURS = {"search", "ordering"}
KEY, VALUE = "ext_key", "ext_value"
"""What the bar asks for; it becomes `ext.<key>` or `ext_has` in the address."""


class DeskResellerFilter(ResellerFilter):
    """`rate=none`: without a rate of their own."""

    rate = CodedChoiceFilter(
        method="without_rate", choices=[("none", "no own rate")], code="invalid_rate"
    )

    def without_rate(
        self, rows: ResellerQuerySet, name: str, value: str
    ) -> ResellerQuerySet:
        return rows.alias(own_rate_bp=own_rate_bp(clock.now())).filter(own_rate_bp=None)


NAMES = frozenset(DeskResellerFilter.base_filters) - NOT_OURS


@dataclass(frozen=True)
class Chip:
    """A filter by an extended value, with the address without it."""

    words: str
    name: str
    value: str
    url: str


class FilterBar(forms.Form):
    """What the bar shows, by the names of the address; nothing is read from it."""

    status = forms.ChoiceField(required=False)
    country = forms.CharField(
        required=False, widget=SuggestingInput(places.COUNTRIES.values)
    )
    state = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    ext_key = forms.CharField(
        label="Extended key",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    ext_value = forms.CharField(
        label="Extended value",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Any", "autocomplete": "off"}),
    )
    rate = forms.ChoiceField(
        required=False, choices=[("", "Any rate"), ("none", "No own rate")]
    )
    currency = forms.CharField(
        label="Revenue in",
        required=False,
        widget=forms.TextInput(attrs={"maxlength": 3, "autocomplete": "off"}),
    )

    def __init__(self, given: Mapping[str, str], currency: str) -> None:
        super().__init__(initial=dict(given), auto_id="filter_%s", label_suffix="")
        groups = ContactGroup.objects.values_list("slug", "name")
        statuses = [(each.value, each.label.capitalize()) for each in ResellerStatus]
        several = given.get("status", "")
        if "," in several:
            statuses.append((several, several.replace(",", ", ")))
        tiers = [(each.value, each.label.capitalize()) for each in PartnerTier]
        self.choose("status", [("", "Any status"), *statuses])
        self.choose("contactGroup", [("", "Any group"), *groups], "Contact group")
        self.choose("partnerTier", [("", "Any tier"), *tiers], "Tier")
        self.fields["currency"].widget.attrs["placeholder"] = currency

    def choose(
        self, name: str, choices: list[tuple[str, str]], label: str = ""
    ) -> None:
        self.fields[name] = forms.ChoiceField(
            choices=choices, label=label or None, required=False
        )


class SavedSearch(admin.ListFilter):
    """All filters as one: takes its names out of the query, and draws the bar.

    A value that means nothing finds nobody and is said in `errors`.
    """

    title = "filters"

    def __init__(
        self,
        request: HttpRequest,
        params: dict[str, Any],
        model: Any,
        model_admin: Any,
    ) -> None:
        super().__init__(request, params, model, model_admin)
        ours = [name for name in params if is_ours(name)]
        self.given = {name: str(params.pop(name)[-1]) for name in ours}
        self.query = request.GET
        self.filter = DeskResellerFilter(self.given, Reseller.objects.all())
        self.errors: list[str] = []

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [*self.given]

    def choices(self, changelist: Any) -> Iterator[Any]:
        return iter(())

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Reseller]
    ) -> QuerySet[Reseller]:
        self.filter.queryset = queryset
        if not self.filter.is_valid():
            self.errors = [
                str(sentence)
                for sentences in self.filter.errors.values()
                for sentence in sentences
            ]
            return queryset.none()
        try:
            found: QuerySet[Reseller] = self.filter.qs
        except (DomainError, ValidationError) as refusal:
            self.errors = [getattr(refusal, "detail", str(refusal))]
            return queryset.none()
        return found

    @property
    def currency(self) -> str:
        return self.filter.currency_code

    @property
    def bar(self) -> FilterBar:
        return FilterBar(self.given, settings.PROGRAMME_CURRENCY)

    @property
    def sorted_by(self) -> str:
        return self.query.get("o", "")

    @property
    def is_more_open(self) -> bool:
        """Whether one of the rarer filters is set."""
        return bool(set(self.given) - {"status", "contactGroup", "partnerTier"})

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(chip_words(name, value), name, value, without(self.query, name))
            for name, value in self.given.items()
            if name.startswith(EXTENDED) or name == "ext_has"
        ]


def is_ours(name: str) -> bool:
    return name in NAMES or name.startswith(EXTENDED)


def chip_words(name: str, value: str) -> str:
    if name == "ext_has":
        return f"has {value}"
    return f"{name.removeprefix(EXTENDED)} = {value or 'empty'}"


def without(query: QueryDict, name: str) -> str:
    """The query without one filter, as a link."""
    left = query.copy()
    left.pop(name, None)
    return f"?{left.urlencode()}"


def canonical(query: QueryDict) -> QueryDict | None:
    """The query as it is saved; None when it is so already."""
    plain = query.copy()
    key, value = plain.pop(KEY, [""])[-1].strip(), plain.pop(VALUE, [""])[-1]
    for name in [name for name, text in plain.items() if not text]:
        if not name.startswith(EXTENDED):
            del plain[name]
    if key and value:
        plain[f"{EXTENDED}{key}"] = value
    elif key:
        plain["ext_has"] = key
    return None if plain == query else plain
