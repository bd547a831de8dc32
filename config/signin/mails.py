"""Mail of the sign-in, through the outbox.

The request only queues; person, link and token are worked out by the worker. So asking
for a known address does what asking for an unknown one does, no token ever stands in a
table, and an address that is nobody's stands there sealed.
"""

import hashlib
import secrets
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from config.signin import lockout
from config.signin.sealing import seal, unseal
from resellers import jobs
from resellers.models import User

NOTICES = {
    "account/email/password_changed": "password_changed",
    "account/email/password_reset": "password_changed",
    "account/email/password_set": "password_changed",
    "account/email/email_changed": "address_changed",
    "account/email/email_deleted": "address_changed",
    "mfa/email/totp_activated": "two_factor_on",
    "mfa/email/totp_deactivated": "two_factor_off",
    "mfa/email/recovery_codes_generated": "recovery_codes",
}


def enqueue(kind: str, to: str, **payload: Any) -> None:
    """Queue one mail; asking twice sends two, so the key ends in a random word.

    Raises lockout.TooManyTries when an address was written to too often.
    """
    lockout.MAILS.hit(f"{kind}:{to}")
    digest = hashlib.sha256(to.encode()).hexdigest()[:16]
    key = f"mail:{kind}:{digest}:{secrets.token_hex(6)}"
    jobs.enqueue("mail", key, **payload)


def send_reset(address: str) -> None:
    enqueue("password_reset", address, address=seal(address))


def send_account_exists(address: str) -> None:
    enqueue("account_exists", address, address=seal(address))


def send_confirmation(address: EmailAddress) -> None:
    enqueue("address_confirmation", address.email, address_id=str(address.pk))


def send_notice(template_prefix: str, *, to: str) -> None:
    """Tell a person that something about their account was changed."""
    notice = NOTICES[template_prefix]
    enqueue("account_notice", to, notice=notice, address=seal(to))


# Builders, named in settings.MAIL_BUILDERS


def password_reset(*, address: str) -> EmailMessage | None:
    """The link to a new password, or the news that there is no such account."""
    address = unseal(address)
    person = User.objects.filter(email=address, is_active=True).first()
    if person is None:
        link = absolute(reverse("account_signup"))
        return compose("account_unknown", to=address, link=link)
    token = default_token_generator.make_token(person)
    arguments = {"uidb36": user_pk_to_url_str(person), "key": token}
    link = absolute(reverse("account_reset_password_from_key", kwargs=arguments))
    return compose("password_reset", to=person.email, link=link)


def account_exists(*, address: str) -> EmailMessage | None:
    link = absolute(reverse("account_reset_password"))
    return compose("account_exists", to=unseal(address), link=link)


def address_confirmation(*, address_id: str) -> EmailMessage | None:
    """The link that proves an address; nobody is told when it was proved already."""
    address = EmailAddress.objects.filter(pk=address_id, verified=False).first()
    if address is None:
        return None
    key = EmailConfirmationHMAC(address).key
    link = absolute(reverse("account_confirm_email", args=[key]))
    return compose("address_confirmation", to=address.email, link=link)


def account_notice(*, notice: str, address: str) -> EmailMessage | None:
    link = absolute(reverse("account_reset_password"))
    return compose(notice, to=unseal(address), link=link)


def compose(name: str, *, to: str, link: str) -> EmailMessage:
    """A message of `templates/account/mail`: the first line is the subject."""
    text = render_to_string(f"account/mail/{name}.txt", {"link": link})
    subject, _, body = text.partition("\n")
    return EmailMessage(subject, body.lstrip("\n"), to=[to])


def absolute(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"
