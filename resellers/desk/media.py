"""What a page of the administration loads besides its styles."""

from django import forms


class LeanMedia:
    """Mixed into admin classes: without jQuery and what stands on it.

    No form here pops up, prepopulates or completes; a page stays under 60 kB (10-face).
    """

    @property
    def media(self) -> forms.Media:
        return forms.Media(js=["admin/js/core.js", "admin/js/actions.js"])
