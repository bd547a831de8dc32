"""Filters with bounded values. Which names a list knows is published in the schema:
the API refuses every other query parameter (400), pages ignore it.
"""

from typing import Any

import django_filters

from resellers.parsing.forms import CodedChoiceField, LineField, WholeNumberField


class WholeNumberFilter(django_filters.Filter):
    """`min_value`, `max_value`, `codes` as in `WholeNumberField`."""

    field_class = WholeNumberField


class LineFilter(django_filters.Filter):
    """One line of text; `max_length` is required."""

    field_class = LineField


class CodedChoiceFilter(django_filters.Filter):
    """One of `choices`; `code` names the refusal (`invalid_status`)."""

    field_class = CodedChoiceField

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=[("", "any"), *choices], **kwargs)
