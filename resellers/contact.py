"""What a person types into a profile's fields, read or refused.

Each answers what is stored; "" stays "" and clears, but for the e-mail address and the
rate. Source: 5-resellers, sections 2 and 5. Imports no model.
"""

import re

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator

from resellers.commission import BasisPoints
from resellers.errors import RateOutOfRange, RatePrecision
from resellers.errors.profiles import (
    InvalidCharacter,
    InvalidEmail,
    InvalidPhone,
    InvalidUrl,
    InvalidZip,
    RateNotDecimalString,
    TextTooLong,
)
from resellers.folding import has_control_character

EMAIL_LENGTHS = (5, 255)
URL_LENGTH = 500
PHONE_DIGITS = (7, 15)
RATE_INTEGER_DIGITS, RATE_DECIMALS = 3, 2

_ZIP = re.compile(r"(?=.*[A-Za-z0-9])[A-Za-z0-9 -]{3,10}", re.ASCII)
_ZIP_US = re.compile(r"[0-9]{5}(-?[0-9]{4})?", re.ASCII)
_ZIP_CA = re.compile(r"([A-Z][0-9][A-Z]) ?([0-9][A-Z][0-9])", re.ASCII)
_PHONE = re.compile(r"[0-9 +().\-/]{10,20}", re.ASCII)
_SCHEME = re.compile(r"(https?)://", re.ASCII | re.IGNORECASE)
_DECIMAL = re.compile(r"([0-9]{1,20})(?:\.([0-9]{1,20}))?", re.ASCII)

_valid_email = EmailValidator()
_valid_url = URLValidator(schemes=["http", "https"])


def read_text(text: str, field: str, longest: int, *, multiline: bool = False) -> str:
    """Read a text of at most `longest` characters without the blanks around it.

    Line breaks of several lines become LF. Raises InvalidCharacter, TextTooLong.
    """
    bare = text.strip()
    if has_control_character(bare, multiline=multiline):
        raise InvalidCharacter(field=field)
    if multiline:
        bare = bare.replace("\r\n", "\n").replace("\r", "\n")
    if len(bare) > longest:
        raise TextTooLong(f"Give at most {longest:,} characters.", field=field)
    return bare


def read_email(text: str, field: str = "email") -> str:
    """Read an address of 5 to 255 characters, in small letters; never "".

    Raises InvalidEmail.
    """
    folded = text.strip().lower()
    shortest, longest = EMAIL_LENGTHS
    if not shortest <= len(folded) <= longest:
        raise InvalidEmail(field=field)
    if has_control_character(folded, multiline=False):
        raise InvalidEmail(field=field)
    try:
        _valid_email(folded)
    except ValidationError:
        raise InvalidEmail(field=field) from None
    return folded


def read_zip(text: str, country: str) -> str:
    """Read a postal code; `country` is alpha-2 or "". Leading zeros are kept.

    US is 12345, 12345-6789 or 123456789; a Canadian one is answered as A1A 1A1.
    Raises InvalidZip.
    """
    bare = text.strip()
    if not bare:
        return ""
    if country == "CA":
        parts = _ZIP_CA.fullmatch(bare.upper())
        if parts is None:
            raise InvalidZip(field="zip_code")
        return f"{parts[1]} {parts[2]}"
    if not (_ZIP_US if country == "US" else _ZIP).fullmatch(bare):
        raise InvalidZip(field="zip_code")
    return bare


def read_phone(text: str, field: str) -> str:
    """Read a phone or fax number: 10 to 20 characters with 7 to 15 digits, as typed.

    Raises InvalidPhone.
    """
    bare = text.strip()
    if not bare:
        return ""
    fewest, most = PHONE_DIGITS
    counted = sum(character.isdigit() for character in bare)
    if not _PHONE.fullmatch(bare) or not fewest <= counted <= most:
        raise InvalidPhone(field=field)
    return bare


def read_url(text: str) -> str:
    """Read a web address; a bare host gets `https://`. At most 500 characters.

    Another scheme, or a name and password before the host, raises InvalidUrl.
    """
    bare = text.strip()
    if not bare:
        return ""
    scheme = _SCHEME.match(bare)
    rest = bare[scheme.end() :] if scheme else bare
    url = f"{scheme[1].lower() if scheme else 'https'}://{rest}"
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if len(url) > URL_LENGTH or "@" in host:
        raise InvalidUrl(field="web_site_url")
    if has_control_character(url, multiline=False):
        raise InvalidUrl(field="web_site_url")
    try:
        _valid_url(url)
    except ValidationError:
        raise InvalidUrl(field="web_site_url") from None
    return url


def read_rate(value: object, field: str = "commission_rate") -> BasisPoints:
    r"""Read a percent written as a text, `\d{1,3}(\.\d{1,2})?` from 0 to 100.

    Numbers of JSON are refused: they have been binary floats on their way. Raises
    RateNotDecimalString, RateOutOfRange, RatePrecision.
    """
    match = _DECIMAL.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise RateNotDecimalString(field=field)
    whole, decimals = match[1], match[2] or ""
    if int(whole) + bool(decimals.strip("0")) > 100:  # noqa: PLR2004 -- percent
        raise RateOutOfRange("Give a percent from 0 to 100.", field=field)
    if len(whole) > RATE_INTEGER_DIGITS:
        raise RateNotDecimalString(field=field)
    if len(decimals) > RATE_DECIMALS:
        raise RatePrecision("Give at most two decimals.", field=field)
    return BasisPoints.from_percent(match[0])
