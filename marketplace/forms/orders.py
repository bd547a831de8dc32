"""What a reseller types about an order; each form cleans to the facts of its action."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from marketplace.actions.facts import REASON_LENGTHS
from marketplace.models import ReasonCode, ResellerOrder
from resellers.errors import DomainError
from resellers.money import Money
from resellers.parsing.forms import LineField, TextField

FURTHER_ROWS = 4
REASON_WORDS = [
    (ReasonCode.OUT_OF_STOCK, "Out of stock at the supplier"),
    (ReasonCode.PRICE_CHANGED, "The supplier raised the price"),
    (ReasonCode.CANNOT_MEET_REQUIREMENTS, "The requirements cannot be met"),
    (ReasonCode.SUPPLIER_REFUSED, "The supplier refused the order"),
    (ReasonCode.OTHER, "Another reason"),
]


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
        help_text="Optional; only you see it. It makes your realised margin.",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        recorded = self.order.external_order_id
        if recorded:
            self.fields["external_order_id"].initial = recorded
        if self.order.actual_cost_currency == self.order.currency:
            cost = self.order.actual_cost_e9s
            self.fields["actual_cost"].initial = (
                str(Money.from_e9s(cost, self.order.currency))
                if cost is not None
                else ""
            )

    def clean_actual_cost(self) -> int | None:
        """The cost in 10⁻⁹ units of the order's currency."""
        text = self.cleaned_data["actual_cost"]
        if not text:
            return None
        try:
            return Money.parse(text, self.order.currency).to_e9s()
        except DomainError as refused:
            raise ValidationError(
                "Give an amount such as 4.17.", code="invalid_actual_cost"
            ) from refused

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        cost = data.pop("actual_cost", None)
        return {
            "external_order_id": data.get("external_order_id", ""),
            "actual_cost_e9s": cost,
            "actual_cost_currency": "" if cost is None else self.order.currency,
        }


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


class CorrectDetailsForm(DetailFields, OrderForm):
    """Delivered access data, corrected as a whole."""

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

    def clean(self) -> dict[str, Any]:
        return {"external_order_details": self.details()}


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
