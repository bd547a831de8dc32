"""Around the marketplace's list: count, order, layout, and the filters that hold.

Everything is a plain link that keeps the rest of the query string.
Source: 4-marketplace, section 9; 10-face, "Every list".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.forms import BoundField, Form, Select, TextInput
from django.http.request import QueryDict
from django.urls import reverse

from marketplace.filters import OfferingFilter
from marketplace.presentation.countries import country_name
from marketplace.presentation.specs import slug_words
from resellers.models.keyset import COUNT_CEILING

SORTS = {
    "price": "Cheapest",
    "-price": "Dearest",
    "name": "Name",
    "newest": "Newest",
}
LAYOUTS = {"cards": "Cards", "rows": "Rows"}
RAIL = [
    ["rentable"],
    ["country"],
    ["product_type"],
    ["max_price", "min_memory_gb"],
    ["min_cores", "min_storage_gb"],
    ["gpu"],
    ["provider"],
    ["seller"],
]
NUMBERS = ["min_memory_gb", "min_cores", "min_storage_gb"]
UNITS = {
    "min_memory_gb": ("Memory from", "GB"),
    "min_storage_gb": ("Storage from", "GB"),
}
ANY = ("", "any")
HINT = "Name, provider or city"
MANNERS = ("ordering", "layout")


@dataclass(frozen=True, slots=True)
class Link:
    """A choice that is a link; the present one says so."""

    label: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """One filter that holds, and the list without it."""

    label: str
    value: str
    url: str
    error: str = ""


def count_words(count: int) -> str:
    """ "321 offerings"; beyond the ceiling of exact counts "10,000+ offerings"."""
    if count > COUNT_CEILING:
        return f"{COUNT_CEILING:,}+ offerings"
    return "1 offering" if count == 1 else f"{count:,} offerings"


def list_url(query: QueryDict, **changes: str | None) -> str:
    """The list with the present query changed, from its first page; None drops."""
    changed = query.copy()
    changed.pop("cursor", None)
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = value
    path = reverse("marketplace:offering-list")
    return f"{path}?{changed.urlencode()}" if changed else path


def next_url(query: QueryDict, cursor: str | None) -> str:
    return list_url(query, cursor=cursor) if cursor else ""


def list_facts(filters: OfferingFilter, query: QueryDict, count: int) -> dict[str, Any]:
    """What stands around the cards of a whole list."""
    form: Form = filters.form
    fields = rail_fields(filters)
    chosen = list(chosen_filters(form, query))
    layout = "rows" if query.get("layout") == "rows" else "cards"
    kept = [(name, query[name]) for name in MANNERS if query.get(name)]
    return {
        "filters": filters,
        "rail": fields,
        "faulty": bool(form.errors),
        "kept": kept,
        "chosen": chosen,
        "clear_url": clear_url(query),
        "count": count_words(count),
        "sorts": list(sorts(query)),
        "layout": layout,
        "layouts": list(layouts(query, layout)),
    }


def rail_fields(filters: OfferingFilter) -> list[list[tuple[BoundField, str]]]:
    """Rows of fields with their units; a currency is asked for where there are some."""
    form, facets = filters.form, filters.facets
    form.fields["q"].widget = TextInput(attrs={"type": "search", "placeholder": HINT})
    countries = [(code, country_name(code)) for code, _ in facets.country]
    form.fields["country"].widget.choices = [ANY, *sorted(countries, key=itemgetter(1))]
    types = [(slug, slug_words(slug)) for slug, _ in facets.product_type]
    form.fields["product_type"].widget.choices = [ANY, *types]
    for name, (label, _) in UNITS.items():
        form[name].label = label
    for name in NUMBERS:
        # a number input would drop what it cannot read, and with it the mistake
        form.fields[name].widget = TextInput(attrs={"inputmode": "numeric"})
    rows = [*RAIL, ["currency"]] if len(facets.currency) > 1 else RAIL
    return [
        [(form[name], UNITS.get(name, ("", ""))[1]) for name in row] for row in rows
    ]


def clear_url(query: QueryDict) -> str:
    """The list without a filter, in the same order and layout."""
    bare = QueryDict(mutable=True)
    for name in MANNERS:
        if value := query.get(name):
            bare[name] = value
    return list_url(bare)


def sorts(query: QueryDict) -> Iterator[Link]:
    present = query.get("ordering")
    present = present if present in SORTS else next(iter(SORTS))
    for name, label in SORTS.items():
        yield Link(label, list_url(query, ordering=name), name == present)


def layouts(query: QueryDict, present: str) -> Iterator[Link]:
    for name, label in LAYOUTS.items():
        yield Link(label, list_url(query, layout=name), name == present)


def chosen_filters(form: Form, query: QueryDict) -> Iterator[Chosen]:
    """Every filter that was given a value, a refused one with its error."""
    for field in form:
        value = query.get(field.name, "").strip()
        if value and field.name != "ordering":
            error = " ".join(str(each) for each in field.errors)
            url = list_url(query, **{field.name: None})
            yield Chosen(str(field.label), value_words(field, value), url, error)


def value_words(field: BoundField, value: str) -> str:
    """What was chosen, as its choice reads."""
    if isinstance(field.field.widget, Select):
        for key, label in field.field.widget.choices:
            if str(key) == value:
                return str(label)
    return value
