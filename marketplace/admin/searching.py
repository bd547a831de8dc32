"""Finding a sale by what somebody has of it on paper.

A contract's id or its beginning, the reference of a transfer (`CS-…`), the external
order id, the buyer's e-mail address, the name of the reseller or supplier. Each is
looked up as it is indexed.
"""

import re
from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.http import HttpRequest

from marketplace.models import Provider
from resellers.desk.admins import DeskAdmin, Row
from resellers.models import User

HEX = re.compile(r"[0-9a-f]{4,64}")
HELP = "Contract or its beginning, CS-…, external order id, e-mail, provider's name"


class SaleAdmin(DeskAdmin[Row]):
    """Admin of a table of sales; `paths` lead from its rows to what is searched."""

    search_fields = ["pk"]
    search_help_text = HELP
    paths: ClassVar[dict[str, list[str]]]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Row], search_term: str
    ) -> tuple[QuerySet[Row], bool]:
        term = search_term.strip()
        return (
            queryset.filter(matching(term, self.paths)) if term else queryset
        ), False


def matching(term: str, paths: dict[str, list[str]]) -> Q:
    folded = term.lower()
    if "@" in folded:
        people = User.objects.filter(email__startswith=folded)
        return either(paths["buyer"], "__in", people.values("pk"))
    names = Provider.objects.filter(name__icontains=term)
    found = either(paths["provider"], "__in", names.values("pk"))
    beginning = folded.removeprefix("cs-")
    if HEX.fullmatch(beginning):
        found |= either(paths["contract"], "__startswith", beginning)
    for path in paths["external_id"]:
        found |= Q(Exact(Lower(F(path)), folded))
    return found


def either(paths: list[str], lookup: str, value: Any) -> Q:
    found = Q()
    for path in paths:
        found |= Q(**{f"{path}{lookup}": value})
    return found


def sale_paths(order: str, contract: str, contract_id: str) -> dict[str, list[str]]:
    """The paths of a table whose rows reach an order and a contract by these names."""
    return {
        "buyer": [f"{contract}buyer"],
        "provider": [f"{order}reseller", f"{order}external_provider"],
        "contract": [contract_id],
        "external_id": [f"{order}external_order_id"],
    }
