"""What staff say when a file comes in or goes out."""

from typing import Any

from django import forms

from resellers.actions.reasons import REASON_LENGTHS
from resellers.models import TransferKind
from resellers.parsing.forms import LineField

FORMATS = [("csv", "CSV"), ("xlsx", "XLSX, for spreadsheets")]


class UploadForm(forms.Form):
    """A file and why it comes; only new resellers can be invited."""

    upload = forms.FileField(
        label="File",
        help_text="CSV in UTF-8, or XLSX; at most 10 MB and 10,000 rows.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    reason = LineField(
        label="Reason",
        min_length=REASON_LENGTHS[0],
        max_length=REASON_LENGTHS[1],
        help_text="Stands in the history of every row.",
    )
    sends_invitations = forms.BooleanField(
        label="Send invitations",
        required=False,
        help_text="New resellers get a mail with a link to choose a password.",
    )

    def __init__(self, data: Any = None, files: Any = None, *, kind: str) -> None:
        super().__init__(data, files, label_suffix="")
        if kind != TransferKind.RESELLERS:
            del self.fields["sends_invitations"]


class ExportForm(forms.Form):
    file_format = forms.ChoiceField(label="Format", choices=FORMATS, initial="csv")
