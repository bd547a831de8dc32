"""What staff say when a customer moves or leaves, or gets a rate of their own."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from resellers.forms.fields import MomentField, RateField, ResellerField
from resellers.models import EndReason
from resellers.parsing.forms import LineField, TextField

SAID = [each for each in EndReason if each != EndReason.MOVED]
REF_LENGTH, NOTES_LENGTH = 255, 2_000


def email_field() -> LineField:
    return LineField(
        label="Customer's e-mail",
        max_length=REF_LENGTH,
        required=False,
        help_text="To find them by; it is never matched",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "size": 40}),
    )


def notes_field() -> TextField:
    return TextField(
        label="Notes",
        max_length=NOTES_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WhoseForm(forms.Form):
    """Of a sale the customer is known: whose it is, and since when."""

    reseller = ResellerField()
    referred_at = MomentField(
        label="Since", help_text="UTC; sales from then on are the reseller's"
    )
    customer_email = email_field()
    notes = notes_field()


class AttributeCustomerForm(WhoseForm):
    """`may_rate`: a rate for this customer alone is offered, too."""

    field_order = ["reseller", "customer_ref"]

    customer_ref = LineField(
        label="Customer reference",
        max_length=REF_LENGTH,
        help_text="The customer's id in the shop; capitals count",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    commission_rate = RateField(
        label="Rate for this customer",
        required=False,
        help_text="Percent such as 20; empty: the reseller's or the programme's",
    )

    def __init__(self, *args: Any, may_rate: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["referred_at"].required = False
        self.fields["referred_at"].help_text = "UTC; empty: from now"
        if not may_rate:
            del self.fields["commission_rate"]


class ToWhomForm(forms.Form):
    to = ResellerField(label="New reseller")


class WhyEndedForm(forms.Form):
    end_reason = forms.ChoiceField(
        label="What happened",
        choices=[(each.value, each.label.capitalize()) for each in SAID],
        help_text="A mistake is not counted among the reseller's customers.",
    )


class NewRateForm(forms.Form):
    """`valid_from` empty: from now on. A tick of its own takes the rate away."""

    rate = RateField(label="New rate", required=False)
    is_cleared = forms.BooleanField(
        label="No rate of its own",
        required=False,
        help_text="The reseller's or the programme's rate holds from then on.",
    )
    valid_from = MomentField(
        label="Holds from",
        required=False,
        help_text="UTC; empty: from now. A later time is a planned change, undone by"
        " another one for the same time.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        gives, takes = data.get("rate") is not None, data.pop("is_cleared", False)
        if "rate" not in self.errors and gives == takes:
            words = "Give a percent, or tick that there is none."
            self.add_error("rate", ValidationError(words, code="required"))
        return data


class ProgrammeRateForm(forms.Form):
    """The programme always has a rate once it has one."""

    rate = RateField(label="New rate")
    valid_from = MomentField(
        label="Holds from",
        required=False,
        help_text="UTC; empty: from now, the very first one from the beginning. A"
        " later time is a planned change, undone by another one for the same time.",
    )
