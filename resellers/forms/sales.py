"""What staff say of a sale, a refund or a document by hand."""

import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from resellers import clock
from resellers.errors import DomainError
from resellers.forms.fields import MomentField, refused
from resellers.models import SaleKind
from resellers.models.sale import MONEY_KINDS
from resellers.money import CURRENCIES, Money
from resellers.parsing.forms import LineField

LONGEST = 255
KEY_BYTES = 4


def line(label: str, help_text: str = "", longest: int = LONGEST) -> LineField:
    return LineField(
        label=label,
        max_length=longest,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def suggested_key() -> str:
    """'staff:2026-03-02:9f3a01c2': unused, and says where it comes from."""
    return f"staff:{clock.now():%Y-%m-%d}:{secrets.token_hex(KEY_BYTES)}"


class RecordSaleForm(forms.Form):
    """The fact as it happened; `money` is made of amount and currency."""

    kind = forms.ChoiceField(
        choices=[(value, label.capitalize()) for value, label in SaleKind.choices],
        help_text="Refunded and restored, disputed and released name the sale they"
        " belong to; a document has no amount.",
    )
    event_key = LineField(
        label="Event key",
        max_length=200,
        help_text="Names this event for good: sent twice it counts once.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    occurred_at = MomentField(label="Occurred at")
    customer_ref = line("Customer reference", "Of a payment or document; as the shop's")
    reseller_code = line(
        "Reseller's code", "Attributes a customer who is nobody's yet; otherwise unused"
    )
    sale_key = line("Key of the sale", "Of what follows one: the payment's event key")
    amount = line("Amount", "Collected, before tax and fees, such as 65.00")
    currency = line("Currency", "Three letters, such as USD", 3)
    description = line("Description")
    invoice_ref = line("Invoice")
    payment_ref = line("Payment")

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).upper()
        if code and code not in CURRENCIES:
            raise ValidationError(
                "Give three letters of ISO 4217, such as USD.", code="unknown_currency"
            )
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        amount, currency = data.pop("amount", ""), data.pop("currency", "")
        data["money"] = None
        if self.errors:
            return data
        if data["kind"] in MONEY_KINDS:
            data["money"] = self._money(amount, currency)
        elif amount:
            self.add_error("amount", f"A {data['kind']} event has no amount.")
        return data

    def _money(self, amount: str, currency: str) -> Money | None:
        if not currency:
            self.add_error("currency", ValidationError("Give it.", code="required"))
            return None
        try:
            money = Money.parse(amount, currency)
        except DomainError as refusal:
            self.add_error("amount", refused(refusal))
            return None
        return money
