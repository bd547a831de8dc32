"""What django-allauth asks of a project: Consign's answers.

People change only through `resellers.actions.users`, mail leaves only through the
outbox, and a guess is counted before it is checked.
"""

import time
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from config.client import client_address
from config.signin import events, fresh, lockout, mails, sealing, two_factor
from config.signin.gates import SEEN_AT, STARTED_AT
from resellers.actions import users
from resellers.errors import DomainError
from resellers.models import User

REFUSED = "This e-mail address and password do not belong together."
STAGES = [
    "allauth.account.stages.EmailVerificationStage",
    "allauth.mfa.stages.AuthenticateStage",
]


class AccountAdapter(DefaultAccountAdapter):
    """Signing up, in and out."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": REFUSED,
        "enter_current_password": "This is not your present password.",
        "incorrect_password": "This is not your password.",
        "duplicate_email": "This is your address already.",
        "same_as_current": "This is your address already.",
        "invalid_password_reset": "This link has been used or is too old.",
    }

    def is_ajax(self, request: HttpRequest) -> bool:
        """One behaviour for every caller: pages."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only a path of this host is ever followed after a form."""
        if not url or not url.startswith("/"):
            return False
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_login_stages(self) -> list[str]:
        return STAGES

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_change_password")

    # People

    def save_user(
        self,
        request: HttpRequest,
        user: AbstractBaseUser,
        form: BaseForm,
        commit: bool = True,  # noqa: FBT001, FBT002 -- allauth's signature
    ) -> User:
        """Make the person the form describes. Raises EmailTaken."""
        facts = form.cleaned_data
        return users.sign_up(
            email=facts["email"], name=facts["name"], password=facts["password1"]
        )

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        person = cast("User", user)
        users.change_password(person, password=password, actor=person)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The link was followed: the address is now the person's login.

        False, with a message, when somebody else took the address meanwhile.
        """
        person = email_address.user
        try:
            if person.email != email_address.email:
                users.change_email(person, email=email_address.email, actor=person)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return False
        return super().confirm_email(request, email_address)

    # Tries

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises lockout.TooManyTries, which is a 429."""
        lockout.count_try(request, credentials["email"])

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        self.pre_authenticate(request, **credentials)
        person = authenticate(request, **credentials)
        email = credentials["email"]
        if not isinstance(person, User):
            events.record(request, "password_refused", email=email)
            return None
        lockout.forgive(request, email)
        return person

    # Sessions

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        request.session[STARTED_AT] = request.session[SEEN_AT] = int(time.time())
        events.record(request, "signed_in", email=cast("User", user).email)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            events.record(request, "signed_out", email=request.user.email)
        super().logout(request)

    def respond_user_inactive(
        self, request: HttpRequest, user: AbstractBaseUser
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_login"))

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """allauth's own look, after the gate's: a request may age on its way."""
        seconds = fresh.FRESH_SECONDS + fresh.ON_ITS_WAY_SECONDS
        return fresh.missing(self.request, seconds) is not None

    # Mail

    def send_mail(self, template_prefix: str, email: str, context: Any) -> None:
        """Every mail has its own way below; a new one of allauth's must be given one."""
        raise NotImplementedError(template_prefix)

    def send_confirmation_mail(
        self,
        request: HttpRequest,
        emailconfirmation: EmailConfirmationHMAC,
        signup: bool,  # noqa: FBT001 -- allauth's signature
    ) -> None:
        mails.send_confirmation(emailconfirmation.email_address)

    def send_account_already_exists_mail(self, email: str) -> None:
        mails.send_account_exists(email)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        mails.send_notice(template_prefix, to=email or cast("User", user).email)


class MfaAdapter(DefaultMFAAdapter):
    """Authenticators: secrets sealed, staff keep theirs."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not valid now. Each code works once.",
        "cannot_delete_authenticator": "Staff sign in with a second factor.",
    }

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return "Consign"

    def build_totp_svg(self, url: str) -> str:
        """Black on white in either colour scheme, or no camera reads it."""
        paper = '<rect width="100%" height="100%" fill="#fff"/><path'
        return super().build_totp_svg(url).replace("<path", paper, 1)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not two_factor.is_required(authenticator.user)
