"""The marketplace's list: its orders and its words."""

from django.db.models import F, Subquery

from marketplace.catalogue.words import fold, words
from marketplace.models.offering import (
    ON_REQUEST_SORT_KEY,
    OfferingQuerySet,
)
from marketplace.pg import HasWords, IsAmong
from resellers.models.keyset import COUNT_CEILING, Keyset

DEFAULT_ORDERING = "price"
ORDERINGS = {
    "price": Keyset("list_price_e9s", "id"),
    "-price": Keyset("-list_price_e9s", "-id"),
    "name": Keyset("search_text", "id"),
    "newest": Keyset("-id"),
}


def in_order(offerings: OfferingQuerySet, ordering: str) -> OfferingQuerySet:
    """Sort as the named order does; dearest first leaves out prices on request."""
    if ordering == "-price":
        offerings = offerings.filter(list_price_e9s__lt=ON_REQUEST_SORT_KEY)
    return offerings.order_by(*ORDERINGS[ordering].keys)


def with_words(offerings: OfferingQuerySet, text: str) -> OfferingQuerySet:
    """Keep what has a word beginning with each word of the text; no word finds nothing.

    Case and accents do not matter; name, code, provider and city are searched.
    """
    wanted = list(dict.fromkeys(words(fold(text))))
    if not wanted:
        return offerings.none()
    return offerings.filter(HasWords(F("search_text"), wanted))


def found_first(
    offerings: OfferingQuerySet, found: OfferingQuerySet
) -> OfferingQuerySet:
    """Keep the few that a search found, to be sorted after they are found."""
    few = found.order_by().values("pk")[:COUNT_CEILING]
    return offerings.filter(IsAmong(F("pk"), Subquery(few)))
