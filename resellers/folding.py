"""Texts made comparable: without case, accents and odd blanks; numbers as digits.

What is stored for search and what is searched for are folded alike. Source:
5-resellers, section 2. Imports no model.
"""

import re
import unicodedata

LETTERS_WITHOUT_MARK = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
    }
)
"""Letters that Unicode does not take apart into a base and a mark."""

BREAKS = frozenset("\t\n\r")
QUERY_DIGITS = 4

_PHONE_CHARACTERS = re.compile(r"[0-9 +().\-/]+", re.ASCII)
_WITH_COUNTRY_ONE = 11


def fold(text: str) -> str:
    """Take case, marks and repeated blanks from a text; folding twice changes nothing.

    >>> fold("  Müller &  Söhne, Łódź ")
    'muller & sohne, lodz'
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    lower = unicodedata.normalize("NFKD", bare.casefold())
    return " ".join(lower.translate(LETTERS_WITHOUT_MARK).split())


def words(text: str) -> list[str]:
    """The folded words of a query; each of them must occur in what is found."""
    return fold(text).split()


def digits(*numbers: str) -> str:
    """The digits of phone numbers, a blank between two numbers, empty ones left out.

    A leading `00` is dropped, and the leading 1 of eleven digits.

    >>> digits("+1 (727) 555-0142", "", "0049 30 5550142")
    '7275550142 49305550142'
    """
    return " ".join(filter(None, (_digits(number) for number in numbers)))


def query_digits(text: str) -> str:
    """The digits that a phone-like query looks for, or "" when it is no such query.

    It consists of phone characters and has at least four digits. The start of a
    number is dropped as in `digits` only while four digits are left: `0042` also
    finds a number that ends with it.
    """
    query = fold(text)
    if not _PHONE_CHARACTERS.fullmatch(query):
        return ""
    given, plain = re.sub(r"[^0-9]", "", query), _digits(query)
    wanted = plain if len(plain) >= QUERY_DIGITS else given
    return wanted if len(wanted) >= QUERY_DIGITS else ""


def has_control_character(text: str, *, multiline: bool) -> bool:
    """True for C0 and C1 controls and lone surrogates; tab, CR, LF may pass."""
    if text.isprintable():
        return False
    return any(
        unicodedata.category(character) in {"Cc", "Cs"}
        and not (multiline and character in BREAKS)
        for character in text
    )


def _digits(number: str) -> str:
    bare = re.sub(r"[^0-9]", "", number).removeprefix("00")
    return bare.removeprefix("1") if len(bare) == _WITH_COUNTRY_ONE else bare
