"""The terms of a relationship, as an owner types them."""

from django import forms

from marketplace.models import ResellerRelationship
from resellers.models.versions import version_of
from resellers.parsing.forms import LineField, WholeNumberField
from resellers.parsing.versioned import VersionedForm

PERCENT_CODES = {
    "invalid": "commission_not_integer",
    "out_of_range": "commission_out_of_range",
}
HOURS_CODES = {"invalid": "hours_out_of_range", "out_of_range": "hours_out_of_range"}


class PercentForm(forms.Form):
    """The one number of a preview."""

    percent = WholeNumberField(min_value=0, max_value=50, codes=PERCENT_CODES)


class TermsForm(forms.Form):
    """Mark-up and promises; they touch new orders only."""

    commission_percent = WholeNumberField(
        label="Mark-up",
        min_value=0,
        max_value=50,
        initial=10,
        codes=PERCENT_CODES,
        help_text="Whole percent on top of the base price, 0 to 50.",
    )
    accept_within_hours = WholeNumberField(
        label="Accept within",
        min_value=1,
        max_value=72,
        initial=12,
        codes=HOURS_CODES,
        help_text="Unaccepted orders expire after that and the buyer is refunded.",
    )
    fulfil_within_hours = WholeNumberField(
        label="Deliver within",
        min_value=1,
        max_value=336,
        initial=48,
        codes=HOURS_CODES,
        help_text="Your promise to buyers; it decides what counts as on time.",
    )


class ChangeTermsForm(VersionedForm, TermsForm):
    """New terms in place of those that the owner saw."""


def terms_of(relationship: ResellerRelationship) -> dict[str, int | str]:
    """What the form starts from."""
    names = ("commission_percent", "accept_within_hours", "fulfil_within_hours")
    terms = {name: getattr(relationship, name) for name in names}
    return terms | {"version": version_of(relationship)}


class SuspendForm(forms.Form):
    """Why the offers pause, for oneself."""

    reason = LineField(label="Reason", max_length=500, required=False)
