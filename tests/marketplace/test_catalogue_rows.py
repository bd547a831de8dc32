"""What each cell of a catalogue file may say. Source: 4-marketplace, section 7."""

import pytest

from marketplace.catalogue.cells import Finding
from marketplace.catalogue.reader import read_catalogue
from tests.marketplace.catalogue_files import catalogue_file, row, several

REFUSED = [
    ("offering_id", "", "required"),
    ("offering_id", " ", "required"),
    ("offering_id", "cloud 1", "invalid_characters"),
    ("offering_id", "clöud", "invalid_characters"),
    ("offering_id", "x" * 101, "too_large"),
    ("offer_name", "", "required"),
    ("offer_name", "   ", "required"),
    ("offer_name", "x" * 201, "too_large"),
    ("offer_name", "Cloud\x001", "control_character"),
    ("offer_name", "Cloud\n1", "control_character"),
    ("offer_name", "Cloud\x851", "control_character"),
    ("description", "x" * 5001, "too_large"),
    ("description", "bell\x07", "control_character"),
    ("currency", "", "required"),
    ("currency", "usd", "unknown_currency"),
    ("currency", "XXX", "unknown_currency"),
    ("monthly_price", "", "required"),
    ("monthly_price", "-1", "invalid_number"),
    ("monthly_price", "+1", "invalid_number"),
    ("monthly_price", "1e3", "invalid_number"),
    ("monthly_price", "1,50", "invalid_number"),
    ("monthly_price", "1,000.00", "invalid_number"),
    ("monthly_price", "NaN", "invalid_number"),
    ("monthly_price", "Infinity", "invalid_number"),
    ("monthly_price", " 4.20", "invalid_number"),
    ("monthly_price", ".5", "invalid_number"),
    ("monthly_price", "5.", "invalid_number"),
    ("monthly_price", "0x10", "invalid_number"),
    ("monthly_price", "\uff14.20", "invalid_number"),
    ("monthly_price", "=1+1", "invalid_number"),
    ("monthly_price", "4.205", "too_precise"),
    ("monthly_price", "4.200", "too_precise"),
    ("monthly_price", "1000000000.01", "too_large"),
    ("monthly_price", "9" * 60, "too_large"),
    ("setup_fee", "-5", "invalid_number"),
    ("setup_fee", "5.001", "too_precise"),
    ("setup_fee", "1000000000", "too_large"),
    ("visibility", "Public", "invalid_choice"),
    ("stock_status", "sold", "invalid_choice"),
    ("billing_interval", "weekly", "invalid_choice"),
    ("product_type", "", "required"),
    ("product_type", "Compute", "invalid_choice"),
    ("product_type", "x" * 51, "too_large"),
    ("virtualization_type", "KVM!", "invalid_choice"),
    ("unmetered_bandwidth", "maybe", "invalid_choice"),
    ("datacenter_country", "", "required"),
    ("datacenter_country", "de", "invalid_country"),
    ("datacenter_country", "XX", "invalid_country"),
    ("datacenter_country", "UK", "invalid_country"),
    ("datacenter_city", "x" * 101, "too_large"),
    ("product_page_url", "javascript:alert(1)", "invalid_url"),
    ("product_page_url", "ftp://supplier.example.com/", "invalid_url"),
    ("product_page_url", "supplier.example.com", "invalid_url"),
    ("product_page_url", "https://user@supplier.example.com/", "invalid_url"),
    ("product_page_url", "https://example.com/" + "x" * 500, "too_large"),
    ("external_checkout_url", "data:text/html,hi", "invalid_url"),
    ("offering_source", "scraped", "invalid_choice"),
]
WARNED = [
    ("processor_cores", "two", "invalid_number"),
    ("processor_cores", "2.5", "invalid_number"),
    ("memory_amount", "4 GB", "invalid_number"),
    ("memory_amount", "4000000000", "too_large"),
    ("uplink_speed", "1 Gbps", "invalid_number"),
    ("traffic", "unlimited", "invalid_number"),
    ("gpu_count", "-1", "invalid_number"),
    ("min_contract_hours", "1e2", "invalid_number"),
    ("max_contract_hours", "9" * 40, "invalid_number"),
]
FIELD_OF = {
    "processor_cores": "processor_cores",
    "memory_amount": "memory_mb",
    "uplink_speed": "uplink_mbps",
    "traffic": "traffic_gb",
    "gpu_count": "gpu_count",
    "min_contract_hours": "min_contract_hours",
    "max_contract_hours": "max_contract_hours",
}


