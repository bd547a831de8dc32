"""`/reseller/orders`: the queue of a reseller, and the facts that move an order."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import errors
from marketplace.actions import endings, orders
from marketplace.api.access import MemberViewSet
from marketplace.api.serializers.orders import (
    OrderEnding,
    OrderFulfilment,
    OrderOut,
    OrderPurchase,
    OrderRowOut,
)
from marketplace.models import ProviderRole, ResellerOrder
from marketplace.order_filters import OrderFilter
from marketplace.presentation.tables import order_table
from resellers.models.keyset import Keyset
from resellers.parsing.serializers import StrictSerializer
from resellers.tables import csv_lines

MOVING = (errors.OrderNotPending, errors.PaymentPending, errors.RoleRequired)
BUYING = (
    errors.ExternalOrderIdRequired,
    errors.InvalidExternalOrderId,
    errors.ExternalOrderIdTaken,
    errors.InvalidActualCost,
)
ENDING = (errors.ReasonRequired, errors.InvalidReasonCode)


class Nothing(StrictSerializer):
    """A body without fields."""


class OrderViewSet(MemberViewSet):
    """The orders that the caller's provider must fulfil."""

    serializer_class = OrderRowOut
    queryset = ResellerOrder.objects.all()
    filterset_class = OrderFilter
    filtered_actions = {"csv"}
    keyset = Keyset("-id")
    counted = True
    roles = dict.fromkeys(
        ["accept", "purchase", "fulfil", "reject", "fail"], ProviderRole.OPERATOR
    )
    problems = {
        "list": (errors.NotAProviderMember, errors.InvalidStatus),
        "accept": MOVING,
        "purchase": (*MOVING, *BUYING),
        "fulfil": (
            *MOVING,
            *BUYING,
            errors.ExternalOrderIdRecorded,
            errors.DetailsNotObject,
            errors.DetailsTooLarge,
        ),
        "reject": (*MOVING, *ENDING),
        "fail": (*MOVING, *ENDING),
    }

    def get_queryset(self) -> QuerySet[ResellerOrder]:
        own = ResellerOrder.objects.for_provider(self.seat.provider)
        return own.select_related("reseller", "external_provider", "contract__payment")

    def get_object(self) -> Any:
        contract_id = self.kwargs["contract_id"]
        return get_object_or_404(self.get_queryset(), contract_id=contract_id)

    def list(self, request: Request) -> Response:
        """List the orders, newest first; `status=pending` is the queue."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(OrderRowOut(rows, many=True).data)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def csv(self, request: Request) -> StreamingHttpResponse:
        """Export the same orders as CSV."""
        rows = self.filter_queryset(self.get_queryset()).order_by("-id")
        header, lines = order_table(rows)
        return StreamingHttpResponse(
            csv_lines(header, lines),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="orders.csv"'},
        )

    @extend_schema(responses=OrderOut)
    def retrieve(self, request: Request, **place: str) -> Response:
        """Show an order with requirements, attempts, receipt and mails."""
        return self.shown(self.get_object())

    @extend_schema(request=None, responses=OrderOut)
    def accept(self, request: Request, **place: str) -> Response:
        """Accept a paid order."""
        return self.moved(Nothing, orders.accept_order)

    @extend_schema(request=OrderPurchase, responses=OrderOut)
    def purchase(self, request: Request, **place: str) -> Response:
        """Record the purchase at the external provider."""
        return self.moved(OrderPurchase, orders.record_purchase)

    @extend_schema(request=OrderFulfilment, responses=OrderOut)
    def fulfil(self, request: Request, **place: str) -> Response:
        """Mark the order as fulfilled with the external provider's facts.

        The same id and details again answer the same order.
        """
        return self.moved(OrderFulfilment, orders.fulfil_order)

    @extend_schema(request=OrderEnding, responses=OrderOut)
    def reject(self, request: Request, **place: str) -> Response:
        """Decline an order before anything was bought."""
        return self.moved(OrderEnding, endings.reject_order)

    @extend_schema(request=OrderEnding, responses=OrderOut)
    def fail(self, request: Request, **place: str) -> Response:
        """Give up an accepted or ordered order; the buyer is refunded."""
        return self.moved(OrderEnding, endings.fail_order)

    def moved(
        self, body_class: type[StrictSerializer], action: Callable[..., ResellerOrder]
    ) -> Response:
        """Parse the facts and let the action decide."""
        order = self.get_object()
        body = body_class(data=self.request.data)
        body.is_valid(raise_exception=True)
        action(order, actor=self.actor, **body.validated_data)
        return self.shown(self.get_object())

    def shown(self, order: ResellerOrder) -> Response:
        sees = self.seat.may(ProviderRole.OPERATOR)
        data = OrderOut(order, context={"sees_details": sees}).data
        return Response(data, headers={"Cache-Control": "no-store"})
