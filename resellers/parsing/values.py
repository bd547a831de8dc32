"""The strict readings of text that forms, filters and serializers share."""

import re

from resellers.folding import has_control_character

__all__ = ["INT64_MAX", "INT64_MIN", "has_control_character", "whole_number"]

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,19}", re.ASCII)


def whole_number(text: str) -> int | None:
    """Read plain ASCII digits with an optional minus; None for anything else.

    `1e3`, `15,5`, `10.0`, `+1`, full-width digits and 20 digits are not whole numbers.
    """
    return int(text) if WHOLE_NUMBER.fullmatch(text) else None
