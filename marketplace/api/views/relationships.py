"""`/reseller/external-providers`, `/reseller/relationships`, `/reseller/earnings`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import errors, reports
from marketplace.actions import relationships
from marketplace.api.access import MemberViewSet
from marketplace.api.serializers.relationships import (
    EarningsOut,
    ExternalProviderOut,
    NewRelationship,
    RelationshipOut,
    RelationshipTerms,
)
from marketplace.models import (
    OfferingStatus,
    Provider,
    ProviderRole,
    ResellerRelationship,
)
from marketplace.models.fields import hex_key
from marketplace.order_filters import RelationshipFilter
from resellers.models.keyset import Keyset
from resellers.parsing.preconditions import entity_tag, wanted_versions

TERMS = (
    errors.CommissionOutOfRange,
    errors.CommissionNotInteger,
    errors.HoursOutOfRange,
)


class ExternalProviderViewSet(MemberViewSet):
    """External providers that can be resold."""

    serializer_class = ExternalProviderOut
    queryset = Provider.objects.external()
    keyset = Keyset("name", "id")
    problems = {"list": (errors.NotAProviderMember,)}

    def get_queryset(self) -> QuerySet[Provider]:
        available = Q(offerings__status=OfferingStatus.AVAILABLE)
        own = ResellerRelationship.objects.for_provider(self.seat.provider)
        return (
            Provider.objects.external()
            .annotate(offerings_count=Count("offerings", filter=available))
            .prefetch_related(
                Prefetch(
                    "relationships_as_supplier",
                    own.select_related("reseller", "external_provider"),
                    to_attr="own_relationships",
                )
            )
        )

    def list(self, request: Request) -> Response:
        """List the external providers with the caller's relationship to each.

        By name. `offerings_count` counts what is available.
        """
        rows = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)


class RelationshipViewSet(MemberViewSet):
    """The caller's reseller relationships."""

    serializer_class = RelationshipOut
    queryset = ResellerRelationship.objects.all()
    filterset_class = RelationshipFilter
    keyset = Keyset("-created_at", "-id")
    roles = dict.fromkeys(["create", "update", "destroy"], ProviderRole.OWNER)
    problems = {
        "list": (errors.NotAProviderMember, errors.InvalidStatus),
        "create": (
            *TERMS,
            errors.InvalidPubkey,
            errors.RelationshipExists,
            errors.RoleRequired,
        ),
        "update": (
            *TERMS,
            errors.InvalidStatus,
            errors.NothingToChange,
            errors.SuspendedByStaff,
            errors.RoleRequired,
        ),
        "destroy": (errors.RoleRequired,),
    }

    def get_queryset(self) -> QuerySet[ResellerRelationship]:
        own = ResellerRelationship.objects.for_provider(self.seat.provider)
        return own.select_related("reseller", "external_provider")

    def get_object(self) -> Any:
        pubkey = self.kwargs["external_provider_pubkey"]
        return get_object_or_404(self.get_queryset(), external_provider__pubkey=pubkey)

    def list(self, request: Request) -> Response:
        """List the caller's relationships, newest first."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def retrieve(self, request: Request, **place: str) -> Response:
        """Show one relationship."""
        return shown(self.get_object())

    @extend_schema(request=NewRelationship, responses={201: RelationshipOut})
    def create(self, request: Request) -> Response:
        """Become a reseller of an external provider.

        Without a percent 10 is taken. A pair that exists, suspended too, is 409.
        """
        body = NewRelationship(data=request.data)
        body.is_valid(raise_exception=True)
        terms = dict(body.validated_data)
        supplier = external_provider(terms.pop("external_provider_pubkey"))
        made = relationships.become_reseller(
            self.seat.provider, external_provider=supplier, actor=self.actor, **terms
        )
        address = reverse("api:marketplace:relationship-detail", args=[supplier.pubkey])
        return Response(
            RelationshipOut(made).data, status=201, headers={"Location": address}
        )

    @extend_schema(request=RelationshipTerms, responses=RelationshipOut)
    def update(self, request: Request, **place: str) -> Response:
        """Change the terms, suspend or resume; what is absent stays as it is."""
        row = self.get_object()
        body = RelationshipTerms(data=request.data)
        body.is_valid(raise_exception=True)
        changed = relationships.change_terms(
            row,
            versions=wanted_versions(request),
            actor=self.actor,
            **body.validated_data,
        )
        return shown(changed)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, **place: str) -> Response:
        """Suspend the relationship; open orders run on at their frozen terms."""
        relationships.suspend_relationship(self.get_object(), actor=self.actor)
        return Response(status=204)


def shown(relationship: ResellerRelationship) -> Response:
    headers = entity_tag(relationship)
    return Response(RelationshipOut(relationship).data, headers=headers)


class EarningsViewSet(MemberViewSet):
    """What the caller's provider earned."""

    serializer_class = EarningsOut
    queryset = Provider.objects.none()
    pagination_class = None
    problems = {"list": (errors.NotAProviderMember,)}

    @extend_schema(
        parameters=[
            OpenApiParameter("from", str, description="First month, `2026-03`."),
            OpenApiParameter("to", str, description="Last month, `2026-05`."),
        ],
        responses=EarningsOut(many=True),
    )
    def list(self, request: Request) -> Response:
        """Sum up the earnings by currency, month and external provider.

        held + earned is the sum of the account's commission entries.
        """
        span = reports.month_span(
            request.query_params.get("from", ""), request.query_params.get("to", "")
        )
        rows = reports.earnings(self.seat.provider, span)
        return Response(EarningsOut(rows, many=True).data)


def external_provider(text: str) -> Provider:
    """The external provider with this key; a malformed key is the caller's error."""
    key = text.lower()
    try:
        hex_key(key)
    except ValidationError as refused:
        raise errors.InvalidPubkey(field="external_provider_pubkey") from refused
    return get_object_or_404(Provider.objects.external(), pubkey=key)
