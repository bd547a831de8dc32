"""Several boxes above a list as one filter: names, references, days.

Django's own filters offer links to choose from; what people type needs a form. The
address is the saved search.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from resellers.folding import query_digits, words
from resellers.models import Reseller
from resellers.parsing.forms import LineField

NAME_LENGTH = 100


class BoxesFilter(admin.ListFilter):
    """`form_class` names the boxes, `narrowed` applies what they were given.

    A value that cannot be read finds nothing and is refused at its box.
    """

    title = "more filters"
    template = "admin/resellers/boxes.html"
    form_class: ClassVar[type[forms.Form]]

    def __init__(
        self,
        request: HttpRequest,
        params: dict[str, Any],
        model: Any,
        model_admin: Any,
    ) -> None:
        super().__init__(request, params, model, model_admin)
        names = [name for name in self.form_class.base_fields if name in params]
        self.given = {name: str(params.pop(name)[-1]) for name in names}
        self.form = self.form_class(self.given, auto_id="box_%s")

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(self.form_class.base_fields)

    def choices(self, changelist: Any) -> Iterator[Any]:
        """One choice: the form, and what else stands in the address."""
        kept = {
            name: value
            for name, value in changelist.params.items()
            if name not in self.form_class.base_fields
        }
        remove = self.expected_parameters()
        yield {
            "kept": kept,
            "is_used": any(self.given.values()),
            "without": changelist.get_query_string(remove=remove),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.form.is_valid():
            return queryset.none()
        given = {name: value for name, value in self.form.cleaned_data.items() if value}
        return self.narrowed(queryset, given) if given else queryset

    def narrowed(self, rows: QuerySet[Any], given: dict[str, Any]) -> QuerySet[Any]:
        """The rows with what was given, by the name of its box."""
        raise NotImplementedError


def box(label: str, longest: int) -> LineField:
    return LineField(label=label, max_length=longest, required=False)


def reseller_box() -> LineField:
    return box("Reseller", NAME_LENGTH)


def resellers_meant(text: str) -> QuerySet[Reseller, Any]:
    """Whom a code, an address or words find: ids, for a subquery."""
    found = Reseller.objects.found_by(words(text), query_digits(text))
    return found.order_by().values("pk")
