"""What staff say to give an extended key another name."""

from django import forms

from resellers.parsing.forms import LineField

KEY_LENGTH = 64
PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class RenameKeyForm(forms.Form):
    """`old` is fixed by the address of the page."""

    old = LineField(max_length=KEY_LENGTH, widget=forms.HiddenInput)
    new = LineField(
        label="New key",
        max_length=KEY_LENGTH,
        help_text="Letters, digits and _ . - ; capitals make no difference",
        widget=forms.TextInput(attrs=PLAIN),
    )
