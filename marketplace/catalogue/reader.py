"""From the bytes of a catalogue file to filed offerings."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from marketplace.catalogue.cells import INTEGER_LIMIT, PRICE_LIMIT_E9S, Finding, Row
from marketplace.catalogue.columns import (
    OPTIONAL_COLUMNS,
    SOURCE_COLUMNS,
    SPEC_COLUMNS,
)
from marketplace.errors.catalogue import (
    CatalogueMalformed,
    CatalogueNotUtf8,
    CatalogueTooLarge,
    DuplicateColumn,
    MissingColumn,
    UnknownColumn,
)

FILE_LIMIT_BYTES = 100 * 1024 * 1024
VISIBILITIES = ["public", "limited", "private"]
BILLING_INTERVALS = ["monthly", "hourly", "yearly"]
STOCK_STATUSES = ["in_stock", "out_of_stock", "limited"]

Facts: TypeAlias = dict[str, Any]
"""Field of `Offering` to its value."""


@dataclass(frozen=True, slots=True)
class FiledOffering:
    """One good row: its number, its code, and the fields the row decides."""

    row: int
    code: str
    facts: Facts


@dataclass(slots=True)
class Catalogue:
    """What a file says: good rows, errors and warnings of the others, its hash."""

    sha256: str
    offerings: list[FiledOffering] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    row_count: int = 0


def read_catalogue(data: bytes) -> Catalogue:
    """Parse and check a whole file.

    Raises a refusal of `marketplace.errors` (CatalogueNotUtf8, UnknownColumn …) when
    the file as such cannot be read; what is wrong with a row is an error in the answer.
    """
    catalogue = Catalogue(sha256=hashlib.sha256(data).hexdigest())
    rows = records(data)
    header = read_header(next(rows, []))
    first_row_of: dict[str, int] = {}
    for number, values in enumerate(rows, start=2):
        if not values:
            continue
        catalogue.row_count += 1
        row = Row(number, dict(zip(header, values, strict=False)))
        filed = read_row(row, cell_count_is_right=len(values) == len(header))
        if filed.code:
            first = first_row_of.setdefault(filed.code, number)
            if first != number:
                row.refuse(
                    "offering_id", "duplicate_in_file", f"Stands in row {first}, too."
                )
        if not row.errors:
            catalogue.offerings.append(filed)
        catalogue.errors += row.errors
        catalogue.warnings += row.warnings
    return catalogue


def records(data: bytes) -> Iterator[list[str]]:
    """Yield the rows of comma-separated UTF-8, with or without a byte order mark."""
    if len(data) > FILE_LIMIT_BYTES:
        raise CatalogueTooLarge
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as refused:
        raise CatalogueNotUtf8(
            f"Byte {refused.start + 1:,} is not UTF-8: save the file as UTF-8."
        ) from refused
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        yield from rows
    except csv.Error as refused:
        raise CatalogueMalformed(f"Line {rows.line_num:,}: {refused}.") from refused


def read_header(names: list[str]) -> list[str]:
    """Check that the 40 columns stand once each, in any order; two more may."""
    for refusal, found in [
        (UnknownColumn, set(names) - {*SOURCE_COLUMNS, *OPTIONAL_COLUMNS}),
        (DuplicateColumn, {name for name, n in Counter(names).items() if n > 1}),
        (MissingColumn, set(SOURCE_COLUMNS) - set(names)),
    ]:
        if found:
            listed = ", ".join(repr(name)[:100] for name in sorted(found)[:40])
            raise refusal(f"In the header: {listed}.")
    return names


def read_row(row: Row, *, cell_count_is_right: bool) -> FiledOffering:
    """Read every cell; the answer counts only when the row has no error."""
    if not cell_count_is_right:
        row.refuse("", "wrong_cell_count", "Give one cell for each column.")
        return FiledOffering(row.number, "", {})
    row.control_characters()
    code = row.code("offering_id", 100)
    row.choice("offering_source", ["seeded"], "seeded")
    facts = {
        "offer_name": row.text("offer_name", 200),
        "description": row.text("description", 5000),
        "product_page_url": row.url("product_page_url"),
        "external_checkout_url": row.url("external_checkout_url"),
        "visibility": row.choice("visibility", VISIBILITIES, "public"),
        "stock_status": row.choice("stock_status", STOCK_STATUSES, "in_stock"),
        "billing_interval": row.choice(
            "billing_interval", BILLING_INTERVALS, "monthly"
        ),
        "product_type": row.slug("product_type", 50),
        "virtualization_type": row.slug("virtualization_type", 50),
        "datacenter_country": row.country("datacenter_country"),
        "datacenter_city": row.text("datacenter_city", 100),
        "specs": {name: row.cell(name) for name in SPEC_COLUMNS if row.cell(name)},
        **prices(row),
        **derived_numbers(row),
    }
    row.required("offer_name")
    row.required("product_type")
    return FiledOffering(row.number, code, facts)


def prices(row: Row) -> Facts:
    currency = row.currency("currency")
    row.required("monthly_price")
    monthly = row.price("monthly_price", currency)
    setup = row.price("setup_fee", currency)
    if monthly + setup > PRICE_LIMIT_E9S:
        row.refuse("setup_fee", "too_large", "The first month is too expensive.")
    return {
        "currency": currency,
        "monthly_price_e9s": monthly,
        "setup_fee_e9s": setup,
    }


def derived_numbers(row: Row) -> Facts:
    """Numbers to filter and display by. In the file memory and storage are gigabytes."""
    return {
        "processor_cores": row.whole("processor_cores"),
        "memory_mb": row.whole("memory_amount", times=1024),
        "storage_gb": storage(row),
        "uplink_mbps": row.whole("uplink_speed"),
        "traffic_gb": row.whole("traffic"),
        "gpu_count": row.whole("gpu_count"),
        "min_contract_hours": row.whole("min_contract_hours"),
        "max_contract_hours": row.whole("max_contract_hours"),
        "unmetered_bandwidth": row.boolean("unmetered_bandwidth"),
    }


def storage(row: Row) -> int | None:
    """SSD and HDD together; None when neither is given or one cannot be read."""
    columns = ["total_ssd_capacity", "total_hdd_capacity"]
    sizes = [row.whole(column) for column in columns if row.cell(column)]
    known = [size for size in sizes if size is not None]
    if not known or len(known) < len(sizes):
        return None
    if sum(known) > INTEGER_LIMIT:
        row.warn(columns[0], "too_large", "Kept as text: the number is too large.")
        return None
    return sum(known)
