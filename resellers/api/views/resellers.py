"""`/resellers`: profiles, their status, address, tax id, trail and customers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django_filters.utils import translate_validation
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from resellers import clock, errors, trails
from resellers.actions import invitations, profiles, statuses
from resellers.actions.profile_facts import FINANCE as FINANCE_COLUMNS
from resellers.api import refusals
from resellers.api.access import CREATE, FINANCE, READ, WRITE, StaffViewSet
from resellers.api.lean import lean_page
from resellers.api.list_tags import Question
from resellers.api.profiles import profile_of, profile_versions
from resellers.api.serializers.resellers import (
    AddressChange,
    NewReseller,
    Nothing,
    ResellerChange,
    ResellerOut,
    ResellerRowOut,
    StatusMove,
    TaxIdOut,
    TrailEntryOut,
    Why,
)
from resellers.api.views.bodies import known, valid
from resellers.errors import profiles as refused
from resellers.filters.resellers import (
    DEFAULT_ORDERING,
    EXTENDED,
    ORDERINGS,
    ResellerFilter,
    refuse_unknown_group,
)
from resellers.models import AuditEntry, Reseller, ResellerStatus, User
from resellers.models.keyset import Keyset

LIMIT_MAX = 1_000
PAGING = {"limit", "cursor"}
MONEY_FIELDS = (*sorted(FINANCE_COLUMNS), "commission_rate")
FIELDS = (
    refused.InvalidZip,
    refused.InvalidPhone,
    refused.InvalidUrl,
    refused.UnknownCountry,
    refused.InvalidState,
    refused.InvalidChoice,
    refused.InvalidCharacter,
    refused.TextTooLong,
    refused.UnknownContactGroup,
    refused.ExtendedValueNotText,
    refused.InvalidKey,
    refused.DuplicateKey,
    refused.ValueTooLong,
    refused.TooManyExtendedKeys,
    refused.ReservedKey,
    refused.RateNotDecimalString,
    errors.RateOutOfRange,
    errors.RatePrecision,
    refused.ReadOnlyField,
    refused.ReasonRequired,
)
LISTED = (
    refusals.InvalidStatus,
    refusals.InvalidOrdering,
    refused.InvalidChoice,
    refused.UnknownContactGroup,
    refused.UnknownCountry,
    refused.InvalidKey,
    refused.DuplicateKey,
    errors.UnknownCurrency,
)
EXTENDED_PARAMETER = OpenApiParameter(
    f"{EXTENDED}*",
    str,
    description="Extended value, such as `ext.membership_level=Gold`: the key in any"
    " case, the value exactly. Several keys are combined with AND.",
)


class ResellerViewSet(StaffViewSet):
    """The profiles."""

    serializer_class = ResellerRowOut
    queryset = Reseller.objects.all()
    filterset_class = ResellerFilter
    limit_max = LIMIT_MAX
    needs = {
        "list": READ,
        "create": CREATE,
        "retrieve": READ,
        "partial_update": WRITE,
        "status": WRITE,
        "invite": WRITE,
        "email": WRITE,
        "reveal_tax_id": FINANCE,
    }
    problems = {
        "list": LISTED,
        "create": (
            *FIELDS,
            refused.UserOrEmail,
            refused.InvalidEmail,
            refusals.InvalidStatus,
            errors.EmailTaken,
            refused.ResellerExists,
            refused.AlreadyAccepted,
            refusals.UnknownReference,
        ),
        "partial_update": (
            *FIELDS,
            refused.UseStatusEndpoint,
            refused.UseEmailEndpoint,
            refused.ExtendedValuesConflict,
        ),
        "status": (
            refusals.InvalidStatus,
            refused.ReasonRequired,
            refused.StatusMoveNotAllowed,
        ),
        "invite": (refused.AlreadyAccepted,),
        "email": (refused.InvalidEmail, refused.ReasonRequired, errors.EmailTaken),
        "reveal_tax_id": (refused.ReasonRequired,),
    }

    def get_queryset(self) -> QuerySet[Reseller]:
        return Reseller.objects.select_related("user", "account", "contact_group")

    def get_object(self) -> Any:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["reseller_id"])

    @extend_schema(parameters=[EXTENDED_PARAMETER])
    def list(self, request: Request) -> HttpResponse:
        """List profiles, newest first unless `ordering` says otherwise."""
        asked, question = asked_of(request), Question.of(request)
        if question.unchanged:
            return HttpResponse(status=304, headers={"ETag": question.unchanged})
        paginator: Any = self.paginator
        page = lean_page(
            asked.rows,
            asked.keyset,
            currency=asked.currency,
            limit=paginator.limit_of(request, self),
            cursor=request.query_params.get("cursor", ""),
        )
        if asked.group and not page.keys.rows:
            refuse_unknown_group(asked.group)
        paginator.total = page.total
        headers = {
            "ETag": question.tag(page.body),
            **paginator.headers_of(request, page.keys),
        }
        if question.knows(page.body):
            return HttpResponse(status=304, headers=headers)
        return HttpResponse(page.body, content_type="application/json", headers=headers)

    @extend_schema(request=NewReseller, responses={201: ResellerOut})
    def create(self, request: Request) -> Response:
        """Make a profile for a user, or for an e-mail address.

        Somebody unknown is made an inactive user; `invite` mails the link that sets
        the password and activates.
        """
        self.require_finance(MONEY_FIELDS)
        facts = valid(NewReseller, request)
        if "user_id" in facts:
            facts["user"] = known(
                User.objects.all(), facts.pop("user_id"), field="user_id"
            )
        made = profiles.create_reseller(actor=self.actor, **facts)
        self.kwargs["reseller_id"] = made.pk
        response = self.shown()
        response.status_code = 201
        response["Location"] = reverse("api:resellers:reseller-detail", args=[made.pk])
        return response

    @extend_schema(responses=ResellerOut)
    def retrieve(self, request: Request, **place: UUID) -> Response:
        """Show a profile with its rates and totals."""
        return self.shown()

    @extend_schema(request=ResellerChange, responses=ResellerOut)
    def partial_update(self, request: Request, **place: UUID) -> Response:
        """Change what is given; null clears, what is absent stays.

        `paymentTerms`, `taxId` and `commissionRate` need the right of finance and a
        `reason`.
        """
        reseller = self.get_object()
        self.require_finance(MONEY_FIELDS)
        profiles.change_reseller(
            reseller,
            versions=profile_versions(request),
            actor=self.actor,
            **valid(ResellerChange, request),
        )
        return self.shown()

    @extend_schema(request=StatusMove, responses=ResellerOut)
    def status(self, request: Request, **place: UUID) -> Response:
        """Move the status; out of `suspended` needs the right of finance.

        The same status again changes nothing.
        """
        reseller = self.get_object()
        facts = valid(StatusMove, request)
        leaves = facts["status"] != reseller.status
        if leaves and reseller.status == ResellerStatus.SUSPENDED:
            self.require_finance()
        return self.done(statuses.change_status, reseller, facts)

    @extend_schema(request=None, responses=ResellerOut)
    def invite(self, request: Request, **place: UUID) -> Response:
        """Mail the invitation again."""
        reseller = self.get_object()
        return self.done(invitations.invite, reseller, valid(Nothing, request))

    @extend_schema(request=AddressChange, responses=ResellerOut)
    def email(self, request: Request, **place: UUID) -> Response:
        """Ask for another e-mail address: it holds when its link was opened.

        Until then it is `pendingEmail`; the old address is told.
        """
        reseller = self.get_object()
        facts = valid(AddressChange, request)
        return self.done(invitations.request_email, reseller, facts)

    @extend_schema(request=Why, responses=TaxIdOut)
    def reveal_tax_id(self, request: Request, **place: UUID) -> Response:
        """Show the tax id in full; that it was shown is recorded."""
        reseller = self.get_object()
        shown = profiles.reveal_tax_id(
            reseller, actor=self.actor, **valid(Why, request)
        )
        return Response(TaxIdOut({"tax_id": shown}).data)

    def done(
        self, action: Callable[..., Reseller], reseller: Reseller, facts: Any
    ) -> Response:
        """Let the action decide, and show the profile as it is then."""
        action(reseller, actor=self.actor, **facts)
        return self.shown()

    def shown(self) -> Response:
        profile = profile_of(
            self.get_object(), clock.now(), sees_finance=self.sees_finance()
        )
        return Response(ResellerOut(profile).data, headers={"ETag": profile.etag})


class TrailViewSet(StaffViewSet):
    """What happened to a profile."""

    serializer_class = TrailEntryOut
    queryset = AuditEntry.objects.none()
    keyset = trails.NEWEST_FIRST
    needs = {"list": READ}

    @extend_schema(responses=TrailEntryOut(many=True))
    def list(self, request: Request, **place: UUID) -> Response:
        """List what happened to a profile, newest first."""
        reseller = get_object_or_404(Reseller, pk=self.kwargs["reseller_id"])
        entries = self.paginate_queryset(trails.entries_of(reseller)) or []
        told = [trails.told(entry, reseller) for entry in entries]
        return self.get_paginated_response(TrailEntryOut(told, many=True).data)


@dataclass(frozen=True)
class Asked:
    """Which profiles a list shall show, in which order, with totals of what currency.

    No rows: everybody.
    """

    rows: QuerySet[Reseller] | None
    keyset: Keyset
    currency: str
    group: str = ""


def asked_of(request: Request) -> Asked:
    """What the query asks for; the plain list needs no form. Raises ValidationError."""
    if not request.query_params.keys() - PAGING:
        return Asked(None, ORDERINGS[DEFAULT_ORDERING], settings.PROGRAMME_CURRENCY)
    filters = ResellerFilter(request.query_params, Reseller.objects.all())
    if not filters.is_valid():
        raise cast(Exception, translate_validation(filters.errors))
    return Asked(filters.qs, filters.keyset, filters.currency_code, filters.group)
