"""Folding texts into words, so that search is the same on every database."""

import re
import unicodedata

LETTERS_WITHOUT_ACCENT = str.maketrans(
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
"""Letters that Unicode does not take apart into a base and an accent."""

WORD_LENGTH_LIMIT = 100
TEXT_LENGTH_LIMIT = 500


def fold(text: str) -> str:
    """Return the words of a text without case and accents, one blank between them.

    >>> fold("Hetzner Cloud CAX11 – Düsseldorf (Łódź)")
    'hetzner cloud cax11 dusseldorf lodz'
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text))
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    lower = unicodedata.normalize("NFKD", bare.casefold())
    return " ".join(words(lower.translate(LETTERS_WITHOUT_ACCENT)))


def words(folded: str) -> list[str]:
    """Split a folded text at everything that is neither letter nor digit."""
    return [word[:WORD_LENGTH_LIMIT] for word in re.findall(r"[^\W_]+", folded)]


def search_text(*texts: str) -> str:
    """Fold what an offering is found and sorted by: name, code, provider, city."""
    return " ".join(filter(None, (fold(text) for text in texts)))[:TEXT_LENGTH_LIMIT]
