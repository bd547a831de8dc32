"""What refuses a catalogue file as a whole; rows have errors of their own.

Source: 4-marketplace, section 7.
"""

from resellers.errors import Invalid


class CatalogueRefused(Invalid):
    """Nothing of the file was imported."""

    code = "catalogue_refused"
    title = "The catalogue was refused"
    sentence = "Correct the file and import it again: nothing was imported."


class CatalogueNotUtf8(CatalogueRefused):
    code = "not_utf8"
    title = "The file is not UTF-8"


class CatalogueTooLarge(CatalogueRefused):
    code = "file_too_large"
    title = "The file is too large"
    sentence = "Split the catalogue by provider: a file has at most 100 MB."


class CatalogueMalformed(CatalogueRefused):
    code = "malformed_csv"
    title = "The file is not a table of comma-separated values"


class UnknownColumn(CatalogueRefused):
    code = "unknown_column"
    title = "The header has an unknown column"


class DuplicateColumn(CatalogueRefused):
    code = "duplicate_column"
    title = "The header has a column twice"


class MissingColumn(CatalogueRefused):
    code = "missing_column"
    title = "The header lacks a column"


class ProviderUnknown(CatalogueRefused):
    code = "provider_unknown"
    title = "The file's provider is not known"
    sentence = "Say whose offerings these are: give the domain and the name."


class FileMissing(CatalogueRefused):
    code = "file_missing"
    title = "A file of the catalogue is missing"


class PubkeyMismatch(CatalogueRefused):
    code = "pubkey_mismatch"
    title = "The public key does not belong to the domain"
    sentence = (
        "Check pubkey_hex: it is the SHA-256 of external-provider: and the domain."
    )


class TooManyVanished(CatalogueRefused):
    code = "too_many_vanished"
    title = "Too many offerings vanished"
    sentence = (
        "Check the file. If it is complete, import it with --accept-large-changes."
    )


class CheckedInFuture(CatalogueRefused):
    code = "checked_in_future"
    title = "Prices cannot have been checked in the future"
    sentence = "Give the time when somebody looked at the prices."
