"""What the list of resellers can be asked. Source: 5-resellers, sections 2, 3 and 8."""

from collections.abc import Mapping
from typing import Any, cast

import django_filters
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Subquery

from resellers import extended, folding, places
from resellers.errors.profiles import (
    InvalidKey,
    InvalidState,
    UnknownContactGroup,
    UnknownCountry,
)
from resellers.filters.values import CurrencyFilter, WordsFilter, given_by
from resellers.models import ContactGroup, PartnerTier, Reseller, ResellerStatus
from resellers.models.keyset import Keyset
from resellers.models.reseller import ResellerQuerySet
from resellers.parsing.filters import CodedChoiceFilter, LineFilter
from resellers.parsing.forms import LineField

EXTENDED = "ext."
SEARCH_LENGTH = 100
ORDERINGS = {
    "-createdAt": Keyset("-created_at", "-id"),
    "createdAt": Keyset("created_at", "id"),
    "lastName": Keyset("last_name", "first_name", "id"),
    "organization": Keyset("organization", "id"),
}
DEFAULT_ORDERING = "-createdAt"


class CountryField(LineField):
    """A code of two or three letters or an English name; cleaned to alpha-2."""

    def to_python(self, value: Any) -> str:
        try:
            return places.country_code(super().to_python(value))
        except UnknownCountry as refused:
            raise ValidationError(refused.detail, code=refused.code) from refused


class CountryFilter(django_filters.Filter):
    field_class = CountryField


class KeyField(LineField):
    """The key of an extended value, in small letters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=extended.KEY_LENGTH, **kwargs)

    def to_python(self, value: Any) -> str:
        key = super().to_python(value)
        if key and not extended.KEY.fullmatch(key):
            raise ValidationError(InvalidKey.sentence, code=InvalidKey.code)
        return key.lower()


class KeyFilter(django_filters.Filter):
    field_class = KeyField


class ValueField(LineField):
    """The value of an extended value, to the letter; its key must be one, given once."""

    multiline = True

    def __init__(self, *, refusal: ValidationError | None, **kwargs: Any) -> None:
        self.refusal = refusal
        super().__init__(max_length=extended.VALUE_LENGTH, strip=False, **kwargs)

    def clean(self, value: Any) -> str:
        if self.refusal is not None:
            raise self.refusal
        return str(super().clean(value))


class ValueFilter(django_filters.Filter):
    """`?ext.membership_level=Gold`; an empty value is one, too."""

    field_class = ValueField

    def __init__(self, key: str, **kwargs: Any) -> None:
        self.key = key
        super().__init__(**kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return cast(ResellerQuerySet, qs).holding(self.key, value)


class ResellerFilter(django_filters.FilterSet):
    """A refused value is 400 at its parameter; `keyset` walks the chosen order."""

    status = WordsFilter(
        words=ResellerStatus.values,
        code="invalid_status",
        field_name="status",
        lookup_expr="in",
    )
    contactGroup = LineFilter(max_length=40, method="in_group")
    partnerTier = CodedChoiceFilter(
        field_name="partner_tier", choices=PartnerTier.choices
    )
    country = CountryFilter(max_length=100)
    state = LineFilter(max_length=100, method="in_state")
    search = LineFilter(max_length=SEARCH_LENGTH, method="found")
    ext_has = KeyFilter(method="with_key")
    currency = CurrencyFilter(method="leave")
    ordering = CodedChoiceFilter(
        method="leave",
        choices=[(name, name) for name in ORDERINGS],
        code="invalid_ordering",
    )

    class Meta:
        model = Reseller
        fields: list[str] = []

    def __init__(
        self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any
    ) -> None:
        given = given_by(data)
        super().__init__(given, *args, **kwargs)
        self.filters.update(_value_filters(given))

    @property
    def keyset(self) -> Keyset:
        return ORDERINGS[self._said("ordering") or DEFAULT_ORDERING]

    @property
    def currency_code(self) -> str:
        return self._said("currency") or settings.PROGRAMME_CURRENCY

    def _said(self, name: str) -> str:
        self.form.is_valid()
        said: str = self.form.cleaned_data.get(name) or ""
        return said

    @property
    def group(self) -> str:
        """The slug that is asked for, or ""."""
        return self._said("contactGroup")

    def in_group(
        self, rows: ResellerQuerySet, name: str, value: str
    ) -> ResellerQuerySet:
        """Those of the group, an inactive one too; see `refuse_unknown_group`."""
        groups = ContactGroup.objects.filter(slug=value)
        return rows.filter(contact_group=Subquery(groups.values("pk")))

    def in_state(
        self, rows: ResellerQuerySet, name: str, value: str
    ) -> ResellerQuerySet:
        """By code or name; of a country without a list, the name as it was written."""
        country = self.form.cleaned_data.get("country") or ""
        try:
            code, written = places.read_state(value, country)
        except InvalidState:
            code, written = value.upper() if len(value) == len("XX") else "", value
        return rows.filter(state=code) if code else rows.filter(state_name=written)

    def found(self, rows: ResellerQuerySet, name: str, value: str) -> ResellerQuerySet:
        return rows.found_by(folding.words(value), folding.query_digits(value))

    def with_key(
        self, rows: ResellerQuerySet, name: str, value: str
    ) -> ResellerQuerySet:
        return rows.holding(value)

    def leave(self, rows: ResellerQuerySet, name: str, value: str) -> ResellerQuerySet:
        """Read elsewhere: the order by the pages, the currency by the totals."""
        return rows


def refuse_unknown_group(slug: str) -> None:
    """Where nobody was found: whether there is such a group at all.

    Raises UnknownContactGroup.
    """
    if not ContactGroup.objects.filter(slug=slug).exists():
        raise UnknownContactGroup(
            "Give the slug of a contact group.", field="contact_group"
        )


def _value_filters(given: Mapping[str, Any]) -> dict[str, ValueFilter]:
    """A filter for each `ext.<key>` of the query, refusing ones included."""
    filters: dict[str, ValueFilter] = {}
    seen: set[str] = set()
    for name in given:
        if not name.startswith(EXTENDED):
            continue
        written = name.removeprefix(EXTENDED)
        key, refusal = written.lower(), None
        if not extended.KEY.fullmatch(written):
            refusal = ValidationError(InvalidKey.sentence, code=InvalidKey.code)
        elif key in seen:
            refusal = ValidationError("Give each key once.", code="duplicate_key")
        seen.add(key)
        filters[name] = ValueFilter(key, refusal=refusal)
    return filters
