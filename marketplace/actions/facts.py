"""What people hand in with a move, checked before anything is locked.

Source: 4-marketplace, sections 1 (ResellerOrder), 4 and 8.
"""

import base64
import binascii
import re
from typing import Any

from marketplace.errors import (
    DetailsNotObject,
    DetailsTooLarge,
    ExternalOrderIdRequired,
    InvalidActualCost,
    InvalidExternalOrderId,
    InvalidReasonCode,
    InvalidSshKey,
    NoteTooLong,
    ReasonRequired,
    ReferenceRequired,
    TextRequired,
    UnknownOperatingSystem,
)
from marketplace.models import Offering, ReasonCode
from resellers.errors import DomainError, NotFound
from resellers.money import CURRENCIES, Money

EXTERNAL_ID = re.compile(r"[!-~]{1,100}")
DETAIL_NAMES_LIMIT = 20
DETAIL_NAME_LIMIT = 100
DETAIL_TEXT_LIMIT = 2_000
REASON_LENGTHS = range(10, 1_001)
PROBLEM_LENGTHS = range(10, 2_001)
REFERENCE_LENGTHS = range(1, 201)
NOTE_LIMIT = 4_000
SSH_KEY_LIMIT = 2_000
SSH_KEY_TYPES = {
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
}

Details = dict[str, Any] | None


def external_id(text: str, *, recorded: str = "") -> str:
    """The id of the purchase, trimmed; empty keeps the one recorded before."""
    trimmed = text.strip() or recorded
    if not trimmed:
        raise ExternalOrderIdRequired(field="external_order_id")
    if not EXTERNAL_ID.fullmatch(trimmed):
        raise InvalidExternalOrderId(field="external_order_id")
    return trimmed


def details(value: object) -> Details:
    """Access data as names with texts, whole numbers or yes and no; None for none."""
    field = "external_order_details"
    if value is None:
        return None
    if not isinstance(value, dict):
        raise DetailsNotObject(field=field)
    if len(value) > DETAIL_NAMES_LIMIT:
        raise DetailsTooLarge(field=field)
    for name, each in value.items():
        if not isinstance(name, str) or not name.strip():
            raise DetailsNotObject("Give every value a name.", field=field)
        if each is not None and not isinstance(each, str | int):
            raise DetailsNotObject(
                "Give every name one text, not a list or an object.", field=field
            )
        if len(name) > DETAIL_NAME_LIMIT or len(str(each)) > DETAIL_TEXT_LIMIT:
            raise DetailsTooLarge(field=field)
    return value or None


def actual_cost(
    amount_e9s: int | None, currency: str, *, sold_in: str
) -> tuple[int | None, str]:
    """What the purchase cost and in which currency; None and "" when not told."""
    if currency and currency not in CURRENCIES:
        raise InvalidActualCost(field="actual_cost_currency")
    if amount_e9s is None:
        return None, ""
    try:
        cost = Money.from_e9s(amount_e9s, currency or sold_in)
    except (DomainError, TypeError) as refused:
        raise InvalidActualCost(field="actual_cost_e9s") from refused
    if cost.amount < 0:
        raise InvalidActualCost(field="actual_cost_e9s")
    return amount_e9s, cost.currency


def reason_code(code: str) -> str:
    if code not in ReasonCode.values:
        raise InvalidReasonCode(field="reason_code")
    return code


def reason(text: str) -> str:
    """Why an order ends, for the buyer to read."""
    trimmed = text.strip()
    if len(trimmed) not in REASON_LENGTHS:
        raise ReasonRequired(field="reason")
    return trimmed


def staff_reason(text: str, *, field: str = "reason") -> str:
    """Why staff did something, for the trail."""
    trimmed = text.strip()
    if not trimmed or len(trimmed) not in range(1, REASON_LENGTHS.stop):
        raise ReasonRequired("Say why, in at most 1,000 characters.", field=field)
    return trimmed


def problem_text(text: str) -> str:
    trimmed = text.strip()
    if len(trimmed) not in PROBLEM_LENGTHS:
        raise TextRequired(field="text")
    return trimmed


def reference(text: str) -> str:
    trimmed = text.strip()
    if len(trimmed) not in REFERENCE_LENGTHS:
        raise ReferenceRequired(field="reference")
    return trimmed


def operating_system(name: str, offering: Offering) -> str:
    """One of the offering's systems; "" leaves the choice to the seller."""
    if name and name not in offering.operating_systems:
        raise UnknownOperatingSystem(field="operating_system")
    return name


def note(text: str) -> str:
    if len(text) > NOTE_LIMIT:
        raise NoteTooLong(field="note")
    return text


def ssh_public_key(text: str) -> str:
    """One line of OpenSSH's public key format (RFC 4253, section 6.6); "" for none."""
    line = text.strip()
    if not line:
        return ""
    if "PRIVATE KEY" in line:
        raise InvalidSshKey(
            "This is a private key: keep it to yourself and paste the public one, the"
            " file that ends in .pub.",
            field="ssh_public_key",
        )
    kind, _, rest = line.partition(" ")
    blob = rest.partition(" ")[0]
    one_line = "\n" not in line and "\r" not in line
    if kind not in SSH_KEY_TYPES or len(line) > SSH_KEY_LIMIT or not one_line:
        raise InvalidSshKey(field="ssh_public_key")
    try:
        raw = base64.b64decode(blob, validate=True)
    except (binascii.Error, ValueError) as refused:
        raise InvalidSshKey(field="ssh_public_key") from refused
    if not raw.startswith(len(kind).to_bytes(4, "big") + kind.encode()):
        raise InvalidSshKey(field="ssh_public_key")
    return line


def pubkey_or_missing(text: str) -> str:
    """A public key in lower case; anything else is as if it did not exist."""
    key = text.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", key):
        raise NotFound
    return key
