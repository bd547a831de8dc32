"""The strict readings of text that forms, filters and serializers share."""

import re
import unicodedata

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
BREAKS = {"\t", "\n", "\r"}


def whole_number(text: str) -> int | None:
    """Read plain ASCII digits with an optional minus; None for anything else.

    `1e3`, `15,5`, `10.0`, `+1`, full-width digits and 20 digits are not whole numbers.
    """
    return int(text) if WHOLE_NUMBER.fullmatch(text) else None


def has_control_character(text: str, *, multiline: bool) -> bool:
    """True for C0 and C1 controls and lone surrogates; tab, CR, LF may pass."""
    if text.isprintable():
        return False
    return any(
        unicodedata.category(character) in {"Cc", "Cs"}
        and not (multiline and character in BREAKS)
        for character in text
    )
