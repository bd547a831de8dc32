"""What is searched for and what is stored fold to the same text."""

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resellers.folding import digits, fold, has_control_character, query_digits, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Müller", "muller"),
        ("Mu\u0308ller", "muller"),
        ("MÜLLER", "muller"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Ærøskøbing", "aeroskobing"),
        ("İstanbul Iğd\u0131r", "istanbul igdir"),
        ("  Quill \u00a0\t Events\n", "quill events"),
        ("\uff31\uff55\uff49\uff4c\uff4c\u30001", "quill 1"),
        ("avery.quill+x@Example.com", "avery.quill+x@example.com"),
        ("100 %_\\", "100 %_\\"),
        ("東京", "東京"),
        ("", ""),
        (" \u0301 ", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_composition_makes_no_difference(text):
    assert fold(normalize("NFD", text)) == fold(normalize("NFC", text))


def test_words():
    assert words("  Avery   QUILL é ") == ["avery", "quill", "e"]
    assert words(" \n ") == []


@pytest.mark.parametrize(
    ("numbers", "stored"),
    [
        (["727-555-0142"], "7275550142"),
        (["+1 (727) 555-0142"], "7275550142"),
        (["001 727 555 0142"], "7275550142"),
        (["1.727.555.0142"], "7275550142"),
        (["0049 30 5550142"], "49305550142"),
        (["+44 20 7946 0958"], "442079460958"),
        (["12345678901234"], "12345678901234"),
        (["727-555-0142", "", "727/555-0143"], "7275550142 7275550143"),
        (["", ""], ""),
        ([], ""),
    ],
)
def test_digits(numbers, stored):
    assert digits(*numbers) == stored


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("7275550142", "7275550142"),
        ("+1 (727) 555-0142", "7275550142"),
        ("001 727 555 0142", "7275550142"),
        ("\uff17\uff12\uff17-555", "727555"),
        ("0142", "0142"),
        ("0042", "0042"),
        ("00421", "00421"),
        ("004212", "4212"),
        ("142", ""),
        ("()-+", ""),
        ("7275550142x", ""),
        ("Quill 7275550142", ""),
        ("", ""),
    ],
)
def test_query_digits(query, wanted):
    assert query_digits(query) == wanted


def test_a_query_never_spans_two_numbers():
    assert query_digits("5550142727") not in digits("727-555-0142", "727-555-0143")


@pytest.mark.parametrize(
    ("text", "line", "lines"),
    [
        ("plain", False, False),
        ("na\u00efve \u00a0\u200d", False, False),
        ("two\r\n\tlines", True, False),
        ("nul\0", True, True),
        ("c1 \x85", True, True),
        ("surrogate \ud800", True, True),
        ("delete \x7f", True, True),
    ],
)
def test_has_control_character(text, line, lines):
    assert has_control_character(text, multiline=False) is line
    assert has_control_character(text, multiline=True) is lines
