"""Rows of keys and values: read, put in order, removed, drawn again."""

import pytest

from resellers.forms.key_values import (
    MOST_ROWS,
    KeyGroup,
    KeyValuesField,
    KeyValuesWidget,
    PairRow,
)

NAME = "extended_values"


def sent(*rows: tuple[str, str, str], removed: tuple[int, ...] = ()) -> dict[str, str]:
    """What a browser sends of rows of key, value and place."""
    data = {f"{NAME}-rows": str(len(rows))}
    for n, (key, value, place) in enumerate(rows):
        data |= {
            f"{NAME}-{n}-key": key,
            f"{NAME}-{n}-value": value,
            f"{NAME}-{n}-order": place,
        }
    return data | {f"{NAME}-{n}-remove": "on" for n in removed}


def read(data: dict[str, str]) -> list[dict[str, str]]:
    rows = KeyValuesWidget().value_from_datadict(data, None, NAME)
    return KeyValuesField().clean(rows)


def keys(data: dict[str, str]) -> list[str]:
    return [pair["key"] for pair in read(data)]


def test_blank_rows_say_nothing_and_keys_are_trimmed():
    data = sent((" vip_status ", "yes", "1"), ("", "", "2"), ("empty", "", "3"))
    assert read(data) == [
        {"key": "vip_status", "value": "yes"},
        {"key": "empty", "value": ""},
    ]


def test_a_value_without_a_key_is_told_to_the_action():
    assert read(sent(("", "lost", "1"))) == [{"key": "", "value": "lost"}]


def test_line_breaks_of_browsers_become_plain():
    data = sent(("note", "Ring twice,\r\nthen\rwait.", "1"))
    assert read(data) == [{"key": "note", "value": "Ring twice,\nthen\nwait."}]


@pytest.mark.parametrize(
    ("places", "order"),
    [
        (("1", "2", "3"), "abc"),
        (("3", "2", "1"), "cba"),
        (("2", "2", "1"), "cab"),
        (("", "1", "x"), "bac"),
        (("2", "1e3", "-1"), "abc"),
    ],
)
def test_rows_stand_where_their_numbers_say(places, order):
    rows = [(key, "1", place) for key, place in zip("abc", places, strict=True)]
    assert "".join(keys(sent(*rows))) == order


def test_a_ticked_row_is_removed_and_drawn_last_when_refused():
    data = sent(("a", "1", "1"), ("b", "2", "2"), removed=(0,))
    rows = KeyValuesWidget().value_from_datadict(data, None, NAME)
    assert rows == [PairRow("b", "2", "2"), PairRow("a", "1", "1", is_removed=True)]
    assert KeyValuesField().clean(rows) == [{"key": "b", "value": "2"}]


@pytest.mark.parametrize("count", ["", "x", "-1", "99999"])
def test_an_odd_count_reads_no_row(count):
    assert read({**sent(("a", "1", "1")), f"{NAME}-rows": count}) == []


def test_more_rows_than_any_profile_has_are_not_read():
    rows = [(f"k{n}", "1", str(n)) for n in range(MOST_ROWS + 5)]
    assert len(read(sent(*rows))) == MOST_ROWS


def test_what_is_drawn_is_what_is_read_again():
    widget = KeyValuesWidget()
    pairs = [{"key": "note", "value": "\nTwo\nlines"}, {"key": "b", "value": "<b>"}]
    shown = widget.render(NAME, pairs)
    assert '<textarea class="pairs-value"' in shown
    assert "<b>" not in shown
    assert f'name="{NAME}-4-key"' in shown  # three blank rows
    assert f'name="{NAME}-5-key"' not in shown
    assert read(widget.data_of(NAME, pairs)) == pairs


def test_keys_are_offered_by_the_choice_made_elsewhere():
    widget = KeyValuesWidget()
    widget.offered = [KeyGroup("info_seekers", "Info Seekers", ["lead_source"])]
    widget.offered_by, widget.keys_url, widget.refused = "contact_group", "/keys/", 0
    shown = widget.render(NAME, [{"key": "a", "value": "1"}])
    assert 'data-pairs-key="lead_source" data-choice="info_seekers"' in shown
    assert '<option value="lead_source"></option>' in shown
    assert "lead_source (Info Seekers)" in shown
    assert shown.count('data-state="refused"') == 1
