"""Countries and states: what people write, read as codes and answered with names.

The lists are bundled. States are listed for the United States and Canada; elsewhere
two letters are a code and longer texts a name. Source: 5-resellers, section 2. Imports
no model.
"""

import re
from collections.abc import Iterable, Mapping

from resellers.errors.profiles import InvalidState, UnknownCountry
from resellers.folding import fold, has_control_character
from resellers.places import countries, other_names, states

STATE_NAME_LENGTH = 100

_ROWS = [row.split(maxsplit=2) for row in countries.TABLE.strip().splitlines()]

COUNTRIES: dict[str, str] = {alpha2: name for alpha2, _, name in _ROWS}
"""ISO 3166-1 alpha-2 to the English name that is answered."""

STATES: dict[str, dict[str, str]] = {"US": states.UNITED_STATES, "CA": states.CANADA}
"""Country to its states, code to name; countries without a bundled list are absent."""

_TWO_LETTERS = re.compile(r"[A-Za-z]{2}", re.ASCII)


def country_code(text: str) -> str:
    """Read an alpha-2 or alpha-3 code or an English name; "" for "".

    Raises UnknownCountry.
    """
    if not text.strip():
        return ""
    code = _found(text, _COUNTRY_CODES, _COUNTRY_NAMES)
    if code is None:
        raise UnknownCountry(field="country")
    return code


def country_name(code: str) -> str:
    """The English name of an alpha-2 code; "" for "", a code off the list as it is."""
    return COUNTRIES.get(code, code)


def read_state(text: str, country: str) -> tuple[str, str]:
    """Read a state's code or name as (code, name); ("", "") for "".

    `country` is alpha-2 or "". With it US or CA the state must be in its list, without
    it in either; elsewhere one of the two stays "". Raises InvalidState.
    """
    line = text.strip()
    if not line:
        return "", ""
    if country and country not in STATES:
        return _free_state(line)
    for listed in [country] if country else STATES:
        if code := _found(line, _STATE_CODES[listed], _STATE_NAMES[listed]):
            return code, STATES[listed][code]
    where = country_name(country) if country else "the United States or Canada"
    raise InvalidState(
        f"Give the two-letter code or the name of a state of {where}.", field="state"
    )


def state_fits(code: str, name: str, country: str) -> bool:
    """Whether a stored state is what it would be read as in this country."""
    try:
        return read_state(code or name, country) == (code, name)
    except InvalidState:
        return False


def _free_state(line: str) -> tuple[str, str]:
    if _TWO_LETTERS.fullmatch(line):
        return line.upper(), ""
    named = len(line) >= len("XX") and any(sign.isalpha() for sign in line)
    if (
        has_control_character(line, multiline=False)
        or not named
        or len(line) > STATE_NAME_LENGTH
    ):
        raise InvalidState(
            f"Give two letters or a name of up to {STATE_NAME_LENGTH} characters.",
            field="state",
        )
    return "", line


def _found(text: str, codes: Mapping[str, str], names: Mapping[str, str]) -> str | None:
    if has_control_character(text, multiline=False):
        return None
    return codes.get(fold(text).replace(".", "")) or names.get(_plain(text))


def _plain(name: str) -> str:
    """A name without case, marks, points and articles, one blank between its words."""
    bare = re.sub(r"['’.]", "", fold(name)).replace("&", " and ")
    words = re.findall(r"[^\W_]+", bare)
    return " ".join("saint" if w == "st" else w for w in words if w != "the")


def _by_name(
    names: Mapping[str, str], others: Mapping[str, Iterable[str]]
) -> dict[str, str]:
    return {
        _plain(name): code
        for code, usual in names.items()
        for name in (usual, *others.get(code, ()))
    }


_COUNTRY_CODES = {
    code.casefold(): alpha2 for alpha2, alpha3, _ in _ROWS for code in (alpha2, alpha3)
}
_COUNTRY_NAMES = _by_name(COUNTRIES, other_names.OTHER_NAMES)
_STATE_CODES = {
    country: {code.casefold(): code for code in listed}
    for country, listed in STATES.items()
}
_STATE_NAMES = {
    country: _by_name(listed, states.OTHER_NAMES) for country, listed in STATES.items()
}
