"""A filed offering as columns again: nothing of the catalogue is lost on the way in."""

from typing import Protocol

from marketplace.catalogue.columns import (
    MONEY_FIELDS,
    SOURCE_COLUMNS,
    TEXT_FIELDS,
)
from resellers.money import Money


class Filed(Protocol):
    """What an offering keeps of its row; every text field is an attribute, too."""

    currency: str
    specs: dict[str, str]


def columns_of(offering: Filed) -> dict[str, str]:
    """Return the 40 source columns, value by value.

    Prices are written with the currency's decimals (`4.2` comes back as `4.20`) and are
    those of today, so a price that staff edited is the edited one.
    """
    return {name: cell_of(offering, name) for name in SOURCE_COLUMNS}


def cell_of(offering: Filed, column: str) -> str:
    if column in TEXT_FIELDS:
        return str(getattr(offering, TEXT_FIELDS[column]))
    if column in MONEY_FIELDS:
        e9s = getattr(offering, MONEY_FIELDS[column])
        return str(Money.from_e9s(e9s, offering.currency))
    return str(offering.specs.get(column, ""))
