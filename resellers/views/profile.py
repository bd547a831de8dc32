"""The reseller's own profile: applied for, looked at, changed."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from resellers import clock, rates
from resellers.actions import invitations, profiles
from resellers.errors import submit
from resellers.forms.portal import (
    ApplyForm,
    EmailForm,
    ProfileForm,
    application_of,
    initial_of,
)
from resellers.models import Reseller
from resellers.models.versions import version_of
from resellers.presentation.portal.terms import terms_of
from resellers.views.access import (
    PersonRequest,
    ResellerRequest,
    own_profile,
    profile_of,
)
from resellers.views.parts import crumb, portal_page

methods = require_http_methods(["GET", "HEAD", "POST"])


@methods
@never_cache
@login_required
def reseller_apply(request: HttpRequest) -> HttpResponse:
    """Ask to become a reseller; whoever has a profile is led to it."""
    if profile_of(request) is not None:
        return redirect("resellers:reseller-dashboard")
    user = cast(PersonRequest, request).user
    form = ApplyForm(sent(request), initial=application_of(user))
    applied = submit(form, profiles.apply_for_profile, user)
    if applied:
        messages.success(request, "Thank you. We tell you by mail when it is decided.")
        return redirect("resellers:reseller-dashboard")
    status = 422 if form.errors else 200
    return render(
        request, "resellers/reseller_apply.html", {"form": form}, status=status
    )


@methods
@never_cache
@own_profile
def reseller_form(request: ResellerRequest) -> HttpResponse:
    """What resellers may change of themselves, beside what was agreed with them."""
    reseller = request.reseller
    form = ProfileForm(sent(request), initial=initial_of(reseller))
    if request.method == "POST":
        changed = submit(form, profiles.edit_own, reseller, actor=request.user)
        if changed:
            messages.success(request, "Your profile is saved.")
            return redirect("resellers:reseller-form")
        reseller = own_again(reseller)
        form.show_again(version_of(reseller))
    rate = rates.rates_of([reseller], clock.now()).get(reseller.pk)
    facts = {
        "form": form,
        "terms": terms_of(reseller, rate),
        "pending": reseller.user.pending_email,
    }
    return portal_page(
        request,
        "resellers/reseller_form.html",
        facts,
        status=422 if form.errors else 200,
    )


@methods
@never_cache
@own_profile
def reseller_email(request: ResellerRequest) -> HttpResponse:
    """Ask for another address; the link mailed to it makes it the login."""
    reseller = request.reseller
    form = EmailForm(sent(request), reseller=reseller)
    if request.method == "POST":
        asked = submit(form, invitations.request_email, reseller, actor=request.user)
        if asked:
            messages.success(request, f"A link was sent to {asked.user.pending_email}.")
            return redirect("resellers:reseller-form")
    facts = {"form": form, "crumbs": [crumb("Profile", "reseller-form")]}
    return portal_page(
        request,
        "resellers/reseller_email.html",
        facts,
        status=422 if form.errors else 200,
    )


def own_again(reseller: Reseller) -> Reseller:
    """The profile as it is now, after somebody was faster."""
    rows = Reseller.objects.select_related("account", "user")
    return rows.get(pk=reseller.pk)


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: nothing where it is only looked at."""
    return request.POST if request.method == "POST" else None
