"""What the buttons of a profile ask before they act."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from resellers.desk.forms import WhyForm
from resellers.forms.fields import MomentField, RateField
from resellers.models import PaymentTerms
from resellers.models.reseller import LENGTHS
from resellers.parsing.forms import LineField, TextField

CUSTOMER_LENGTH = 255


class EmailForm(WhyForm):
    field_order = ["email", "reason"]

    email = LineField(
        label="New e-mail address",
        max_length=255,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class RateForm(WhyForm):
    """A percent, or the box that says there is none of their own from then on."""

    field_order = ["rate", "is_cleared", "valid_from", "reason"]

    rate = RateField(label="New rate", required=False)
    is_cleared = forms.BooleanField(
        label="No own rate", required=False, help_text="The programme's rate holds."
    )
    valid_from = MomentField(
        label="Holds from",
        required=False,
        help_text="UTC. Empty: from now. A later time is a planned change; it is"
        " undone by another one for the same time.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        given, cleared = data.get("rate"), data.pop("is_cleared", False)
        if "rate" in data and (given is None) != cleared:
            words = "Give a percent, or tick “No own rate”, not both."
            self.add_error("rate", ValidationError(words, code="rate_or_none"))
        return data


class TermsForm(WhyForm):
    field_order = ["payment_terms", "reason"]

    payment_terms = forms.ChoiceField(
        label="Payment terms",
        choices=[(value, label.capitalize()) for value, label in PaymentTerms.choices],
    )


class TaxIdForm(WhyForm):
    field_order = ["tax_id", "reason"]

    tax_id = LineField(
        label="New tax id",
        max_length=LENGTHS["tax_id"],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Empty takes the present one away.",
    )


class AttributeForm(forms.Form):
    customer_ref = LineField(
        label="Customer reference",
        max_length=CUSTOMER_LENGTH,
        help_text="The customer's id in the shop; capitals count.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    customer_email = LineField(
        label="Customer's e-mail",
        max_length=CUSTOMER_LENGTH,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    referred_at = MomentField(
        label="Since", required=False, help_text="UTC. Empty: from now."
    )
    notes = TextField(
        label="Notes",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
