"""The forms of the sign-in: allauth's, in our words and with tries counted."""

from typing import Any, cast

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from config.signin import events, lockout, mails, sealing, two_factor
from resellers.errors import EmailTaken
from resellers.models import User

LENGTH_HELP = "12 to 128 characters. A few unrelated words are easy to keep."


Saved = tuple[User | None, HttpResponse | None]


class Plain(forms.Form):
    """No placeholders: a label stands above each field, help below it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in LABELS:
                field.label = LABELS[name]
            field.help_text = HELP.get(name, "")
        if "password2" in self.fields:
            self.fields["password1"].label = "New password"


LABELS = {
    "login": "E-mail",
    "email": "E-mail",
    "password": "Password",
    "oldpassword": "Present password",
    "password2": "New password again",
    "code": "Code",
}
HELP = {"password1": LENGTH_HELP}


class SignInForm(Plain, account.LoginForm):
    """E-mail and password."""


class SignUpForm(Plain, account.SignupForm):  # type: ignore[misc]  # untyped clean()
    """A new person: name (may stay empty), e-mail, password.

    An address that has an account gets a mail instead, after as much work as a new
    account costs; the page says the same.
    """

    name = forms.CharField(
        label="Name",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1")

    def try_save(self, request: HttpRequest) -> Saved:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        try:
            return cast("Saved", super().try_save(request))
        except EmailTaken:  # between the look and the save
            self.account_already_exists = True
            return cast("Saved", super().try_save(request))

    def save(self, request: HttpRequest) -> User:
        with transaction.atomic():
            return cast("User", super().save(request))


class AskForResetForm(Plain, account.ResetPasswordForm):
    """Asks for a link; nothing here looks whether the address is known."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **_: Any) -> str:
        email: str = self.cleaned_data["email"]
        mails.send_reset(email)
        events.record(request, "reset_asked", email=email)
        return email


class ResetPasswordForm(Plain, account.ResetPasswordKeyForm):
    """A new password by the link of a mail."""


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    """A new password for who knows the present one; the present one is a counted try."""

    def clean_oldpassword(self) -> str:
        given = str(self.cleaned_data["oldpassword"])
        if not get_adapter().reauthenticate(cast("User", self.user), given):
            raise get_adapter().validation_error("enter_current_password")
        return given


class ChangeEmailForm(Plain, account.AddEmailForm):
    """A new address, which counts once its link was followed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "New e-mail"


class ConfirmPasswordForm(Plain, account.ReauthenticateForm):
    """The password again, before something sensitive."""


class CodeForm(Plain, mfa.AuthenticateForm):
    """A code of the authenticator, or a recovery code, at sign-in."""

    def clean_code(self) -> str:
        request = context.request
        code = str(self.cleaned_data["code"])
        lockout.count_try(request, self.user.email)
        taken = two_factor.accept_code(self.user, code)
        if taken is None:
            events.record(request, "code_refused", email=self.user.email)
            raise get_mfa_adapter().validation_error("incorrect_code")
        lockout.forgive(request, self.user.email)
        taken.user = self.user
        self.authenticator = taken
        return code


class ConfirmCodeForm(CodeForm, mfa.ReauthenticateForm):
    """A code again, before something sensitive."""


class SetUpCodeForm(Plain):
    """The first code of a new authenticator.

    The secret waits in the session, sealed, from the page that shows it on.
    """

    code = forms.CharField(
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.secret = self.pending_secret()

    def pending_secret(self) -> str:
        session = context.request.session
        pending = session.get(SECRET_SESSION_KEY)
        if pending and self.is_bound:
            return sealing.unseal(pending)
        secret: str = generate_totp_secret()
        session[SECRET_SESSION_KEY] = sealing.seal(secret)
        return secret

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        lockout.count_try(context.request, self.user.email)
        step = two_factor.step_of(self.secret, code)
        if step is None:
            raise get_mfa_adapter().validation_error("incorrect_code")
        lockout.forgive(context.request, self.user.email)
        self.step = step
        return code
