"""`/contracts`: what the caller rented."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import errors
from marketplace.actions import endings, orders, problems, renting
from marketplace.api.access import BuyerViewSet, NotABuyer
from marketplace.api.serializers.contracts import (
    ContractOut,
    ContractRowOut,
    NewContract,
    ProblemReport,
)
from marketplace.models import Contract, ResellerOrder
from resellers import audit, clock
from resellers.models.keyset import Keyset
from resellers.parsing.serializers import StrictSerializer

RENTING = (
    errors.QuoteInvalid,
    errors.InvalidPaymentMethod,
    errors.UnknownOperatingSystem,
    errors.InvalidSshKey,
    errors.OwnOffer,
    errors.TooManyUnpaid,
    errors.PriceChanged,
    errors.OfferGone,
    NotABuyer,
)


class Nothing(StrictSerializer):
    """A body without fields."""


class ContractViewSet(BuyerViewSet):
    """The caller's contracts."""

    serializer_class = ContractRowOut
    queryset = Contract.objects.all()
    keyset = Keyset("-created_at", "-contract_id")
    problems = {
        "create": RENTING,
        "cancel": (errors.CannotCancel,),
        "confirm": (errors.OrderNotFulfilled, errors.ProblemOpen),
        "problem": (
            errors.OrderNotFulfilled,
            errors.ProblemOpen,
            errors.TextRequired,
        ),
    }

    def get_queryset(self) -> QuerySet[Contract]:
        own = Contract.objects.for_buyer(self.buyer)
        return own.select_related("payment__contract", "seller", "reseller_order")

    def get_object(self) -> Any:
        contract_id = self.kwargs["contract_id"]
        return get_object_or_404(self.get_queryset(), contract_id=contract_id)

    def list(self, request: Request) -> Response:
        """List the caller's contracts, newest first."""
        rows = self.paginate_queryset(self.get_queryset())
        data = ContractRowOut(rows, many=True, context={"now": clock.now()}).data
        return self.get_paginated_response(data)

    @extend_schema(request=NewContract, responses={201: ContractOut})
    def create(self, request: Request) -> Response:
        """Rent the quoted offer at exactly its price.

        A number that differs from the quote is 409 `price_changed` with a new quote.
        """
        body = NewContract(data=request.data)
        body.is_valid(raise_exception=True)
        made = renting.place_order(actor=self.buyer, **body.validated_data)
        self.kwargs["contract_id"] = made.contract_id
        address = reverse("api:marketplace:contract-detail", args=[made.contract_id])
        response = self.shown(self.get_object())
        response.status_code, response["Location"] = 201, address
        return response

    @extend_schema(responses=ContractOut)
    def retrieve(self, request: Request, **place: str) -> Response:
        """Show a contract with its timeline, receipt and what was delivered."""
        return self.shown(self.get_object())

    @extend_schema(request=None, responses=ContractOut)
    def cancel(self, request: Request, **place: str) -> Response:
        """Cancel before the seller accepts, or when delivery is overdue."""
        return self.moved(Nothing, endings.cancel_order)

    @extend_schema(request=None, responses=ContractOut)
    def confirm(self, request: Request, **place: str) -> Response:
        """Say that it works: the order is complete."""
        return self.moved(Nothing, orders.complete_order)

    @extend_schema(request=ProblemReport, responses=ContractOut)
    def problem(self, request: Request, **place: str) -> Response:
        """Report a problem with what was delivered."""
        return self.moved(ProblemReport, problems.report_problem)

    def moved(
        self, body_class: type[StrictSerializer], action: Callable[..., ResellerOrder]
    ) -> Response:
        contract = self.get_object()
        body = body_class(data=self.request.data)
        body.is_valid(raise_exception=True)
        action(contract.reseller_order, actor=self.buyer, **body.validated_data)
        return self.shown(self.get_object())

    def shown(self, contract: Contract) -> Response:
        trail = audit.entries("marketplace.order", contract.contract_id)
        steps = [{"at": entry.at, "action": entry.action} for entry in trail]
        context = {"now": clock.now(), "timeline": steps}
        data = ContractOut(contract, context=context).data
        return Response(data, headers={"Cache-Control": "no-store"})
