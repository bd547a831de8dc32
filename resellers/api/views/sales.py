"""`/sales`: facts that arrive, kept with their answer."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from resellers import errors
from resellers.actions import sales
from resellers.api.access import FINANCE, READ, SELL, StaffViewSet
from resellers.api.serializers.resellers import Nothing
from resellers.api.serializers.sales import NewSale, SaleAnswerOut, SaleOut
from resellers.api.views.bodies import valid
from resellers.errors import profiles as refused
from resellers.explanations import explain_all
from resellers.filters.sales import SaleFilter
from resellers.models import Sale, SaleSource
from resellers.models.keyset import Keyset
from resellers.money import Money
from resellers.sales import SaleFact


class SaleViewSet(StaffViewSet):
    """What was paid, refunded, disputed or counted."""

    serializer_class = SaleOut
    queryset = Sale.objects.all()
    filterset_class = SaleFilter
    keyset = Keyset("-occurred_at", "-id")
    needs = {
        "list": READ,
        "create": SELL,
        "retrieve": READ,
        "post_again": FINANCE,
    }
    problems = {
        "list": (errors.UnknownCurrency,),
        "create": (
            refused.InvalidChoice,
            refused.InvalidCharacter,
            refused.TextTooLong,
            refused.InvalidEventKey,
            refused.EventKeyReserved,
            refused.OccurredAhead,
            errors.AmountOutOfRange,
            errors.UnknownCurrency,
            errors.CurrencyMismatch,
            refused.EventKeyReused,
            refused.RefundExceedsSale,
            refused.RestoreExceedsRefund,
        ),
        "post_again": (refused.AlreadyPosted, refused.CannotPost),
    }

    def get_queryset(self) -> QuerySet[Sale]:
        return Sale.objects.select_related("referral")

    def get_object(self) -> Any:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["sale_id"])

    def list(self, request: Request) -> Response:
        """List sales and what followed them, newest first, each with its answer."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        data = SaleOut(rows, many=True, context=explained(rows)).data
        return self.get_paginated_response(data)

    @extend_schema(request=NewSale, responses={200: SaleAnswerOut, 201: SaleAnswerOut})
    def create(self, request: Request) -> Response:
        """Record a fact, and answer what it earns or takes back.

        The same fact again is answered with 200 and the first answer.
        """
        recorded = sales.record_sale(fact_of(valid(NewSale, request)), actor=self.actor)
        self.kwargs["sale_id"] = recorded.sale.pk
        sale = self.get_object()
        return Response(
            SaleAnswerOut(sale, context=explained([sale])).data,
            status=200 if recorded.replayed else 201,
            headers={"Location": reverse("api:resellers:sale-detail", args=[sale.pk])},
        )

    def retrieve(self, request: Request, **place: UUID) -> Response:
        """Show a fact with its answer and the reason for it."""
        return self.shown()

    @extend_schema(request=None, responses=SaleOut)
    def post_again(self, request: Request, **place: UUID) -> Response:
        """Post a sale that found no referral or no rate, and what followed it."""
        sale = self.get_object()
        sales.post_again(sale, actor=self.actor, **valid(Nothing, request))
        return self.shown()

    def shown(self) -> Response:
        sale = self.get_object()
        return Response(SaleOut(sale, context=explained([sale])).data)


def explained(rows: Iterable[Sale]) -> dict[str, dict[UUID, str]]:
    return {"explanations": explain_all(rows)}


def fact_of(facts: dict[str, Any]) -> SaleFact:
    """The fact as actions take it: amount and currency make money, or neither is said.

    Raises Invalid, UnknownCurrency (400).
    """
    amount, currency = facts.pop("amount", None), facts.pop("currency", "")
    if (amount is None) != (not currency):
        missing = "amount" if amount is None else "currency"
        raise errors.Invalid("Give the amount and its currency.", field=missing)
    money = None if amount is None else money_of(amount, currency)
    return SaleFact(source=SaleSource.API, money=money, **facts)


def money_of(amount: int, currency: str) -> Money:
    try:
        return Money(amount, currency)
    except errors.UnknownCurrency as unknown:
        unknown.field = "currency"
        raise
