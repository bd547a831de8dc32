"""What a reseller types about an order; each form cleans to the facts of its action."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from marketplace.actions.facts import REASON_LENGTHS
from marketplace.actions.orders import details_version
from marketplace.models import ReasonCode, ResellerOrder
from resellers.errors import DomainError
from resellers.money import CURRENCIES, Money
from resellers.parsing.forms import CodedChoiceField, LineField, TextField
from resellers.parsing.versioned import VersionedForm

FURTHER_ROWS = 4
REASON_WORDS = [
    (ReasonCode.OUT_OF_STOCK, "Out of stock at the supplier"),
    (ReasonCode.PRICE_CHANGED, "The supplier raised the price"),
    (ReasonCode.CANNOT_MEET_REQUIREMENTS, "The requirements cannot be met"),
    (ReasonCode.SUPPLIER_REFUSED, "The supplier refused the order"),
    (ReasonCode.OTHER, "Another reason"),
]


class QueueForm(forms.Form):
    """What narrows the queue: the beginning of an id, and a supplier."""

    q = LineField(
        label="Contract or external order id",
        max_length=100,
        required=False,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": "Contract or external order id",
                "autocomplete": "off",
                "spellcheck": "false",
                "data-key-page": "/",
            }
        ),
    )
    provider = CodedChoiceField(
        label="Supplier", required=False, code="unknown_provider"
    )

    def __init__(
        self, *args: Any, suppliers: Iterable[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        field = self.fields["provider"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- for the types
        field.choices = [("", "All suppliers"), *suppliers]
        field.error_messages["invalid_choice"] = "No order of yours is from there."


class AcceptOrderForm(forms.Form):
    """Nothing to say: the deed is in the address."""


class OrderForm(forms.Form):
    """Knows the order whose currency its amounts are in."""

    def __init__(self, *args: Any, order: ResellerOrder, **options: Any) -> None:
        super().__init__(*args, **options)
        self.order = order


class PurchaseForm(OrderForm):
    """The purchase at the external provider."""

    external_order_id = LineField(
        label="External order id",
        max_length=100,
        help_text="The id their confirmation shows.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    actual_cost = LineField(
        label="What it cost you",
        max_length=20,
        required=False,
        help_text="Only you see it; it makes your realised margin.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    actual_cost_currency = LineField(
        label="Currency",
        max_length=3,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        order, cost = self.order, self.order.actual_cost_e9s
        currency = order.actual_cost_currency or order.currency
        self.initial = {
            "external_order_id": order.external_order_id,
            "actual_cost": "" if cost is None else str(Money.from_e9s(cost, currency)),
            "actual_cost_currency": currency,
            **self.initial,
        }
        # An id recorded before may be left out: the action keeps it.
        self.fields["external_order_id"].required = not order.external_order_id

    def clean_actual_cost_currency(self) -> str:
        """A currency's code in capitals; the order's own when nothing was said."""
        code = self.cleaned_data["actual_cost_currency"].upper() or self.order.currency
        if code not in CURRENCIES:
            raise ValidationError(
                "Give a currency’s code such as EUR.", code="unknown_currency"
            )
        return str(code)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        text = data.pop("actual_cost", "")
        currency = data.pop("actual_cost_currency", "")
        cost = self.cost_in(text, currency) if text and currency else None
        return {
            "external_order_id": data.get("external_order_id", ""),
            "actual_cost_e9s": cost,
            "actual_cost_currency": "" if cost is None else currency,
        }

    def cost_in(self, text: str, currency: str) -> int | None:
        """The cost in 10⁻⁹ units of its currency."""
        try:
            cost = Money.parse(text, currency).to_e9s()
        except DomainError:
            cost = -1
        if cost < 0:
            example = Money(417, currency)
            self.add_error(
                "actual_cost",
                ValidationError(
                    f"Give an amount such as {example}.", code="invalid_actual_cost"
                ),
            )
        return cost if cost >= 0 else None


class DetailFields(forms.Form):
    """What the buyer needs to get in: four usual names and further rows."""

    host = LineField(label="Host or address", max_length=2_000, required=False)
    username = LineField(label="User name", max_length=2_000, required=False)
    password = LineField(
        label="Password",
        max_length=2_000,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    notes = TextField(
        label="Notes for the buyer",
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    USUAL = ("host", "username", "password", "notes")

    def __init__(self, *args: Any, rows: int = FURTHER_ROWS, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rows = range(1, rows + 1)
        for row in self.rows:
            self.fields[f"name_{row}"] = LineField(
                label=f"Further name {row}", max_length=100, required=False
            )
            self.fields[f"value_{row}"] = LineField(
                label=f"Further value {row}", max_length=2_000, required=False
            )

    def further(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The rows of further names and values, for the template."""
        return [(self[f"name_{row}"], self[f"value_{row}"]) for row in self.rows]

    def details(self) -> dict[str, str]:
        """Names and texts that were filled in."""
        data = self.cleaned_data
        found = {name: data[name] for name in self.USUAL if data.get(name)}
        for row in self.rows:
            name, value = data.get(f"name_{row}", ""), data.get(f"value_{row}", "")
            if value and not name:
                self.add_error(f"name_{row}", "Give this value a name.")
            elif name and not value:
                self.add_error(f"value_{row}", "Give this name a value.")
            elif name and name in found:
                self.add_error(f"name_{row}", "This name stands above already.")
            elif name:
                found[name] = value
        return found


class FulfilOrderForm(DetailFields, PurchaseForm):
    """The purchase and what is delivered.

    Without details it asks once: the buyer would see no access data.
    """

    without_details = forms.BooleanField(
        label="Deliver without access data", required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["external_order_id"].widget.attrs["data-key"] = "f"
        self.asks_about_details = False

    def clean(self) -> dict[str, Any]:
        details, confirmed = self.details(), self.cleaned_data.get("without_details")
        if not details and not confirmed and not self.errors:
            self.asks_about_details = True
            self.add_error(
                "without_details",
                ValidationError(
                    "The buyer will see no access data. Fill it in, or tick this.",
                    code="no_details",
                ),
            )
        return {**super().clean(), "external_order_details": details or None}


class CorrectDetailsForm(VersionedForm, DetailFields, OrderForm):
    """Delivered access data, corrected as a whole; `version` is that of the data."""

    def __init__(self, *args: Any, order: ResellerOrder, **options: Any) -> None:
        filed = dict(order.external_order_details or {})
        usual = {name: filed.pop(name, "") for name in self.USUAL}
        rows = max(FURTHER_ROWS, len(filed))
        super().__init__(*args, rows=rows, order=order, **options)
        for name, text in usual.items():
            self.fields[name].initial = text
        for row, (name, value) in enumerate(filed.items(), start=1):
            self.fields[f"name_{row}"].initial = name
            self.fields[f"value_{row}"].initial = value
        self.fields["version"].initial = details_version(order)

    def clean(self) -> dict[str, Any]:
        versions = super().clean()["versions"]
        return {"external_order_details": self.details(), "versions": versions}


class EndOrderForm(forms.Form):
    """Why the order ends; the buyer reads it."""

    reason_code = forms.ChoiceField(label="Reason", choices=REASON_WORDS)
    reason = TextField(
        label="What the buyer should know",
        min_length=REASON_LENGTHS.start,
        max_length=REASON_LENGTHS.stop - 1,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="10 to 1,000 characters; they get it by mail.",
    )
