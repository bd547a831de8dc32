"""The marketplace's list: its orders and its words."""

from typing import Any

from django.db.models import F, TextField, Value
from django.db.models.functions import Concat

from marketplace.catalogue.words import fold, words
from marketplace.models.offering import (
    ON_REQUEST_SORT_KEY,
    OfferingQuerySet,
)
from marketplace.pg import HasWords
from resellers.models.keyset import Keyset

DEFAULT_ORDERING = "price"
ORDERINGS = {
    "price": Keyset("list_price_e9s", "id"),
    "-price": Keyset("-list_price_e9s", "-id"),
    "name": Keyset("search_text", "id"),
    "newest": Keyset("-id"),
}
FOUND_ORDERINGS = {
    "price": Keyset("found_price", "id"),
    "-price": Keyset("-found_price", "-id"),
    "name": Keyset("found_name", "id"),
    "newest": Keyset("-found_id"),
}
"""The same orders of what a search found, by the names that `found_in_order` gives."""


def in_order(offerings: OfferingQuerySet, ordering: str) -> OfferingQuerySet:
    """Sort as the named order does; dearest first leaves out prices on request."""
    return priced(offerings, ordering).order_by(*ORDERINGS[ordering].keys)


def found_in_order(
    offerings: OfferingQuerySet, ordering: str, *, few: bool
) -> OfferingQuerySet:
    """Sort what a search found; `few` are first found and then sorted.

    Otherwise the planner may walk an index in the wanted order until enough rows have
    the words, and a plan's name goes with its price: that can be most of a million. An
    expression has no index to walk.
    """
    keys: dict[str, Any] = {
        "found_price": F("list_price_e9s"),
        "found_name": F("search_text"),
        "found_id": F("id"),
    }
    if few:
        keys = {
            "found_price": F("list_price_e9s") + 0,
            "found_name": Concat("search_text", Value(""), output_field=TextField()),
            "found_id": F("id") + 0,
        }
    found = priced(offerings, ordering).annotate(**keys)
    return found.order_by(*FOUND_ORDERINGS[ordering].keys)


def priced(offerings: OfferingQuerySet, ordering: str) -> OfferingQuerySet:
    if ordering == "-price":
        return offerings.filter(list_price_e9s__lt=ON_REQUEST_SORT_KEY)
    return offerings


def with_words(offerings: OfferingQuerySet, text: str) -> OfferingQuerySet:
    """Keep what has a word beginning with each word of the text; no word finds nothing.

    Case and accents do not matter; name, code, provider and city are searched.
    """
    wanted = list(dict.fromkeys(words(fold(text))))
    if not wanted:
        return offerings.none()
    return offerings.filter(HasWords(F("search_text"), wanted))
