"""Who may see a page: the only ways to a person, a provider and an object.

Source: 4-marketplace, section 1 (roles) and section 9.
"""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django_htmx.middleware import HtmxDetails

from marketplace.errors import RoleRequired
from marketplace.models import (
    Contract,
    Offering,
    Provider,
    ProviderMember,
    ProviderRole,
    ResellerRelationship,
)
from resellers.models import User

View = Callable[..., HttpResponseBase]


class PageRequest(HttpRequest):
    """What middleware put on the request of a page; a visitor is no `User`."""

    htmx: HtmxDetails
    member: ProviderMember | None


class PersonRequest(PageRequest):
    """Somebody is signed in."""

    user: User


class ProviderRequest(PersonRequest):
    """Somebody is signed in and acts for a provider, in a role that reaches."""

    member: ProviderMember
    provider: Provider


def provider_member(role: str = ProviderRole.VIEWER) -> Callable[[View], View]:
    """Let in the members of a provider whose role reaches; sets `member`, `provider`.

    Visitors sign in first; everybody else reads how to become a provider (403).
    Raises RoleRequired.
    """

    def guarded(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, **place: str) -> HttpResponseBase:
            member = member_of(request)
            if member is None:
                page = "marketplace/provider_required.html"
                return render(request, page, status=403)
            if not member.may(role):
                raise RoleRequired
            known = cast(ProviderRequest, request)
            known.member, known.provider = member, member.provider
            return view(known, **place)

        return login_required(asked)

    return guarded


def member_of(request: HttpRequest) -> ProviderMember | None:
    """Whom the reader sells for; None for visitors and everybody else."""
    if not isinstance(request.user, User):
        return None
    members = ProviderMember.objects.select_related("provider")
    return members.filter(user=request.user).first()


def offering_or_404(request: HttpRequest, offering_id: int) -> Offering:
    """An offering the reader may see: private ones are for staff alone."""
    offerings = Offering.objects.select_related("provider")
    if not getattr(request.user, "is_staff", False):
        offerings = offerings.reachable()
    return get_object_or_404(offerings, pk=offering_id)


def own_relationship(
    member: ProviderMember | None, offering: Offering
) -> ResellerRelationship | None:
    """How the member's provider resells what this offering's provider sells."""
    if member is None:
        return None
    own = ResellerRelationship.objects.for_provider(member.provider)
    found = own.select_related("reseller")
    return found.filter(external_provider=offering.provider_id).first()


def contract_or_404(request: PersonRequest, contract_id: str) -> Contract:
    """The buyer's own contract, with what its page shows."""
    own = Contract.objects.for_buyer(request.user).select_related(
        "payment", "seller", "reseller_order__external_provider"
    )
    return get_object_or_404(own, contract_id=contract_id)
