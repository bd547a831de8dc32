"""Catalogue files for tests: the plainest good row, and what a test changes in it."""

import csv
import io

from marketplace.catalogue.columns import SOURCE_COLUMNS

PLAIN = dict.fromkeys(SOURCE_COLUMNS, "") | {
    "offering_id": "cloud-1",
    "offer_name": "Cloud 1 - Falkenstein",
    "currency": "USD",
    "monthly_price": "5.77",
    "product_type": "compute",
    "datacenter_country": "DE",
    "datacenter_city": "Falkenstein",
    "memory_amount": "4",
    "total_ssd_capacity": "40",
}


def row(**cells: str) -> dict[str, str]:
    return {**PLAIN, **cells}


def several(count: int, **cells: str) -> list[dict[str, str]]:
    return [row(offering_id=f"cloud-{n}", **cells) for n in range(1, count + 1)]


def catalogue_file(*rows: dict[str, str], header: list[str] | None = None) -> bytes:
    """The bytes of a file with these rows, as a spreadsheet writes them."""
    names = header or list(rows[0] if rows else PLAIN)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(names)
    for each in rows:
        writer.writerow([each[name] for name in names])
    return text.getvalue().encode()