@pytest.mark.parametrize(("column", "text", "code"), REFUSED)
def test_bad_cell_is_a_row_error(column, text, code):
    good = {column: "", **row(offering_id="good")}
    bad = {**good, "offering_id": "bad", column: text}
    catalogue = read_catalogue(catalogue_file(good, bad))
    found = [(e.row, e.column, e.code) for e in catalogue.errors]
    assert (3, column, code) in found
    assert {row for row, _, _ in found} == {3}
    assert [each.row for each in catalogue.offerings] == [2]


def test_every_error_of_a_row_is_told():
    bad = row(currency="", monthly_price="x", datacenter_country="", product_type="")
    found = {(e.column, e.code) for e in read_catalogue(catalogue_file(bad)).errors}
    assert found == {
        ("currency", "required"),
        ("monthly_price", "invalid_number"),
        ("datacenter_country", "required"),
        ("product_type", "required"),
    }


@pytest.mark.parametrize(("column", "text", "code"), WARNED)
def test_unreadable_optional_number_is_kept_as_text(column, text, code):
    catalogue = read_catalogue(catalogue_file(row(**{column: text})))
    (filed,) = catalogue.offerings
    assert catalogue.errors == []
    assert [(w.row, w.column, w.code) for w in catalogue.warnings] == [
        (2, column, code)
    ]
    assert filed.facts[FIELD_OF[column]] is None
    assert filed.facts["specs"][column] == text


def test_second_row_of_a_code_is_a_duplicate():
    catalogue = read_catalogue(catalogue_file(row(), row(monthly_price="9")))
    assert catalogue.errors == [
        Finding(3, "offering_id", "duplicate_in_file", "Stands in row 2, too.")
    ]
    assert [each.facts["monthly_price_e9s"] for each in catalogue.offerings] == [
        5_770_000_000
    ]


def test_row_of_wrong_length_is_an_error():
    data = catalogue_file(*several(2)) + b"cloud-3,Cloud 3\r\n"
    catalogue = read_catalogue(data)
    assert [(e.row, e.column, e.code) for e in catalogue.errors] == [
        (4, "", "wrong_cell_count")
    ]
    assert catalogue.row_count == 3


def test_formula_is_text_like_any_other():
    name = '=HYPERLINK("https://example.com","Cloud")'
    (filed,) = read_catalogue(catalogue_file(row(offer_name=name))).offerings
    assert filed.facts["offer_name"] == name


@pytest.mark.parametrize(
    ("currency", "text", "e9s"),
    [
        ("USD", "5", 5_000_000_000),
        ("USD", "7.7", 7_700_000_000),
        ("USD", "4.17", 4_170_000_000),
        ("USD", "0", 0),
        ("JPY", "999", 999_000_000_000),
        ("KWD", "3.333", 3_333_000_000),
        ("USD", "1000000000", 10**18),
    ],
)
def test_price_is_exact(currency, text, e9s):
    data = catalogue_file(row(currency=currency, monthly_price=text))
    (filed,) = read_catalogue(data).offerings
    assert filed.facts["monthly_price_e9s"] == e9s
    assert filed.facts["setup_fee_e9s"] == 0


def test_blank_choices_have_their_defaults():
    (filed,) = read_catalogue(catalogue_file(row())).offerings
    facts = filed.facts
    assert facts["visibility"] == "public"
    assert facts["billing_interval"] == "monthly"
    assert facts["stock_status"] == "in_stock"
    assert facts["unmetered_bandwidth"] is False


@pytest.mark.parametrize("word", ["true", "1", "yes", "TRUE", "Yes"])
def test_bool_words(word):
    (filed,) = read_catalogue(catalogue_file(row(unmetered_bandwidth=word))).offerings
    assert filed.facts["unmetered_bandwidth"] is True


@pytest.mark.parametrize(
    ("ssd", "hdd", "gigabytes"),
    [("40", "", 40), ("40", "2000", 2040), ("", "", None), ("40", "much", None)],
)
def test_storage_is_ssd_and_hdd(ssd, hdd, gigabytes):
    data = catalogue_file(row(total_ssd_capacity=ssd, total_hdd_capacity=hdd))
    (filed,) = read_catalogue(data).offerings
    assert filed.facts["storage_gb"] == gigabytes


def test_memory_is_filed_in_gigabytes():
    (filed,) = read_catalogue(catalogue_file(row(memory_amount="0.5"))).offerings
    assert filed.facts["memory_mb"] == 512
