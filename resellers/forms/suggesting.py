"""A line of text with suggestions: any text may be typed all the same."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class SuggestingInput(forms.TextInput):
    """`<input list>` with its `<datalist>`; the words are read when it is drawn."""

    def __init__(
        self,
        words: Callable[[], Iterable[str]],
        attrs: Mapping[str, Any] | None = None,
    ) -> None:
        self.words = words
        super().__init__({"autocomplete": "off", **(attrs or {})})

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,
    ) -> SafeString:
        box = super().render(
            name, value, {**(attrs or {}), "list": f"{name}-words"}, renderer
        )
        options = format_html_join(
            "", '<option value="{}"></option>', ((word,) for word in self.words())
        )
        return format_html(
            '{}<datalist id="{}-words">{}</datalist>', box, name, options
        )
