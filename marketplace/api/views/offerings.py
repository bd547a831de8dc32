"""`/offerings`: the catalogue with the offers that exist now, open to visitors."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from marketplace import errors, offers
from marketplace.api.access import seat_of
from marketplace.api.serializers.offerings import (
    OfferingDetailOut,
    OfferingOut,
    QuotedOfferOut,
)
from marketplace.filters import OfferingFilter
from marketplace.models import Offering
from marketplace.offers import OfferBook, SellerOffer
from marketplace.quotes import issue_quote
from resellers import clock
from resellers.models.keyset import Keyset


class OfferingViewSet(GenericViewSet[Any]):
    """What can be rented, and from whom."""

    scope = "marketplace"
    open_actions = {"list", "retrieve", "offers"}
    serializer_class = OfferingOut
    queryset = Offering.objects.all()
    filterset_class = OfferingFilter
    counted = True
    problems = {"list": (errors.InvalidPubkey,)}

    def get_queryset(self) -> QuerySet[Offering]:
        offerings = Offering.objects.select_related("provider")
        if self.action == "list":
            return offerings.listed()
        if getattr(self.request.user, "is_staff", False):
            return offerings
        return offerings.reachable()

    def get_keyset(self) -> Keyset:
        return OfferingFilter(self.request.query_params).keyset

    def get_object(self) -> Any:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["offering_id"])

    def list(self, request: Request) -> Response:
        """List offerings, each with the featured offer, or that of `seller`."""
        found = self.filter_queryset(self.get_queryset())
        rows = self.paginate_queryset(found) or []
        context = {
            "book": OfferBook(rows, clock.now()),
            "seller": request.query_params.get("seller", "").lower(),
        }
        data = OfferingOut(rows, many=True, context=context).data
        return self.get_paginated_response(data)

    @extend_schema(responses=OfferingDetailOut)
    def retrieve(self, request: Request, **place: int) -> Response:
        """Show one offering with the catalogue's columns as filed."""
        offering, now = self.get_object(), clock.now()
        context = {
            "book": OfferBook([offering], now),
            "refusal": offers.refusal(offering, now),
        }
        return Response(OfferingDetailOut(offering, context=context).data)

    @extend_schema(responses=QuotedOfferOut(many=True))
    def offers(self, request: Request, **place: int) -> Response:
        """List every offer in pick order, each with the quote that rents it."""
        offering, now = self.get_object(), clock.now()
        book = OfferBook([offering], now)
        found = book.offers(offering)
        quotes = {
            o.seller.pk: issue_quote(
                offering.pk, o.seller.pubkey, o.offer, o.relationship.promise, now
            )
            for o in found
        }
        seat = seat_of(request)
        mine = next(
            (o for o in found if seat and o.seller.pk == seat.provider.pk), None
        )
        context = {
            "quotes": quotes,
            "own_seller": mine.seller.pk if mine else None,
            "why_not": why_not(found, mine),
        }
        return Response(QuotedOfferOut(found, many=True, context=context).data)


def why_not(found: list[SellerOffer], mine: SellerOffer | None) -> offers.WhyNot | None:
    return offers.why_not_featured(found, mine) if mine else None
