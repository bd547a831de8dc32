"""Tables on a row's page: what belongs to it, to be read."""

from collections.abc import Sequence
from dataclasses import dataclass

Cells = Sequence[object]


@dataclass(frozen=True)
class Panel:
    """A titled table; `empty` is said instead of no rows, `more` leads to the rest."""

    word: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Cells]
    empty: str
    more: object = ""
