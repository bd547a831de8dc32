"""Reading the cells of one row: every refusal has a column, a code and a sentence.

A cell is text as filed; nothing is trimmed, guessed or rounded. A formula is text like
any other here: what opens files in spreadsheets escapes it on the way out.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from marketplace.catalogue.countries import COUNTRIES
from resellers.errors import AmountMalformed, AmountOutOfRange
from resellers.money import CURRENCIES, Money

PRICE_LIMIT_E9S = 10**18
INTEGER_LIMIT = 2**31 - 1
URL_LIMIT = 500
MULTILINE_COLUMNS = {"description"}
DIGITS_LIMIT = 18

_NUMBER = re.compile(r"([0-9]+)(?:\.([0-9]+))?", re.ASCII)
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", re.ASCII)
_VISIBLE = re.compile(r"[!-~]+", re.ASCII)
_BOOLEANS = {"true": True, "1": True, "yes": True}
_BOOLEANS |= {"": False, "false": False, "0": False, "no": False}
_web_url = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one cell; the header is row 1, `column` may be empty."""

    row: int
    column: str
    code: str
    message: str


class Row:
    """The cells of one row by column, and what is found wrong while reading them."""

    def __init__(self, number: int, cells: Mapping[str, str]) -> None:
        self.number = number
        self.cells = cells
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []

    def cell(self, column: str) -> str:
        return self.cells.get(column, "")

    def refuse(self, column: str, code: str, message: str) -> None:
        self.errors.append(Finding(self.number, column, code, message))

    def warn(self, column: str, code: str, message: str) -> None:
        self.warnings.append(Finding(self.number, column, code, message))

    def required(self, column: str) -> bool:
        """True when the cell says something; a blank one is an error."""
        if self.cell(column).strip():
            return True
        self.refuse(column, "required", "Fill this in.")
        return False

    def control_characters(self) -> None:
        for column, text in self.cells.items():
            allowed = "\t\n\r" if column in MULTILINE_COLUMNS else ""
            if any(unicodedata.category(c) == "Cc" and c not in allowed for c in text):
                self.refuse(
                    column, "control_character", "Remove the control character."
                )

    def text(self, column: str, limit: int) -> str:
        text = self.cell(column)
        if len(text) > limit:
            self.refuse(column, "too_large", f"Use at most {limit:,} characters.")
        return text

    def code(self, column: str, limit: int) -> str:
        text = self.text(column, limit)
        if self.required(column) and not _VISIBLE.fullmatch(text):
            self.refuse(
                column, "invalid_characters", "Use visible ASCII without blanks."
            )
        return text

    def choice(self, column: str, known: Collection[str], blank: str) -> str:
        """One of the known words; a blank cell means the first argument's default."""
        word = self.cell(column) or blank
        if word not in known:
            self.refuse(column, "invalid_choice", f"Use one of: {', '.join(known)}.")
        return word

    def slug(self, column: str, limit: int) -> str:
        word = self.text(column, limit)
        if word and not _SLUG.fullmatch(word):
            self.refuse(
                column, "invalid_choice", "Use a word of lower-case letters and digits."
            )
        return word

    def boolean(self, column: str) -> bool:
        word = self.cell(column).lower()
        if word not in _BOOLEANS:
            self.refuse(column, "invalid_choice", "Use true or false.")
        return _BOOLEANS.get(word, False)

    def country(self, column: str) -> str:
        code = self.cell(column)
        if self.required(column) and code not in COUNTRIES:
            self.refuse(
                column, "invalid_country", "Use an ISO 3166 code in capitals (DE)."
            )
        return code

    def currency(self, column: str) -> str:
        code = self.cell(column)
        if self.required(column) and code not in CURRENCIES:
            self.refuse(
                column, "unknown_currency", "Use an ISO 4217 code in capitals (USD)."
            )
        return code

    def url(self, column: str) -> str:
        address = self.text(column, URL_LIMIT)
        if address and not is_web_url(address):
            self.refuse(column, "invalid_url", "Use an address of http or https.")
        return address

    def price(self, column: str, currency: str) -> int:
        """Read digits with at most the currency's decimals, in 10⁻⁹ units; blank is 0.

        Without a known currency only the digits are checked.
        """
        text = self.cell(column)
        if not text:
            return 0
        match = _NUMBER.fullmatch(text)
        if match is None:
            self.refuse(column, "invalid_number", "Write plain digits such as 4.20.")
        elif currency not in CURRENCIES:
            pass
        elif len(match[2] or "") > CURRENCIES[currency]:
            self.refuse(
                column,
                "too_precise",
                f"{currency} has {CURRENCIES[currency]} decimals.",
            )
        else:
            return self._bounded_price(column, text, currency)
        return 0

    def _bounded_price(self, column: str, text: str, currency: str) -> int:
        try:
            e9s = Money.parse(text, currency).to_e9s()
        except (AmountMalformed, AmountOutOfRange):
            e9s = PRICE_LIMIT_E9S + 1
        if e9s > PRICE_LIMIT_E9S:
            self.refuse(column, "too_large", "The largest price is 1,000,000,000.")
            return 0
        return e9s

    def whole(self, column: str, *, times: int = 1) -> int | None:
        """Read an optional number of a spec; what does not parse warns and is None."""
        text = self.cell(column)
        if not text:
            return None
        match = _NUMBER.fullmatch(text)
        number = None
        if match and len(match[1]) <= DIGITS_LIMIT and len(text) <= 2 * DIGITS_LIMIT:
            number = Fraction(text) * times
        if number is None or number.denominator != 1:
            self.warn(column, "invalid_number", "Kept as text: not a plain number.")
            return None
        if number > INTEGER_LIMIT:
            self.warn(column, "too_large", "Kept as text: the number is too large.")
            return None
        return int(number)


def is_web_url(address: str) -> bool:
    """True for http and https addresses that name no user in front of the host."""
    try:
        _web_url(address)
    except ValidationError:
        return False
    return "@" not in urlsplit(address).netloc
