"""What the marketplace's list can be filtered by."""

from dataclasses import dataclass, field

from django.db import connection

from marketplace.catalogue.words import fold

FACETS = """
WITH RECURSIVE countries(value) AS (
    SELECT MIN(datacenter_country) FROM marketplace_offering
    WHERE status = 'available' AND visibility = 'public'
    UNION ALL
    SELECT (
        SELECT MIN(datacenter_country) FROM marketplace_offering
        WHERE status = 'available' AND visibility = 'public'
        AND datacenter_country > countries.value
    ) FROM countries WHERE value IS NOT NULL
), product_types(value) AS (
    SELECT MIN(product_type) FROM marketplace_offering
    WHERE status = 'available' AND visibility = 'public'
    UNION ALL
    SELECT (
        SELECT MIN(product_type) FROM marketplace_offering
        WHERE status = 'available' AND visibility = 'public'
        AND product_type > product_types.value
    ) FROM product_types WHERE value IS NOT NULL
), currencies(value) AS (
    SELECT MIN(currency) FROM marketplace_offering
    WHERE status = 'available' AND visibility = 'public'
    UNION ALL
    SELECT (
        SELECT MIN(currency) FROM marketplace_offering
        WHERE status = 'available' AND visibility = 'public'
        AND currency > currencies.value
    ) FROM currencies WHERE value IS NOT NULL
)
SELECT 'country', value, value FROM countries WHERE value IS NOT NULL
UNION ALL
SELECT 'product_type', value, value FROM product_types WHERE value IS NOT NULL
UNION ALL
SELECT 'currency', value, value FROM currencies WHERE value IS NOT NULL
UNION ALL
SELECT 'provider', pubkey, name FROM marketplace_provider WHERE kind = 'external'
UNION ALL
SELECT 'seller', pubkey, name FROM marketplace_provider WHERE id IN (
    SELECT reseller_id FROM reseller_relationships WHERE status = 'active'
)
"""


@dataclass(frozen=True, slots=True)
class Facets:
    """What is there to choose from: values with their labels, sorted by label."""

    provider: list[tuple[str, str]] = field(default_factory=list)
    seller: list[tuple[str, str]] = field(default_factory=list)
    country: list[tuple[str, str]] = field(default_factory=list)
    product_type: list[tuple[str, str]] = field(default_factory=list)
    currency: list[tuple[str, str]] = field(default_factory=list)


def facets() -> Facets:
    """Read every choice of the list's filters: one query, a few blocks for each value.

    `SELECT DISTINCT` would read a million index entries; each step of the recursion
    jumps to the next value instead.
    """
    found = Facets()
    with connection.cursor() as cursor:
        cursor.execute(FACETS)
        rows = cursor.fetchall()
    for name, value, label in sorted(rows, key=lambda row: (fold(row[2]), row[1])):
        getattr(found, name).append((value, label))
    return found
