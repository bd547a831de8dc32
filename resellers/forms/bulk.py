"""What a bulk action asks: why, what to set, and for which profiles."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from resellers.actions.bulk import LIMIT, TooManyRows
from resellers.actions.reasons import REASON_LENGTHS
from resellers.forms.fields import RATE_HELP, RateField
from resellers.models import ContactGroup, PartnerTier, ResellerStatus
from resellers.models.reseller import MOVES
from resellers.parsing.forms import TextField

HEX_LENGTH = 32
REACHABLE = [(str(to), to.label) for to in ResellerStatus if MOVES[to]]


class ReasonField(TextField):
    """Why, in 5 to 500 characters: it stands in the history of each row."""

    def __init__(self) -> None:
        shortest, longest = REASON_LENGTHS
        super().__init__(
            label="Reason",
            min_length=shortest,
            max_length=longest,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=f"{shortest} to {longest} characters; stands in the history.",
        )


class IdsField(forms.CharField):
    """The chosen ids, fixed when they were chosen, as one hidden text."""

    widget = forms.HiddenInput

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return ",".join(pk.hex for pk in value)
        return value

    def clean(self, value: Any) -> list[UUID]:
        text = super().clean(value)
        if len(text) > (HEX_LENGTH + 1) * LIMIT:
            raise ValidationError(TooManyRows.sentence, code=TooManyRows.code)
        try:
            ids = [UUID(hex=word) for word in text.split(",")]
        except ValueError:
            raise ValidationError("Choose the rows again.", code="invalid") from None
        return list(dict.fromkeys(ids))


class BulkForm(forms.Form):
    """`ids` and the reason; what is set stands between them."""

    ids = IdsField()
    reason = ReasonField()

    field_order = [
        "ids",
        "status",
        "partner_tier",
        "contact_group",
        "commission_rate",
        "no_rate",
    ]


class BulkInvitationForm(BulkForm):
    """Nothing is set: a link is mailed."""


class BulkStatusForm(BulkForm):
    status = forms.ChoiceField(label="New status", choices=REACHABLE)


class BulkTierForm(BulkForm):
    partner_tier = forms.ChoiceField(label="New tier", choices=PartnerTier.choices)


class BulkGroupForm(BulkForm):
    contact_group = forms.ModelChoiceField(
        ContactGroup.objects.active(),
        label="New contact group",
        required=False,
        empty_label="No group",
    )


class BulkRateForm(BulkForm):
    """A rate, or by a tick of its own none: an empty field takes nothing away."""

    commission_rate = RateField(
        label="New rate",
        required=False,
        help_text=f"{RATE_HELP}; a share of what their customers pay",
    )
    no_rate = forms.BooleanField(
        label="No rate of their own",
        required=False,
        help_text="The programme's rate holds for them again",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        gives, takes = data.get("commission_rate") is not None, data.pop("no_rate")
        if "commission_rate" not in self.errors and gives == takes:
            raise ValidationError(
                {"commission_rate": "Give a rate, or tick that there is none."},
                code="required",
            )
        return data
