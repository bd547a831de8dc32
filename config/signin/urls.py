"""Addresses of the sign-in, under allauth's names and without its slashes."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from config.signin import invitations, views

urlpatterns = [
    # /account
    path("login", views.SignIn.as_view(), name="account_login"),
    path("logout", views.SignOut.as_view(), name="account_logout"),
    path("signup", views.SignUp.as_view(), name="account_signup"),
    path(
        "reauthenticate",
        views.Reauthenticate.as_view(),
        name="account_reauthenticate",
    ),
    # /account/email
    path("email", views.Email.as_view(), name="account_email"),
    path(
        "confirm-email",
        views.EmailSent.as_view(),
        name="account_email_verification_sent",
    ),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]{1,300})$",
        views.ConfirmEmail.as_view(),
        name="account_confirm_email",
    ),
    # /account/invitation, /account/new-address: links that staff have mailed
    re_path(
        r"^invitation/(?P<token>[-:\w]{1,300})$",
        invitations.invitation,
        name="account_invitation",
    ),
    re_path(
        r"^new-address/(?P<token>[-:\w]{1,300})$",
        invitations.new_address,
        name="account_new_address",
    ),
    # /account/password
    path(
        "password/change",
        views.PasswordChange.as_view(),
        name="account_change_password",
    ),
    path(
        "password/set",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="account_set_password",
    ),
    path(
        "password/reset",
        views.PasswordReset.as_view(),
        name="account_reset_password",
    ),
    path(
        "password/reset/sent",
        views.ResetSent.as_view(),
        name="account_reset_password_done",
    ),
    path(
        "password/reset/done",
        views.ResetDone.as_view(),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]{1,64})-(?P<key>[-\w]{1,100})$",
        views.PasswordResetFromKey.as_view(),
        name="account_reset_password_from_key",
    ),
    # /account/two-factor
    path("two-factor", views.TwoFactor.as_view(), name="mfa_index"),
    path("two-factor/code", views.CodeAtSignIn.as_view(), name="mfa_authenticate"),
    path("two-factor/again", views.CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("two-factor/set-up", views.SetUpTotp.as_view(), name="mfa_activate_totp"),
    path("two-factor/remove", views.RemoveTotp.as_view(), name="mfa_deactivate_totp"),
    path(
        "two-factor/recovery-codes",
        views.RecoveryCodes.as_view(),
        name="mfa_view_recovery_codes",
    ),
    path(
        "two-factor/recovery-codes/new",
        views.NewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
]
