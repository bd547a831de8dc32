"""What staff type into rates, moments and names of resellers, read or refused."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from resellers.commission import BasisPoints
from resellers.forms.fields import MomentField, RateField, ResellerField
from tests.factories.profiles import ResellerFactory

NINE = datetime.datetime(2026, 5, 31, 9, 0, tzinfo=datetime.UTC)


def refusal(field, text: str) -> str:
    with pytest.raises(ValidationError) as refused:
        field.clean(text)
    return str(refused.value.error_list[0].code)


@pytest.mark.parametrize(
    ("text", "bp"),
    [
        ("15.5", 1550),
        (" 15.50 ", 1550),
        ("20 %", 2000),
        ("0", 0),
        ("100%", 10_000),
        ("", None),
        ("%", None),
    ],
)
def test_rates_are_read(text, bp):
    expected = None if bp is None else BasisPoints(bp)
    assert RateField(required=False).clean(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("15,5", "rate_not_decimal_string"),
        ("1e1", "rate_not_decimal_string"),
        ("-1", "rate_not_decimal_string"),
        ("100.01", "rate_out_of_range"),
        ("15.555", "rate_precision"),
        ("", "required"),
    ],
)
def test_rates_are_refused(text, code):
    assert refusal(RateField(), text) == code


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-31T09:00",
        "2026-05-31 09:00",
        "2026-05-31T09:00:00Z",
        "2026-05-31T11:00+02:00",
    ],
)
def test_moments_are_read_in_utc(text):
    assert MomentField().clean(text) == NINE


def test_a_day_is_its_first_moment():
    assert MomentField().clean("2026-05-31") == NINE.replace(hour=0)


def test_a_moment_is_shown_in_utc():
    zone = datetime.timezone(datetime.timedelta(hours=2))
    assert 'value="2026-05-31T09:00"' in str(
        MomentField().widget.render("at", MomentField().prepare_value(NINE)),
    )
    assert MomentField().prepare_value(NINE.astimezone(zone)) == NINE.replace(
        tzinfo=None
    )


@pytest.mark.parametrize(
    "text", ["soon", "2026-13-01", "0001-01-01T00:00+14:00", "09:00", "2026-02-30"]
)
def test_moments_are_refused(text):
    assert refusal(MomentField(), text) == "invalid_time"


@pytest.mark.django_db
def test_a_reseller_is_named_in_any_way_that_is_theirs_alone():
    wanted = ResellerFactory.create(
        last_name="Wren", user__email="wren@example.com", code="RS-0000ZZ"
    )
    ResellerFactory.create(last_name="Quill")
    for text in ("rs-0000zz", " WREN@example.com ", "wren", "avery WREN"):
        assert ResellerField().clean(text) == wanted, text
    assert ResellerField(required=False).clean("") is None


@pytest.mark.django_db
def test_whoever_is_not_found_or_not_alone_is_refused():
    rows = [ResellerFactory.create() for _ in range(9)]
    assert refusal(ResellerField(), "nobody") == "unknown_reseller"
    with pytest.raises(ValidationError) as refused:
        ResellerField().clean("quill")
    sentence = refused.value.messages[0]
    named = [row.code for row in rows if row.code in sentence]
    assert (len(named), refused.value.code) == (8, "ambiguous_reseller")
    assert sentence.endswith("and more. Give the code of one.")
