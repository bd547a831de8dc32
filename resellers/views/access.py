"""Who may see the portal: the only ways to a profile and to what belongs to it.

Own data only, in every status of the profile. Source: 5-resellers, section 10.
"""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django_htmx.middleware import HtmxDetails

from resellers.models import LedgerEntry, Reseller, User

View = Callable[..., HttpResponseBase]


class PersonRequest(HttpRequest):
    """Somebody is signed in."""

    htmx: HtmxDetails
    user: User


class ResellerRequest(PersonRequest):
    """Somebody with a profile is signed in."""

    reseller: Reseller


def own_profile(view: View) -> View:
    """Let in whoever has a profile, and set `reseller`; others are led to apply.

    Visitors sign in first.
    """

    @wraps(view)
    def asked(request: HttpRequest, **place: str) -> HttpResponseBase:
        reseller = profile_of(request)
        if reseller is None:
            return redirect("resellers:reseller-apply")
        known = cast(ResellerRequest, request)
        known.reseller = reseller
        return view(known, **place)

    return login_required(asked)


def profile_of(request: HttpRequest) -> Reseller | None:
    """The reader's own profile with its account; None for everybody else."""
    if not isinstance(request.user, User):
        return None
    own = Reseller.objects.for_user(request.user)
    return own.select_related("account", "user").first()


def own_entry(reseller: Reseller, entry_id: int) -> LedgerEntry:
    """The only way to an entry: one of the reseller's account."""
    own = LedgerEntry.objects.for_account(reseller.account)
    entry: LedgerEntry = get_object_or_404(own.select_related("reverses"), pk=entry_id)
    return entry
