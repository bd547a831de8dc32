"""The forms of a reseller's profile: what staff type, as it is handed to the actions.

They only parse lines and choices; what a value means is the action's to say. What only
finance may set is asked by buttons with a reason, and here when a profile is made.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html

from resellers import places
from resellers.actions.profile_facts import LEGACY, STAFF, read_columns
from resellers.errors import DomainError
from resellers.forms.fields import RateField
from resellers.forms.key_values import KeyGroup, KeyValuesField, KeyValuesWidget
from resellers.forms.suggesting import SuggestingInput
from resellers.models import (
    ContactGroup,
    PartnerTier,
    PaymentTerms,
    Reseller,
    ResellerStatus,
)
from resellers.models.reseller import LENGTHS, STARTING_STATUSES
from resellers.models.versions import version_of
from resellers.parsing.forms import LineField, TextField

TITLES = ("Miss", "Mrs.", "Mr.", "Ms.", "Dr.")
SHORT, LONG = 100, 500
EXTENDED = "extended_values"
PLACE = ("country", "state", "zip_code")
Facts = Mapping[str, Any]
GROUP = "contact_group"


def line(label: str, longest: int = SHORT, **attrs: str) -> LineField:
    """A line that may be left empty; browsers offer nobody's own data for it."""
    box = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return LineField(label=label, max_length=longest, required=False, widget=box)


def text(label: str, longest: int, rows: int) -> TextField:
    box = forms.Textarea(attrs={"rows": rows})
    return TextField(label=label, max_length=longest, required=False, widget=box)


def suggested(label: str, words: Any, longest: int = SHORT) -> LineField:
    return LineField(
        label=label, max_length=longest, required=False, widget=SuggestingInput(words)
    )


def state_names() -> list[str]:
    return [name for states in places.STATES.values() for name in states.values()]


def values_of(row: Reseller) -> dict[str, Any]:
    """What the form shows of a profile, by the names of its fields."""
    shown = {name: getattr(row, name) for name in ProfileForm.base_fields}
    group = row.contact_group
    return shown | {
        GROUP: "" if group is None else group.slug,
        "country": places.country_name(row.country),
        "state": row.state_name or row.state,
    }


