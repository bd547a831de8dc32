"""What a catalogue file must be as a whole. Source: 4-marketplace, section 7."""

import pytest

from marketplace.catalogue.columns import OPTIONAL_COLUMNS, SOURCE_COLUMNS
from marketplace.catalogue.reader import FILE_LIMIT_BYTES, read_catalogue
from resellers.errors import DomainError
from tests.marketplace.catalogue_files import PLAIN, catalogue_file, row, several


def refusal(data):
    with pytest.raises(DomainError) as refused:
        read_catalogue(data)
    assert refused.value.status == 400
    return refused.value


def codes(data):
    catalogue = read_catalogue(data)
    assert catalogue.errors == []
    return [filed.code for filed in catalogue.offerings]


def test_the_source_has_forty_columns():
    assert len(SOURCE_COLUMNS) == len(set(SOURCE_COLUMNS)) == 40


def test_columns_in_any_order():
    header = sorted(PLAIN)
    assert codes(catalogue_file(row(), header=header)) == ["cloud-1"]


def test_optional_columns():
    cells = dict.fromkeys(OPTIONAL_COLUMNS, "") | {
        "external_checkout_url": "https://example.com/buy",
        "offering_source": "seeded",
    }
    (filed,) = read_catalogue(catalogue_file(row(**cells))).offerings
    assert filed.facts["external_checkout_url"] == "https://example.com/buy"


def test_byte_order_mark_and_line_ends_do_not_matter():
    plain = catalogue_file(*several(2))
    assert b"\r\n" in plain
    assert codes(plain) == ["cloud-1", "cloud-2"]
    assert codes(b"\xef\xbb\xbf" + plain) == ["cloud-1", "cloud-2"]
    assert codes(plain.replace(b"\r\n", b"\n")) == ["cloud-1", "cloud-2"]


def test_blank_lines_are_no_rows():
    data = catalogue_file(*several(2)) + b"\r\n\r\n"
    catalogue = read_catalogue(data)
    assert (catalogue.row_count, len(catalogue.offerings)) == (2, 2)


def test_latin_1_is_refused_with_its_byte():
    data = catalogue_file(row(datacenter_city="Düsseldorf"))
    refused = refusal(data.decode().encode("latin-1"))
    assert refused.code == "not_utf8"
    assert "Byte" in refused.detail


def test_utf_16_is_refused():
    assert refusal(catalogue_file(row()).decode().encode("utf-16")).code == "not_utf8"


def test_unknown_column_is_refused():
    data = catalogue_file(row(price_eur="1"))
    refused = refusal(data)
    assert (refused.code, refused.detail) == (
        "unknown_column",
        "In the header: 'price_eur'.",
    )


def test_double_column_is_refused():
    data = catalogue_file(row(), header=[*PLAIN, "offer_name"])
    assert refusal(data).code == "duplicate_column"


def test_missing_column_is_refused():
    header = [name for name in PLAIN if name != "traffic"]
    assert refusal(catalogue_file(row(), header=header)).code == "missing_column"


def test_second_header_is_a_bad_row():
    lines = catalogue_file(row()).split(b"\r\n")
    catalogue = read_catalogue(b"\r\n".join([lines[0], *lines]))
    assert {error.row for error in catalogue.errors} == {2}
    assert [filed.row for filed in catalogue.offerings] == [3]


def test_empty_file_has_no_columns():
    assert refusal(b"").code == "missing_column"


def test_unclosed_quote_is_refused():
    assert refusal(catalogue_file(row()) + b'"cloud').code == "malformed_csv"


def test_too_large_a_file_is_refused_unread():
    assert refusal(b"x" * (FILE_LIMIT_BYTES + 1)).code == "file_too_large"


def test_hash_is_of_the_bytes():
    data = catalogue_file(row())
    assert read_catalogue(data).sha256 == read_catalogue(data).sha256
    assert read_catalogue(data).sha256 != read_catalogue(data + b"\n").sha256
