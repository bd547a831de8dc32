"""A folder of catalogue files: which providers it holds, and whose file is which."""

import csv
import io
from dataclasses import dataclass

from marketplace.errors.catalogue import (
    CatalogueMalformed,
    CatalogueNotUtf8,
    FileMissing,
    ProviderUnknown,
)

PROVIDERS_FILE = "external_providers.csv"
OFFERINGS_SUFFIX = "_offerings.csv"
COLUMNS = ["name", "domain", "website_url", "data_source", "pubkey_hex"]


@dataclass(frozen=True, slots=True)
class FiledProvider:
    """One row of `external_providers.csv`; `file` is the name of its offerings file."""

    name: str
    domain: str
    website_url: str
    data_source: str
    pubkey_hex: str

    @property
    def file(self) -> str:
        return f"{self.name.lower().replace(' ', '_')}{OFFERINGS_SUFFIX}"


def is_catalogue_file(name: str) -> bool:
    return name == PROVIDERS_FILE or name.endswith(OFFERINGS_SUFFIX)


def read_providers(files: dict[str, bytes]) -> list[FiledProvider]:
    """Read the providers of a folder, given the bytes of its files by name.

    Every provider needs its file and every file its provider. Raises FileMissing,
    ProviderUnknown, CatalogueMalformed, CatalogueNotUtf8.
    """
    if PROVIDERS_FILE not in files:
        raise FileMissing(f"The folder has no {PROVIDERS_FILE}.")
    try:
        text = files[PROVIDERS_FILE].decode("utf-8-sig")
    except UnicodeDecodeError as refused:
        raise CatalogueNotUtf8(f"{PROVIDERS_FILE} is not UTF-8.") from refused
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header, *lines = [row for row in rows if row]
    except (csv.Error, ValueError) as refused:
        raise CatalogueMalformed(f"{PROVIDERS_FILE} has no rows.") from refused
    if sorted(header) != sorted(COLUMNS) or any(len(x) != len(header) for x in lines):
        raise CatalogueMalformed(f"{PROVIDERS_FILE} needs {', '.join(COLUMNS)}.")
    filed = [FiledProvider(**dict(zip(header, line, strict=True))) for line in lines]
    _match(filed, files)
    return filed


def _match(filed: list[FiledProvider], files: dict[str, bytes]) -> None:
    expected = {provider.file for provider in filed}
    there = {name for name in files if name.endswith(OFFERINGS_SUFFIX)}
    if lacking := sorted(expected - there):
        raise FileMissing(f"The folder has no {', '.join(lacking)}.")
    if unknown := sorted(there - expected):
        raise ProviderUnknown(
            f"{PROVIDERS_FILE} names no provider of {', '.join(unknown)}."
        )
