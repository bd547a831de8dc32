from typing import Any

from django import forms

from marketplace.actions.facts import NOTE_LIMIT, SSH_KEY_LIMIT
from marketplace.actions.renting import payment_methods
from marketplace.errors import QuoteInvalid
from marketplace.models import Offering, PaymentMethod
from marketplace.quotes import QUOTE_LENGTH_LIMIT, Quote, read_quote
from resellers.parsing.forms import LineField, TextField

METHOD_WORDS = {
    PaymentMethod.INVOICE: "By invoice: transfer it within 7 days",
    PaymentMethod.TEST: "Test payment: counts as paid at once, no money moves",
    PaymentMethod.STRIPE: "By card",
}
SELLERS_CHOICE = ("", "The seller chooses")


class PlaceOrderForm(forms.Form):
    """What a buyer says when renting; the price travels in the signed quote."""

    quote = LineField(max_length=QUOTE_LENGTH_LIMIT, widget=forms.HiddenInput)
    operating_system = forms.ChoiceField(required=False)
    ssh_public_key = TextField(
        label="SSH public key",
        required=False,
        max_length=SSH_KEY_LIMIT,
        widget=forms.Textarea(
            attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}
        ),
        help_text="One line, such as “ssh-ed25519 AAAA… you@example.com”. Never the"
        " private key.",
    )
    note = TextField(
        label="Note to the seller",
        required=False,
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What the seller should know. Please no passwords.",
    )
    payment_method = forms.ChoiceField(label="Payment", widget=forms.RadioSelect)

    def __init__(self, *args: Any, offering: Offering, **options: Any) -> None:
        super().__init__(*args, **options)
        systems = [(name, name) for name in offering.operating_systems]
        methods = [(m, METHOD_WORDS[PaymentMethod(m)]) for m in payment_methods()]
        choices = {
            "operating_system": [SELLERS_CHOICE, *systems],
            "payment_method": methods,
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- for the types
            field.choices = offered
        self.fields["payment_method"].initial = methods[0][0]

    def quoted_before(self) -> Quote | None:
        """What the buyer saw when sending the form, if any."""
        try:
            return read_quote(self.data.get("quote", "")) if self.is_bound else None
        except QuoteInvalid:
            return None

    def quote_again(self, quote: str) -> None:
        """Carry a fresh quote; what was refused about the old one is said elsewhere."""
        if self.is_bound:
            self.data = {name: self.data.get(name) for name in self.data} | {
                "quote": quote
            }
        self.initial["quote"] = quote
