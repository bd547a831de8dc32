from django import forms

from marketplace.actions.facts import PROBLEM_LENGTHS
from resellers.parsing.forms import TextField


class ReportProblemForm(forms.Form):
    """What does not work, in the buyer's words."""

    text = TextField(
        label="What does not work?",
        min_length=PROBLEM_LENGTHS.start,
        max_length=PROBLEM_LENGTHS.stop - 1,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The seller and our staff read it.",
    )


class CancelContractForm(forms.Form):
    """Nothing to say: the deed is in the address."""


class ConfirmContractForm(forms.Form):
    """Nothing to say: the deed is in the address."""
