"""The one reading of a JSON body: strict where the standard library is generous.

Source: 8-api, "Input guard"; 9-quality, section 3.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from resellers.parsing.values import has_control_character

DEPTH_MAX = 20
NUMBER_CHARACTERS = 40


class StrictJSONParser(JSONParser):
    """JSON as RFC 8259 means it; a fraction is read as a Decimal, never rounded."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        del media_type, parser_context
        return read_json(stream.read())


def read_json(raw: bytes) -> Any:
    """Parse a body. Raises ParseError with a sentence that names the reason."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise ParseError("The body is not UTF-8.") from None
    try:
        value = json.loads(
            text,
            parse_int=_integer,
            parse_float=_fraction,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise ParseError(f"The JSON is nested deeper than {DEPTH_MAX}.") from None
    except ValueError:
        raise ParseError("The body is not JSON.") from None
    _check(value)
    return value


def _integer(literal: str) -> int:
    return int(_short(literal))


def _fraction(literal: str) -> Decimal:
    return Decimal(_short(literal))


def _short(literal: str) -> str:
    if len(literal) > NUMBER_CHARACTERS:
        raise ParseError(f"A number has more than {NUMBER_CHARACTERS} characters.")
    return literal


def _no_constant(word: str) -> NoReturn:
    raise ParseError(f"{word} is not a JSON number.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ParseError("A key stands twice in one object.")
    return value


def _check(value: Any) -> None:
    """Walk the value level by level: depth, and the characters of every text."""
    level: list[Any] = [value]
    depth = 0
    while level:
        depth += any(isinstance(item, dict | list) for item in level)
        if depth > DEPTH_MAX:
            raise ParseError(f"The JSON is nested deeper than {DEPTH_MAX}.")
        below: list[Any] = []
        for item in level:
            if isinstance(item, str) and has_control_character(item, multiline=True):
                raise ParseError("A text holds a control character or half a pair.")
            if isinstance(item, dict):
                below += [*item.keys(), *item.values()]
            elif isinstance(item, list):
                below += item
        level = below
