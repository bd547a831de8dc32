"""What a door says of a profile, read into columns or refused; nothing is written.

Names are those of the model's columns. Texts come as they were typed; None and ""
clear, a choice then takes its default. Source: 5-resellers, sections 1 to 3 and 8.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from resellers import extended, places
from resellers.contact import read_phone, read_text, read_url, read_zip
from resellers.errors.profiles import (
    ExtendedValuesConflict,
    InvalidChoice,
    InvalidState,
    ReadOnlyField,
    UnknownContactGroup,
    UseEmailEndpoint,
    UseStatusEndpoint,
)
from resellers.models import ContactGroup, PartnerTier, PaymentTerms, Reseller
from resellers.models.reseller import LENGTHS

LEGACY = frozenset({"company_name", "company_phone", "company_address"})
"""Writable at creation and import only."""

OWN = frozenset(
    {
        "first_name",
        "last_name",
        "title",
        "organization",
        "industry",
        "web_site_url",
        "address_1",
        "address_2",
        "city",
        "state",
        "zip_code",
        "country",
        "phone",
        "mobile_phone",
        "fax",
    }
)
"""What resellers write of their own profile."""

FINANCE = frozenset({"payment_terms", "tax_id"})
"""What needs the right of finance and a reason; with it the commission rate."""

EXTENDED_FACTS = frozenset({extended.FIELD, extended.PATCH_FIELD})
STAFF = OWN | FINANCE | EXTENDED_FACTS | {"contact_group", "partner_tier", "notes"}
APPLICATION = frozenset(
    {"first_name", "last_name", "organization", "phone", "mobile_phone"}
)
"""What applicants say of themselves, beside their message."""

CHOICES: Mapping[str, tuple[list[str], str]] = {
    "partner_tier": (PartnerTier.values, PartnerTier.STANDARD),
    "payment_terms": (PaymentTerms.values, PaymentTerms.NET30),
}
PHONES = ("phone", "mobile_phone", "fax")
MULTILINE = {"notes", "company_address"}

_READ: Mapping[str, Callable[[str], str]] = {
    **{
        field: partial(
            read_text, field=field, longest=longest, multiline=field in MULTILINE
        )
        for field, longest in LENGTHS.items()
    },
    **{field: partial(read_phone, field=field) for field in PHONES},
    "web_site_url": read_url,
}


def refuse_others(names: Iterable[str], allowed: Iterable[str]) -> None:
    """Raises UseStatusEndpoint, UseEmailEndpoint or ReadOnlyField at the field."""
    for name in sorted(set(names) - set(allowed) - {"state_name"}):
        if name == "status":
            raise UseStatusEndpoint(field=name)
        if name == "email":
            raise UseEmailEndpoint(field=name)
        raise ReadOnlyField(field=name)


def read_columns(row: Reseller, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The columns these facts give; what is not given is looked up in `row`.

    `state` is a code or a name and gives two columns; `state_name` stands in for an
    empty `state`. Raises the refusals of section 2 and 3 at their fields.
    """
    given = {name: "" if value is None else value for name, value in facts.items()}
    columns: dict[str, Any] = {
        name: read(given[name])
        for name, read in _READ.items()
        if name in given and name != "state_name"
    }
    columns |= {name: _choice(name, given[name]) for name in CHOICES if name in given}
    if "contact_group" in given:
        columns["contact_group"] = contact_group(row, given["contact_group"])
    return columns | _place(row, given) | _extended(row, facts)


def contact_group(row: Reseller, given: ContactGroup | str) -> ContactGroup | None:
    """The group of a slug. An inactive one stays where it is and is not chosen anew.

    Raises UnknownContactGroup.
    """
    if given == "":
        return None
    slug = given.slug if isinstance(given, ContactGroup) else given
    group = ContactGroup.objects.filter(slug=slug).first()
    if group is None or not (group.is_active or group.pk == row.contact_group_id):
        raise UnknownContactGroup(field="contact_group")
    return group


def _choice(name: str, given: str) -> str:
    values, default = CHOICES[name]
    if given and given not in values:
        raise InvalidChoice(f"Give one of {', '.join(values)}.", field=name)
    return given or default


def _place(row: Reseller, given: Mapping[str, str]) -> dict[str, str]:
    """Country, state and postal code: they must fit each other, the stored ones too."""
    columns = {}
    country = row.country
    if "country" in given:
        columns["country"] = country = places.country_code(given["country"])
    if "state" in given or "state_name" in given:
        text = given.get("state") or given.get("state_name", "")
        columns["state"], columns["state_name"] = places.read_state(text, country)
    elif country != row.country:
        _stored_state_fits(row, country)
    if "zip_code" in given or country != row.country:
        columns["zip_code"] = read_zip(given.get("zip_code", row.zip_code), country)
    return columns


def _stored_state_fits(row: Reseller, country: str) -> None:
    if not places.state_fits(row.state, row.state_name, country):
        raise InvalidState(
            f"The profile's state, {row.state_name or row.state}, does not belong to"
            " this country: give a state of it, or none.",
            field="country",
        )


def _extended(row: Reseller, facts: Mapping[str, Any]) -> dict[str, extended.Values]:
    if facts.keys() >= EXTENDED_FACTS:
        raise ExtendedValuesConflict(field=extended.PATCH_FIELD)
    if extended.FIELD in facts:
        return {extended.FIELD: extended.read_values(facts[extended.FIELD])}
    if extended.PATCH_FIELD in facts:
        patch = facts[extended.PATCH_FIELD]
        return {extended.FIELD: extended.patched(row.extended_values, patch)}
    return {}