def comparable(value: Any) -> Any:
    """Texts as a form sends them back: trimmed, with plain line breaks."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(value, list):
        return [(pair["key"], plain(pair["value"])) for pair in value]
    return value


def plain(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n")


class ProfileForm(forms.Form):
    """The fields that every editor writes, at creation and later."""

    title = suggested("Title", lambda: TITLES, LENGTHS["title"])
    first_name = line("First name", LENGTHS["first_name"])
    last_name = line("Last name", LENGTHS["last_name"])
    contact_group = forms.ChoiceField(label="Contact group", required=False)
    phone = line("Phone", inputmode="tel")
    mobile_phone = line("Mobile phone", inputmode="tel")
    fax = line("Fax", inputmode="tel")
    organization = line("Organisation", LENGTHS["organization"])
    partner_tier = forms.ChoiceField(
        label="Partner tier",
        choices=[(value, label.capitalize()) for value, label in PartnerTier.choices],
        initial=PartnerTier.STANDARD,
        help_text="A label; it changes no rate.",
    )
    address_1 = line("Address 1", LENGTHS["address_1"])
    address_2 = line("Address 2", LENGTHS["address_2"])
    city = line("City", LENGTHS["city"])
    state = suggested("State", state_names)
    zip_code = line("Postal code")
    country = suggested("Country", places.COUNTRIES.values)
    web_site_url = line("Web site", LONG, inputmode="url")
    industry = line("Industry", LENGTHS["industry"])
    extended_values = KeyValuesField(label="Extended values", required=False)
    notes = text("Notes", LENGTHS["notes"], rows=4)

    def __init__(self, data: Any = None, *, group: ContactGroup | None = None) -> None:
        super().__init__(data, label_suffix="")
        groups = list(ContactGroup.objects.all())
        offered = [each for each in groups if each.is_active or each == group]
        choices = [(each.slug, each.name) for each in offered]
        box = cast(forms.ChoiceField, self.fields[GROUP])
        box.choices = [("", "None"), *choices]
        self.pairs.offered = [
            KeyGroup(each.slug, each.name, each.suggested_keys)
            for each in offered
            if each.suggested_keys
        ]
        self.pairs.offered_by = GROUP
        self.pairs.keys_url = reverse("admin:resellers_reseller_keys")

    @property
    def pairs(self) -> KeyValuesWidget:
        return cast(KeyValuesWidget, self.fields[EXTENDED].widget)

    def refuse_all(
        self, first: DomainError | ValidationError, row: Reseller, facts: Facts
    ) -> None:
        """Put what the action said at its field, and what it would say of others."""
        self.refuse(first)
        for refusal in refusals(row, facts):
            if refusal.field not in self.errors:
                self.refuse(refusal)

    def refuse(self, refusal: DomainError | ValidationError) -> None:
        """Put a refusal at the field it is about."""
        if isinstance(refusal, ValidationError):
            self.add_error(None, refusal)
            return
        field = refusal.field if refusal.field in self.fields else None
        words = refusal.detail
        there = refusal.extra.get("reseller_id")
        if there is not None:
            page = reverse("admin:resellers_reseller_change", args=[there])
            words = format_html('{} <a href="{}">Look at it</a>', words, page)
        index = refusal.extra.get("index")
        if field == EXTENDED and isinstance(index, int):
            self.pairs.refused = index
            words = f"Row {index + 1}: {words}"
        self.add_error(field, ValidationError(words, code=refusal.code))


class ChangeResellerForm(ProfileForm):
    """Carries what it showed, so that only what the person changed is handed on.

    `version` is the row it was made of; `seen` holds the values in JSON.
    """

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = line("Why", LONG)

    def __init__(self, data: Any = None, *, row: Reseller) -> None:
        super().__init__(data, group=row.contact_group)
        self.initial = values_of(row)
        self.initial["version"] = version_of(row)
        self.initial["seen"] = json.dumps(values_of(row))

    def seen_values(self) -> dict[str, Any]:
        """What the form showed when it was filled in; nothing that cannot be read."""
        try:
            seen = json.loads(self.cleaned_data.get("seen") or "{}")
        except ValueError:
            seen = {}
        return seen if isinstance(seen, dict) else {}

    def facts(self) -> dict[str, Any]:
        """What the person changed, as the action takes it."""
        seen = self.seen_values()
        facts = {
            name: self.cleaned_data[name]
            for name in ProfileForm.base_fields
            if name not in seen
            or comparable(self.cleaned_data[name]) != readable(name, seen[name])
        }
        if EXTENDED in facts:
            facts[EXTENDED] = as_stored(facts[EXTENDED], seen.get(EXTENDED))
        return facts


class AddResellerForm(ProfileForm):
    """Beside the profile: whose it is, how it begins, and what only starts with it."""

    email = LineField(
        label="E-mail address",
        max_length=255,
        help_text="Whoever has an account with it gets the profile; otherwise an"
        " account without a password is made.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    status = forms.ChoiceField(
        label="Status",
        choices=[(each.value, each.label.capitalize()) for each in STARTING_STATUSES],
        initial=ResellerStatus.ACTIVE,
        help_text="An applicant takes no referrals and earns nothing yet.",
    )
    invite = forms.BooleanField(
        label="Mail an invitation",
        required=False,
        help_text="A link, good for seven days, by which they choose a password.",
    )
    commission_rate = RateField(
        label="Own rate",
        required=False,
        help_text="Percent such as 15.5; empty: the programme's rate holds.",
    )
    payment_terms = forms.ChoiceField(
        label="Payment terms",
        choices=[(value, label.capitalize()) for value, label in PaymentTerms.choices],
        initial=PaymentTerms.NET30,
        help_text="Days until a commission is available.",
    )
    company_name = line("Company name", LENGTHS["company_name"])
    company_phone = line("Company phone", LENGTHS["company_phone"], inputmode="tel")
    company_address = text("Company address", LENGTHS["company_address"], rows=2)
    tax_id = line("Tax id", LENGTHS["tax_id"])

    ONLY_FINANCE = ("commission_rate", "payment_terms", "tax_id")

    def __init__(self, data: Any = None, *, is_finance: bool, email: str = "") -> None:
        super().__init__(data)
        self.initial = {"email": email}
        if not is_finance:
            for name in self.ONLY_FINANCE:
                del self.fields[name]

    def facts(self) -> dict[str, Any]:
        """What the action that makes a profile is given; empty fields are left out."""
        kept = {"email", "status", "invite"}
        data = self.cleaned_data
        return {name: fact for name, fact in data.items() if fact or name in kept}


def readable(name: str, seen: Any) -> Any:
    """What was seen, comparable with what came back; a made-up value equals nothing."""
    if name != EXTENDED:
        return comparable(seen)
    return comparable(seen) if is_pairs(seen) else None


def refusals(row: Reseller, facts: Facts) -> Iterator[DomainError]:
    """Everything that is wrong with these facts: an action stops at the first."""
    given = {name: fact for name, fact in facts.items() if name in STAFF | LEGACY}
    places_given = {name: given.pop(name) for name in PLACE if name in given}
    for part in [*({name: fact} for name, fact in given.items()), places_given]:
        try:
            read_columns(row, part)
        except DomainError as refusal:
            yield refusal


def is_pairs(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, Mapping)
        and isinstance(pair.get("key"), str)
        and isinstance(pair.get("value"), str)
        for pair in value
    )


def as_stored(pairs: list[dict[str, str]], seen: Any) -> list[dict[str, str]]:
    """Values that nobody touched keep the line breaks they were stored with."""
    stored = {pair["key"]: pair["value"] for pair in seen} if is_pairs(seen) else {}
    kept = []
    for pair in pairs:
        old = stored.get(pair["key"], "")
        value = old if plain(old) == pair["value"] else pair["value"]
        kept.append({"key": pair["key"], "value": value})
    return kept
