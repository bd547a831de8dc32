"""The pages of the sign-in: allauth's views with the manners of this house.

A refused form is 422 with the form; only the methods a page needs are taken.
"""

from http import HTTPStatus
from typing import Any

from allauth.account import app_settings
from allauth.account import views as account
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.internal.auth import clear_totp_secret
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST
from django.views.generic.base import View

from config import demo_people
from config.signin import events, fresh, lockout, mails, two_factor
from config.signin.forms import SetUpCodeForm
from resellers.models import User


class Manners(View):
    """Mixed into every page: its methods, and 422 for what was refused."""

    http_method_names = ["get", "head", "post"]

    def form_invalid(self, form: Any) -> HttpResponse:
        page: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # a mixin
        page.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return page


class SignIn(Manners, account.LoginView):
    pass


class SignUp(Manners, account.SignupView):
    pass


class SignOut(Manners, account.LogoutView):
    pass


class ConfirmEmail(Manners, account.ConfirmEmailView):
    """The link of the mail; one that is unknown, used or old is 404 with a way on."""

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        page: HttpResponse = super().get(*args, **kwargs)
        if self.object is None:
            page.status_code = HTTPStatus.NOT_FOUND
        return page


class Email(Manners, account.EmailView):
    pass


class PasswordChange(Manners, account.PasswordChangeView):
    pass


class PasswordReset(Manners, account.PasswordResetView):
    pass


class PasswordResetFromKey(Manners, account.PasswordResetFromKeyView):
    """A new password by mail, which also lifts the lock."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        lockout.lift(self.reset_user.email)
        return answer


class EmailSent(Manners, account.EmailVerificationSentView):
    pass


class ResetSent(Manners, account.PasswordResetDoneView):
    pass


class ResetDone(Manners, account.PasswordResetFromKeyDoneView):
    pass


class Reauthenticate(Manners, account.ReauthenticateView):
    pass


class TwoFactor(Manners, mfa.IndexView):
    pass


class CodeAtSignIn(Manners, mfa.AuthenticateView):
    def form_invalid(self, form: Any) -> HttpResponse:
        page: HttpResponse = self.get(self.request)
        page.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return page


class CodeAgain(Manners, mfa.ReauthenticateView):
    pass


class SetUpTotp(Manners, totp.ActivateTOTPView):
    """Show a new secret, take its first code, and hand out the recovery codes."""

    def form_valid(self, form: SetUpCodeForm) -> HttpResponse:
        two_factor.enrol(form.user, form.secret, step=form.step, actor=form.user)
        clear_totp_secret(self.request)
        fresh.prove(self.request, form.user, "mfa")
        mails.send_notice("mfa/email/totp_activated", to=form.user.email)
        messages.success(self.request, "Signing in now asks for a code, too.")
        return HttpResponseRedirect(reverse("mfa_view_recovery_codes"))


class RemoveTotp(Manners, totp.DeactivateTOTPView):
    pass


class RecoveryCodes(Manners, recovery.ViewRecoveryCodesView):
    pass


class NewRecoveryCodes(Manners, recovery.GenerateRecoveryCodesView):
    pass


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One click in the demo's banner: the password nobody typed counts as given."""
    if not settings.DEMO:
        raise Http404
    known = demo_people.BY_ROLE.get(request.POST.get("role", ""))
    person = User.objects.filter(email=known.email).first() if known else None
    if person is None:
        raise Http404
    logout(request)
    fresh.prove(request, person, "password")
    target = request.POST.get("next", "") or None
    verified = app_settings.EmailVerificationMethod.NONE
    login = Login(user=person, redirect_url=target, email_verification=verified)
    return perform_login(request, login)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was not sent from one of our pages, or lay open too long."""
    events.record(request, "csrf_refused", reason=reason)
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)
