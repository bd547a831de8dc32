"""Extended values: a profile's own key-value pairs, in the order they were given.

Keys are lower-cased and unique. Money settings never live here: no key decides what
anybody earns. Source: document 2; 5-resellers, section 3. Imports no model.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from resellers.errors.profiles import (
    DuplicateKey,
    ExtendedValueNotText,
    InvalidCharacter,
    InvalidKey,
    ReservedKey,
    TooManyExtendedKeys,
    ValueTooLong,
)
from resellers.folding import has_control_character

Values = list[dict[str, str]]

KEY_LENGTH = 64
VALUE_LENGTH = 2_000
KEYS = 200
BYTES = 64 * 1024

FIELD, PATCH_FIELD = "extended_values", "extended_values_patch"

KEY = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{KEY_LENGTH - 1}}}", re.ASCII)

_PROFILE_FIELDS = """
    id userId code account status statusChangedAt contactGroup contactGroupName
    email pendingEmail firstName lastName title organization industry webSiteUrl
    address1 address2 city state stateName zipCode country countryCode
    phone mobilePhone fax extendedValues extendedValuesPatch
    companyName companyPhone companyAddress taxId taxIdLast4
    partnerTier paymentTerms commissionRate effectiveCommissionRate effectiveRateScope
    stripeConnectId payoutMethod totalCustomersReferred totalDocumentsProcessed
    totalRevenueGenerated totalCommissionEarned totalsByCurrency
    notes createdAt updatedAt
"""


def folded_key(key: str) -> str:
    """A key without case and `_ - .`: keys that are equal so are easily confused."""
    return re.sub(r"[_.-]", "", key).casefold()


RESERVED: Mapping[str, str] = {
    **{folded_key(name): name for name in _PROFILE_FIELDS.split()},
    "user": "userId",
    "accountid": "account",
    "contactgroupid": "contactGroup",
    "searchtext": "the profile's search text",
    "searchdigits": "the profile's search text",
    "rate": "commissionRate",
    "tier": "partnerTier",
    "balance": "the account's ledger",
}
"""Folded keys that no extended value has, with the field that holds the fact."""


def read_values(raw: object) -> Values:
    """Read the whole list, `[{"key": …, "value": …}]`; None is the empty list.

    Raises the refusals of section 3 at `extended_values`, with `index` and `key`.
    """
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise ExtendedValueNotText(field=FIELD)
    if len(raw) > KEYS:
        raise TooManyExtendedKeys(field=FIELD)
    values: Values = []
    seen: set[str] = set()
    for index, element in enumerate(raw):
        if not isinstance(element, dict) or set(element) != {"key", "value"}:
            raise ExtendedValueNotText(field=FIELD, index=index)
        key = _read_key(element["key"], field=FIELD, index=index)
        value = _read_value(element["value"], field=FIELD, index=index, key=key)
        if key in seen:
            raise DuplicateKey(field=FIELD, index=index, key=key)
        seen.add(key)
        values.append({"key": key, "value": value})
    return _bounded(values, field=FIELD)


def patched(current: Values, patch: object) -> Values:
    """Merge `{"key": "value", "old_key": null}` into the current values.

    Null deletes, a known key keeps its place, new keys go last. Answers a new list.
    Raises the refusals of section 3 at `extended_values_patch`, with `key`.
    """
    if not isinstance(patch, dict):
        raise ExtendedValueNotText(
            "Give an object of keys and texts; null deletes a key.", field=PATCH_FIELD
        )
    merged = {pair["key"]: pair["value"] for pair in current}
    seen: set[str] = set()
    for name, new in patch.items():
        key = _read_key(name, field=PATCH_FIELD)
        if key in seen:
            raise DuplicateKey(field=PATCH_FIELD, key=key)
        seen.add(key)
        if new is None:
            merged.pop(key, None)
        else:
            merged[key] = _read_value(new, field=PATCH_FIELD, key=key)
    values = [{"key": key, "value": value} for key, value in merged.items()]
    return _bounded(values, field=PATCH_FIELD)


def changes(before: Values, after: Values) -> dict[str, tuple[str | None, str | None]]:
    """What differs as key to (old, new), None where the key is missing.

    Another order alone is no difference here, though the lists are unequal.
    """
    old = {pair["key"]: pair["value"] for pair in before}
    new = {pair["key"]: pair["value"] for pair in after}
    return {
        key: (old.get(key), new.get(key))
        for key in (*old, *(key for key in new if key not in old))
        if old.get(key) != new.get(key)
    }


def _read_key(key: object, *, field: str, **where: Any) -> str:
    if not isinstance(key, str):
        raise ExtendedValueNotText(field=field, **where)
    if not KEY.fullmatch(key):
        shown = ascii(key[:KEY_LENGTH])[1:-1]
        raise InvalidKey(field=field, key=shown, **where)
    real = RESERVED.get(folded_key(key))
    if real is not None:
        raise ReservedKey(
            f'"{key}" is kept in {real}: choose another key.',
            field=field,
            key=key,
            **where,
        )
    return key.lower()


def _read_value(value: object, *, field: str, key: str, **where: Any) -> str:
    if not isinstance(value, str):
        raise ExtendedValueNotText(field=field, key=key, **where)
    if has_control_character(value, multiline=True):
        raise InvalidCharacter(field=field, key=key, **where)
    if len(value) > VALUE_LENGTH:
        raise ValueTooLong(field=field, key=key, **where)
    return value


def _bounded(values: Values, *, field: str) -> Values:
    written = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    if len(values) > KEYS or len(written.encode()) > BYTES:
        raise TooManyExtendedKeys(field=field)
    return values
