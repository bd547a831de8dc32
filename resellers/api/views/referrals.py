"""`/resellers/{id}/referrals`, `/referrals` and `/rates`: whose customer, at what rate."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from resellers import clock, errors
from resellers.actions import rates as rate_actions
from resellers.actions import referrals
from resellers.api import refusals
from resellers.api.access import FINANCE, READ, WRITE, StaffViewSet
from resellers.api.serializers.referrals import (
    NewRate,
    NewReferral,
    ReferralChange,
    ReferralEnd,
    ReferralMove,
    ReferralOut,
    SetRateOut,
)
from resellers.api.views.bodies import known, valid
from resellers.errors import profiles as refused
from resellers.filters.sales import RateFilter
from resellers.models import Origin, Rate, RateScope, Referral, Reseller
from resellers.models.keyset import Keyset
from resellers.parsing.preconditions import entity_tag, wanted_versions
from resellers.rates import rates_of_customers

RATE_CODES = (
    refused.RateNotDecimalString,
    errors.RateOutOfRange,
    errors.RatePrecision,
)
TEXT_CODES = (
    refused.InvalidEmail,
    refused.SelfReferral,
    refused.InvalidCharacter,
    refused.TextTooLong,
)
TAKEN = (
    refused.ResellerNotActive,
    refused.CustomerAlreadyReferred,
    refused.ReferralOverlaps,
)


class ReferralViewSet(StaffViewSet):
    """Customers of resellers."""

    serializer_class = ReferralOut
    queryset = Referral.objects.all()
    keyset = Keyset("-referred_at", "-id")
    needs = {
        "list": READ,
        "create": WRITE,
        "retrieve": READ,
        "partial_update": WRITE,
        "move": WRITE,
        "end": WRITE,
    }
    problems = {
        "create": (*TEXT_CODES, *RATE_CODES, *TAKEN, refused.OccurredAhead),
        "partial_update": (*TEXT_CODES, refused.ReadOnlyField),
        "move": (
            *TAKEN,
            refused.SelfReferral,
            refused.ReferralEnded,
            refused.ReasonRequired,
            refusals.UnknownReference,
        ),
        "end": (
            refused.InvalidChoice,
            refused.ReferralEnded,
            refused.ReasonRequired,
        ),
    }

    def get_object(self) -> Any:
        return get_object_or_404(Referral, pk=self.kwargs["referral_id"])

    def reseller(self) -> Reseller:
        return get_object_or_404(Reseller, pk=self.kwargs["reseller_id"])

    def list(self, request: Request, **place: UUID) -> Response:
        """List the customers of a reseller, newest first."""
        own: QuerySet[Referral] = Referral.objects.for_reseller(self.reseller())
        rows = self.paginate_queryset(own) or []
        data = ReferralOut(rows, many=True, context=rated(rows)).data
        return self.get_paginated_response(data)

    @extend_schema(request=NewReferral, responses={201: ReferralOut})
    def create(self, request: Request, **place: UUID) -> Response:
        """Attribute a customer to a reseller, from now or from an earlier time.

        A `commissionRate` for this customer alone needs the right of finance.
        """
        reseller = self.reseller()
        self.require_finance(["commission_rate"])
        made = referrals.attribute_customer(
            reseller, origin=Origin.API, actor=self.actor, **valid(NewReferral, request)
        )
        return created(made)

    def retrieve(self, request: Request, **place: UUID) -> Response:
        """Show a referral."""
        return shown(self.get_object())

    @extend_schema(request=ReferralChange, responses=ReferralOut)
    def partial_update(self, request: Request, **place: UUID) -> Response:
        """Change the notes or the customer's e-mail address."""
        referral = self.get_object()
        changed = referrals.edit_referral(
            referral,
            versions=wanted_versions(request),
            actor=self.actor,
            **valid(ReferralChange, request),
        )
        return shown(changed)

    @extend_schema(request=ReferralMove, responses={201: ReferralOut})
    def move(self, request: Request, **place: UUID) -> Response:
        """Give the customer to another reseller from now on.

        The referral ends and another one is made, which is the answer.
        """
        referral = self.get_object()
        facts = valid(ReferralMove, request)
        to = known(
            Reseller.objects.all(), facts.pop("reseller_id"), field="reseller_id"
        )
        return created(
            referrals.move_referral(referral, to=to, actor=self.actor, **facts)
        )

    @extend_schema(request=ReferralEnd, responses=ReferralOut)
    def end(self, request: Request, **place: UUID) -> Response:
        """End a referral: the customer is nobody's from now on."""
        referral = self.get_object()
        facts = valid(ReferralEnd, request)
        return shown(referrals.end_referral(referral, actor=self.actor, **facts))


class RateViewSet(StaffViewSet):
    """The history of rates, which only grows."""

    serializer_class = SetRateOut
    queryset = Rate.objects.all()
    filterset_class = RateFilter
    keyset = Keyset("-valid_from", "-created_at", "-id")
    needs = {"list": READ, "create": FINANCE}
    problems = {
        "create": (
            *RATE_CODES,
            refused.InvalidChoice,
            refused.RateBackdated,
            refused.ReasonRequired,
            refusals.UnknownReference,
        ),
    }

    def list(self, request: Request) -> Response:
        """List rates in the order in which they count, planned ones first.

        Of the reseller or the referral that is named; of neither: the programme's.
        """
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(SetRateOut(rows, many=True).data)

    @extend_schema(request=NewRate, responses={200: SetRateOut, 201: SetRateOut})
    def create(self, request: Request) -> Response:
        """Set a rate from now, or from a later time; null takes an own rate away.

        The rate that holds anyway is answered with 200, and nothing is written.
        """
        facts = valid(NewRate, request)
        asked_at = clock.now()
        row = rate_actions.set_rate(actor=self.actor, **owned(facts))
        address = reverse("api:resellers:rate-list")
        if row.scope != RateScope.PROGRAMME:
            owner = f"{row.scope}Id={row.reseller_id or row.referral_id}"
            address = f"{address}?{owner}"
        return Response(
            SetRateOut(row).data,
            status=201 if row.created_at >= asked_at else 200,
            headers={"Location": address},
        )


def owned(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts with the owner that the scope names, and no other.

    Raises Invalid, UnknownReference (400).
    """
    owners: dict[str, Any] = {
        RateScope.RESELLER: Reseller.objects.all(),
        RateScope.REFERRAL: Referral.objects.all(),
    }
    for scope, rows in owners.items():
        field = f"{scope}_id"
        given = facts.pop(field, None)
        if (given is not None) != (facts["scope"] == scope):
            raise errors.Invalid(
                f"The scope {scope} names its {scope}, another scope does not.",
                field=field,
            )
        if given is not None:
            facts[scope] = known(rows, given, field=field)
    return facts


def rated(rows: Iterable[Referral]) -> dict[str, Any]:
    ids = [row.pk for row in rows]
    return {"rates": rates_of_customers(ids, clock.now())}


def shown(referral: Referral) -> Response:
    data = ReferralOut(referral, context=rated([referral])).data
    return Response(data, headers=entity_tag(referral))


def created(referral: Referral) -> Response:
    response = shown(referral)
    response.status_code = 201
    response["Location"] = reverse("api:resellers:referral-detail", args=[referral.pk])
    return response
