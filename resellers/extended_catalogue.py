"""Which extended keys there are, on how many profiles, and which look alike.

Source: 5-resellers, section 3 ("Key catalogue").
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from resellers.extended import folded_key
from resellers.pg.extended_keys import count_keys

SHORTEST_ALIKE = 3
"""Of shorter keys one letter is too much of the word to be a slip."""


@dataclass(frozen=True)
class KeyFacts:
    """One key: profiles that hold it, their distinct values, one of these.

    `similar` are the keys it may have been meant to be.
    """

    key: str
    profiles: int
    distinct: int
    example: str
    similar: list[str]


def catalogue(search: str = "") -> list[KeyFacts]:
    """Every key that holds the searched text, in any case, by name. One query."""
    rows = count_keys()
    alike = near_duplicates(key for key, *_ in rows)
    wanted = search.strip().casefold()
    return [
        KeyFacts(key, profiles, distinct, example, alike[key])
        for key, profiles, distinct, example in rows
        if wanted in key
    ]


def near_duplicates(keys: Iterable[str]) -> dict[str, list[str]]:
    """Each key with those equal to it without `_ - .`, or one edit apart where
    both have three letters or more.

    Two words one edit apart share a word that is one of them or one letter shorter:
    only such pairs are compared.
    """
    sharing: dict[str, set[str]] = defaultdict(set)
    every = list(keys)
    for key in every:
        if len(key) >= SHORTEST_ALIKE:
            for shorter in _shortened(key):
                sharing[shorter].add(key)
        sharing[f"={folded_key(key)}"].add(key)
    return {key: sorted(_alike(key, sharing)) for key in every}


def one_edit_apart(one: str, other: str) -> bool:
    """Whether one letter put in, left out or replaced makes the other word."""
    shorter, longer = sorted((one, other), key=len)
    if shorter == longer or len(longer) - len(shorter) > 1:
        return False
    at = 0
    while at < len(shorter) and shorter[at] == longer[at]:
        at += 1
    rest = shorter[at + 1 :] if len(shorter) == len(longer) else shorter[at:]
    return rest == longer[at + 1 :]


def _alike(key: str, sharing: dict[str, set[str]]) -> set[str]:
    close = {
        other
        for shorter in _shortened(key)
        if len(key) >= SHORTEST_ALIKE
        for other in sharing[shorter]
        if one_edit_apart(key, other)
    }
    return (close | sharing[f"={folded_key(key)}"]) - {key}


def _shortened(key: str) -> Iterator[str]:
    yield key
    for at in range(len(key)):
        yield key[:at] + key[at + 1 :]
