"""Countries and states by code or name, and which state fits which country."""

import pytest

from resellers.errors import DomainError
from resellers.places import (
    COUNTRIES,
    STATES,
    countries,
    country_code,
    country_name,
    other_names,
    read_state,
    state_fits,
)
from resellers.places import states as state_lists
from tests.resellers import inputs

ROWS = [row.split(maxsplit=2) for row in countries.TABLE.strip().splitlines()]


def read(row):
    if row.field == "country":
        return country_code(row.raw)
    return read_state(row.raw, row.country)


@pytest.mark.parametrize("row", inputs.of(inputs.GOOD, "country", "state"), ids=str)
def test_is_read(row):
    assert read(row) == row.stored


@pytest.mark.parametrize("row", inputs.of(inputs.BAD, "country", "state"), ids=str)
def test_is_refused_at_its_field(row):
    with pytest.raises(DomainError) as refused:
        read(row)
    assert (refused.value.code, refused.value.status) == (row.code, 400)
    assert refused.value.field == row.field


def test_every_country_is_read_by_both_codes_and_its_name():
    assert len(COUNTRIES) == 249
    assert {
        (country_code(alpha2.lower()), country_code(alpha3), country_code(name.upper()))
        for alpha2, alpha3, name in ROWS
    } == {(alpha2,) * 3 for alpha2, _, _ in ROWS}
    assert len({alpha3 for _, alpha3, _ in ROWS}) == 249


def test_no_other_name_means_two_countries():
    assert set(other_names.OTHER_NAMES) <= set(COUNTRIES)
    assert {
        name: country_code(name.lower())
        for names in other_names.OTHER_NAMES.values()
        for name in names
    } == {
        name: code for code, names in other_names.OTHER_NAMES.items() for name in names
    }


def test_the_answer_is_the_usual_name():
    assert [country_name(code) for code in ("US", "GB", "KR", "TR", "")] == [
        "United States",
        "United Kingdom",
        "South Korea",
        "Türkiye",
        "",
    ]
    assert country_name("XK") == "XK"


def test_every_state_is_read_by_code_and_name_with_and_without_its_country():
    for country, listed in STATES.items():
        for code, name in listed.items():
            for text in (code.lower(), name.upper()):
                assert read_state(text, country) == (code, name)
                assert read_state(text, "") == (code, name)


def test_the_lists_are_whole_and_their_codes_do_not_collide():
    states, provinces = STATES["US"], STATES["CA"]
    assert (len(states), len(provinces)) == (50 + 1 + 6 + 3, 13)
    assert not set(states) & set(provinces)
    assert {"DC", "AS", "GU", "MP", "PR", "VI", "UM", "AA", "AE", "AP"} <= set(states)
    assert set(state_lists.OTHER_NAMES) <= set(states) | set(provinces)


def test_a_refused_state_names_its_country():
    with pytest.raises(DomainError, match="a state of Canada"):
        read_state("FL", "CA")
    with pytest.raises(DomainError, match="of the United States or Canada"):
        read_state("Bayern", "")


@pytest.mark.parametrize(
    ("code", "name", "country", "fits"),
    [
        ("FL", "Florida", "US", True),
        ("FL", "Florida", "", True),
        ("FL", "Florida", "CA", False),
        ("FL", "Florida", "DE", False),
        ("ON", "Ontario", "CA", True),
        ("ON", "Ontario", "US", False),
        ("BY", "", "DE", True),
        ("BY", "", "", False),
        ("BY", "", "US", False),
        ("CA", "", "US", False),
        ("", "Bayern", "DE", True),
        ("", "Bayern", "AT", True),
        ("", "Bayern", "", False),
        ("", "Florida", "US", False),
        ("", "", "US", True),
        ("", "", "DE", True),
        ("", "", "", True),
    ],
)
def test_state_fits(code, name, country, fits):
    assert state_fits(code, name, country) is fits
