"""The pages behind two links in mails: a first password, and a new address.

The trunk decides what a link may do; here it meets the sign-in: an opened link proves
the address, so allauth's own table is told. Source: 5-resellers, section 8.
"""

from http import HTTPStatus
from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from config.signin import events, lockout
from config.signin.forms import LENGTH_HELP
from resellers import links
from resellers.actions import invitations
from resellers.errors import DomainError
from resellers.models import User

methods = require_http_methods(["GET", "HEAD", "POST"])


class FirstPasswordForm(forms.Form):
    """A password, once: whoever mistypes it asks for a new one by mail."""

    password = forms.CharField(
        label="Password",
        strip=False,
        help_text=LENGTH_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password


@methods
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Choose the first password; a used, old or foreign link is 404 with a way on."""
    person = links.read_invitation(token)
    if person is None:
        return dead(request)
    form = FirstPasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            accepted = invitations.accept_invitation(
                token, password=form.cleaned_data["password"]
            )
            if accepted is not None:
                own(accepted)
        if accepted is None:
            return dead(request)
        lockout.lift(accepted.email)
        events.record(request, "invitation_accepted", email=accepted.email)
        messages.success(request, "Your password is set. Sign in with it.")
        return HttpResponseRedirect(reverse("account_login"))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "email": person.email}
    return render(request, "account/invitation.html", context, status=status)


@methods
def new_address(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm the new address; looking at the page changes nothing."""
    person = links.read_address(token)
    if person is None:
        return dead(request)
    form = forms.Form(request.POST or None)
    if request.method == "POST":
        form.full_clean()
        try:
            with transaction.atomic():
                moved = invitations.confirm_email(token)
                if moved is not None:
                    own(moved)
        except DomainError as refusal:
            form = forms.Form({})
            form.full_clean()
            form.add_error(None, ValidationError(refusal.detail, code=refusal.code))
        else:
            if moved is None:
                return dead(request)
            events.record(request, "address_changed", email=moved.email)
            messages.success(request, f"You sign in with {moved.email} from now on.")
            return HttpResponseRedirect(reverse("account_login"))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "email": person.pending_email}
    return render(request, "account/new_address.html", context, status=status)


def own(person: User) -> None:
    """The address is proved: the one that signs in, and the only one."""
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )


def dead(request: HttpRequest) -> HttpResponse:
    return render(request, "account/dead_link.html", status=HTTPStatus.NOT_FOUND)
