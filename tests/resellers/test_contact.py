"""The rules of section 2 and 5, each bound below, at and above."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resellers import contact
from resellers.commission import BasisPoints
from resellers.errors import DomainError
from tests.resellers import inputs
from tests.resellers.inputs import PHONES, Bad, Good

FIELDS = ["email", "zip_code", "web_site_url", "commission_rate", *PHONES]


def read(row: Good | Bad) -> Any:
    match row.field:
        case "email":
            return contact.read_email(row.raw)
        case "zip_code":
            return contact.read_zip(row.raw, row.country)
        case "web_site_url":
            return contact.read_url(row.raw)
        case "commission_rate":
            return contact.read_rate(row.raw).percent
        case "phone" | "mobile_phone" | "fax":
            return contact.read_phone(row.raw, row.field)
        case _:
            longest, lines = inputs.LONGEST[row.field], row.field == "notes"
            return contact.read_text(row.raw, row.field, longest, multiline=lines)


@pytest.mark.parametrize(
    "row", [*inputs.of(inputs.GOOD, *FIELDS), *inputs.GOOD_TEXTS], ids=str
)
def test_is_read(row):
    assert read(row) == row.stored


@pytest.mark.parametrize(
    "row",
    [row for row in inputs.of(inputs.GOOD, *FIELDS) if isinstance(row.stored, str)],
    ids=str,
)
def test_what_is_stored_is_read_as_itself(row):
    again = Good(row.field, row.stored, row.stored, row.country)
    assert read(again) == row.stored


@pytest.mark.parametrize(
    "row", [*inputs.of(inputs.BAD, *FIELDS), *inputs.BAD_TEXTS], ids=str
)
def test_is_refused_at_its_field(row):
    with pytest.raises(DomainError) as refused:
        read(row)
    assert (refused.value.code, refused.value.status) == (row.code, 400)
    assert refused.value.field == row.field
    assert refused.value.detail.endswith(".")


def test_another_field_is_named():
    with pytest.raises(DomainError) as email:
        contact.read_email("x", "customer_email")
    with pytest.raises(DomainError) as rate:
        contact.read_rate("x", "programme_rate")
    assert (email.value.field, rate.value.field) == ("customer_email", "programme_rate")


@given(st.integers(0, 10_000).map(BasisPoints))
def test_every_rate_survives_its_text(rate):
    assert contact.read_rate(rate.percent) == rate


@given(st.text(alphabet="0123456789+-.,eE _\u0661\uff11", max_size=9))
def test_a_rate_is_read_exactly_when_it_matches(text):
    whole, dot, decimals = text.partition(".")
    plain = (
        text.isascii()
        and whole.isdigit()
        and len(whole) <= 3
        and (decimals.isdigit() and len(decimals) <= 2 if dot else True)
    )
    cents = int(whole) * 100 + int(decimals.ljust(2, "0") or "0") if plain else 10**9
    try:
        read = contact.read_rate(text).bp
    except DomainError:
        read = None
    assert read == (cents if cents <= 10_000 else None)
