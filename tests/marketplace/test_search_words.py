import pytest

from marketplace.catalogue.words import TEXT_LENGTH_LIMIT, fold, search_text


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hetzner Cloud CAX11", "hetzner cloud cax11"),
        ("hetzner-cax11-fsn1", "hetzner cax11 fsn1"),
        ("DÜSSELDORF", "dusseldorf"),
        ("Du\u0308sseldorf", "dusseldorf"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Ærøskøbing", "aeroskobing"),
        ("İSTANBUL Iğd\u0131r", "istanbul igdir"),
        ("\uff36\uff30\uff33\u3000\uff11", "vps 1"),
        ("St. Louis", "st louis"),
        ("a_b", "a b"),
        ("'); DROP TABLE x; --", "drop table x"),
        ("東京 1", "東京 1"),
        ("!?", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded
    assert fold(folded) == folded


def test_search_text_joins_and_is_bounded():
    assert search_text("Cloud 1", "c-1", "OVH", "") == "cloud 1 c 1 ovh"
    assert len(search_text("x y " * 500, "c", "p", "city")) == TEXT_LENGTH_LIMIT
