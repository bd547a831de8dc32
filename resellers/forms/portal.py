"""What resellers type into their own pages; the actions read it by the rules."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from resellers.forms.suggesting import SuggestingInput
from resellers.models import Reseller, User
from resellers.models.reseller import LENGTHS
from resellers.models.versions import (
    version_of,
)
from resellers.parsing.forms import LineField, TextField
from resellers.parsing.versioned import VersionedForm
from resellers.places import COUNTRIES

MESSAGE_LENGTH = 2_000
NUMBER_LENGTH = 40
EMAIL_LENGTH = 255
TITLES = ["Miss", "Mrs.", "Mr.", "Ms.", "Dr."]
PHONE_HELP = "10 to 20 characters, such as 727-555-0142."


def text(
    name: str, label: str, purpose: str, help_text: str = "", **options: Any
) -> LineField:
    """A line of the profile; `purpose` lets the browser fill it in."""
    return LineField(
        label=label,
        max_length=LENGTHS[name],
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": purpose}),
        **{"required": False, **options},
    )


def number(label: str, purpose: str, help_text: str = "") -> LineField:
    return LineField(
        label=label,
        max_length=NUMBER_LENGTH,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": purpose, "type": "tel"}),
    )


class ApplyForm(forms.Form):
    """A user asks to become a reseller."""

    first_name = text("first_name", "First name", "given-name", required=True)
    last_name = text("last_name", "Last name", "family-name")
    organization = text("organization", "Organisation", "organization")
    phone = number("Phone", "tel", PHONE_HELP)
    message = TextField(
        label="Message",
        max_length=MESSAGE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Whom would you refer, and how do you reach them?",
    )


def application_of(user: User) -> dict[str, str]:
    """What the form starts from: the name the person signed up with."""
    first, _, last = user.name.partition(" ")
    return {"first_name": first, "last_name": last}


class ProfileForm(VersionedForm):
    """What resellers change of their own profile, in place of what they saw."""

    title = text("title", "Title", "honorific-prefix")
    first_name = text("first_name", "First name", "given-name")
    last_name = text("last_name", "Last name", "family-name")
    organization = text("organization", "Organisation", "organization")
    industry = text("industry", "Industry", "off")
    web_site_url = text(
        "web_site_url", "Web site", "url", "Such as https://www.example.com."
    )
    phone = number("Phone", "tel", PHONE_HELP)
    mobile_phone = number("Mobile phone", "tel")
    fax = number("Fax", "off")
    address_1 = text("address_1", "Address", "address-line1")
    address_2 = text("address_2", "Address, second line", "address-line2")
    city = text("city", "City", "address-level2")
    state = text(
        "state_name", "State or province", "address-level1", "Code or name, such as FL."
    )
    zip_code = LineField(
        label="Postal code",
        max_length=NUMBER_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    country = forms.ChoiceField(
        label="Country",
        required=False,
        choices=[("", "–"), *sorted(COUNTRIES.items(), key=lambda item: item[1])],
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )

    PERSON = ("title", "first_name", "last_name")
    COMPANY = ("organization", "industry", "web_site_url")
    CONTACT = ("phone", "mobile_phone", "fax")
    ADDRESS = ("address_1", "address_2", "city", "state", "zip_code", "country")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        purpose = {"autocomplete": "honorific-prefix"}
        self.fields["title"].widget = SuggestingInput(lambda: TITLES, purpose)

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings, for the template."""
        named = {
            "Name": self.PERSON,
            "Organisation and web": self.COMPANY,
            "Phone": self.CONTACT,
            "Address": self.ADDRESS,
        }
        return [(words, [self[n] for n in names]) for words, names in named.items()]


def initial_of(reseller: Reseller) -> dict[str, str]:
    """What the form starts from; a state is shown by its name."""
    names = [
        name
        for part in (
            ProfileForm.PERSON,
            ProfileForm.COMPANY,
            ProfileForm.CONTACT,
            ProfileForm.ADDRESS,
        )
        for name in part
    ]
    stored = {name: getattr(reseller, name) for name in names}
    shown = reseller.state_name or reseller.state
    return {**stored, "state": shown, "version": version_of(reseller)}


class EmailForm(forms.Form):
    """The address to sign in with from then on; a link proves it first."""

    email = LineField(
        label="New e-mail address",
        max_length=EMAIL_LENGTH,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, reseller: Reseller, **options: Any) -> None:
        super().__init__(*args, **options)
        self.reseller = reseller

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email.lower() == self.reseller.email:
            raise ValidationError("You sign in with this address.", code="unchanged")
        return email


class CustomersForm(forms.Form):
    """What narrows the list of customers."""

    q = LineField(
        label="Customer",
        max_length=EMAIL_LENGTH,
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": "Reference, or whole e-mail address",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
    )
