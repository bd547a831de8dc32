"""The marketplace's list: its orders and its words."""

from collections.abc import Mapping
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    ExpressionWrapper,
    F,
    Q,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from marketplace.catalogue.words import fold, words
from marketplace.models.offering import (
    E9S_PER_THOUSANDTH,
    ON_REQUEST_SORT_KEY,
    OfferingQuerySet,
)
from marketplace.pg import HasWords
from marketplace.pricing import highest_base
from resellers.models.keyset import Keyset

DEFAULT_ORDERING = "price"
LIST_PRICE = F("list_price_e9s")
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
    offerings: OfferingQuerySet,
    ordering: str,
    *,
    few: bool,
    price: Combinable = LIST_PRICE,
) -> OfferingQuerySet:
    """Sort what a search found; `few` are first found and then sorted.

    Otherwise the planner may walk an index in the wanted order until enough rows have
    the words, and a plan's name goes with its price: that can be most of a million. An
    expression has no index to walk. `price` is what orders by price.
    """
    keys: dict[str, Any] = {
        "found_price": price,
        "found_name": F("search_text"),
        "found_id": F("id"),
    }
    if few:
        keys = {
            "found_price": price + Value(0),
            "found_name": Concat("search_text", Value(""), output_field=TextField()),
            "found_id": F("id") + 0,
        }
    found = priced(offerings, ordering).annotate(**keys)
    return found.order_by(*FOUND_ORDERINGS[ordering].keys)


def own_price(percents: Mapping[int, int]) -> Combinable:
    """What orders offerings by the total of one seller, at its percent by supplier.

    The exact mark-up, in 10⁻³ units times 100: rounding keeps the order, and a product
    of 10⁻⁹ units would not fit 64 bits.
    """
    marked_up = [
        When(provider=supplier, then=Value(100 + percent))
        for supplier, percent in percents.items()
    ]
    base = (F("monthly_price_e9s") + F("setup_fee_e9s")) / E9S_PER_THOUSANDTH
    factor = Case(*marked_up, default=Value(100), output_field=BigIntegerField())
    return ExpressionWrapper(base * factor, BigIntegerField())


def within_own_price(
    offerings: OfferingQuerySet,
    percents: Mapping[int, int],
    limit_e9s: int,
    currency: str,
) -> OfferingQuerySet:
    """Keep what one seller sells for at most the limit, to the minor unit."""
    fits = Q(pk__in=[])
    for supplier, percent in percents.items():
        bound = highest_base(limit_e9s, percent, currency)
        fits |= Q(provider=supplier, own_base_e9s__lte=bound)
    # Without the wrapper it is a 32-bit integer, and a larger bound is no bound.
    base = ExpressionWrapper(
        F("monthly_price_e9s") + F("setup_fee_e9s"), BigIntegerField()
    )
    return offerings.alias(own_base_e9s=base).filter(fits)


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
