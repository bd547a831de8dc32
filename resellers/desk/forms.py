"""What a button asks before it acts."""

from typing import Any

from django import forms

from resellers.errors import DomainError
from resellers.parsing.forms import LineField, TextField

REASON_LENGTH = 200
WHY_LENGTHS = (5, 500)
LONG_REASON_LENGTH = 1_000


class ConfirmForm(forms.Form):
    """Nothing to say: the page names the deed, the button does it."""


class ReasonForm(forms.Form):
    reason = LineField(
        label="Reason",
        max_length=REASON_LENGTH,
        help_text="Stands in the history.",
    )


class LongReasonForm(forms.Form):
    reason = TextField(
        label="Reason",
        max_length=LONG_REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Stands in the history.",
    )


class WhyForm(forms.Form):
    """A reason of 5 to 500 characters, as the actions of resellers ask for it."""

    reason = TextField(
        label="Reason",
        min_length=WHY_LENGTHS[0],
        max_length=WHY_LENGTHS[1],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="5 to 500 characters. Stands in the history, for staff only.",
    )


class ActionForm(forms.ModelForm[Any]):
    """A row's form whose only effect is an action.

    Each field carries what it showed, so that only what the person changed is handed
    on and nobody's change of the meantime is undone. `refusal` is what the action said
    to the same input a moment ago.
    """

    refusal: DomainError | forms.ValidationError | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk is not None:
            for field in self.fields.values():
                field.show_hidden_initial = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.refusal is not None:
            self._refuse(self.refusal)
        return data

    def facts(self) -> dict[str, Any]:
        """What is handed to the action: the fields that the person changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def _refuse(self, refusal: DomainError | forms.ValidationError) -> None:
        if isinstance(refusal, DomainError):
            field = refusal.field if refusal.field in self.fields else None
            error = forms.ValidationError(refusal.detail, code=refusal.code)
            self.add_error(field, error)
            return
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, errors in refusal.error_dict.items():
            field = name if name in self.fields else None
            self.add_error(field, forms.ValidationError(errors))
