"""`/contact-groups` and `/extended-keys`: the words by which profiles are sorted."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from resellers.actions import contact_groups
from resellers.api.access import READ, WRITE, StaffViewSet
from resellers.api.serializers.catalogue import (
    ContactGroupChange,
    ContactGroupOut,
    ExtendedKeyOut,
    NewContactGroup,
)
from resellers.api.views.bodies import valid
from resellers.errors import profiles as refused
from resellers.extended_catalogue import catalogue
from resellers.models import ContactGroup, Reseller
from resellers.models.keyset import Keyset
from resellers.parsing.preconditions import entity_tag, wanted_versions

KEY_CODES = (
    refused.InvalidCharacter,
    refused.TextTooLong,
    refused.InvalidKey,
    refused.DuplicateKey,
    refused.ReservedKey,
)


class ContactGroupViewSet(StaffViewSet):
    """Segments of resellers."""

    serializer_class = ContactGroupOut
    queryset = ContactGroup.objects.all()
    keyset = Keyset("position", "slug")
    needs = {"list": READ, "create": WRITE, "partial_update": WRITE}
    problems = {
        "create": (*KEY_CODES, refused.InvalidSlug),
        "partial_update": (*KEY_CODES, refused.ReadOnlyField),
    }

    def get_object(self) -> Any:
        return get_object_or_404(ContactGroup, slug=self.kwargs["slug"])

    def list(self, request: Request) -> Response:
        """List the contact groups in their order, inactive ones too."""
        rows = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(ContactGroupOut(rows, many=True).data)

    @extend_schema(request=NewContactGroup, responses={201: ContactGroupOut})
    def create(self, request: Request) -> Response:
        """Make a contact group."""
        group = contact_groups.make_group(
            actor=self.actor, **valid(NewContactGroup, request)
        )
        response = shown(group)
        response.status_code = 201
        response["Location"] = reverse(
            "api:resellers:contact-group-detail", args=[group.slug]
        )
        return response

    @extend_schema(request=ContactGroupChange, responses=ContactGroupOut)
    def partial_update(self, request: Request, **place: str) -> Response:
        """Change a contact group; an inactive one is chosen no more."""
        group = self.get_object()
        changed = contact_groups.change_group(
            group,
            versions=wanted_versions(request),
            actor=self.actor,
            **valid(ContactGroupChange, request),
        )
        return shown(changed)


class ExtendedKeyViewSet(StaffViewSet):
    """The catalogue of extended keys."""

    serializer_class = ExtendedKeyOut
    queryset = Reseller.objects.none()
    pagination_class = None
    needs = {"list": READ}

    def list(self, request: Request) -> Response:
        """List every extended key with its use, and the keys it resembles."""
        return Response(ExtendedKeyOut(catalogue(), many=True).data)


def shown(group: ContactGroup) -> Response:
    return Response(ContactGroupOut(group).data, headers=entity_tag(group))
