"""What many rows of a file need of the database, in a few queries."""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import TypeVar
from uuid import UUID

Each = TypeVar("Each")

CHUNK = 500
"""Values in one IN of a query: SQLite takes no more than some thousands."""


def in_chunks(values: Collection[Each]) -> Iterator[list[Each]]:
    """The values in lists that a query takes."""
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def uuid_of(text: str) -> UUID | None:
    """A UUID as we write it, with hyphens; None for any other id."""
    bare = text.strip().lower()
    try:
        found = UUID(bare)
    except ValueError:
        return None
    return found if str(found) == bare else None
