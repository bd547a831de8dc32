"""Forms that say which version of a row their reader saw. 9-quality, section 4."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from resellers.models.versions import VERSION_CHARACTERS, VersionChanged
from resellers.parsing.forms import LineField


class VersionedForm(forms.Form):
    """A change of what others change, too: it cleans to the action's `versions`.

    A form sent without a version means whatever stands there, as a call without
    `If-Match` does.
    """

    version = LineField(
        max_length=VERSION_CHARACTERS, required=False, widget=forms.HiddenInput
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        version = data.pop("version", "")
        return {**data, "versions": [version] if version else None}

    def show_again(self, version: str) -> None:
        """Carry the present version, but only where the reader is told of a change."""
        if not self.has_error(NON_FIELD_ERRORS, VersionChanged.code):
            return
        typed: Mapping[str, Any] = self.data
        self.data = {name: typed.get(name) for name in typed} | {"version": version}
