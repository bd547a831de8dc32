"""Links that staff have mailed to a reseller: the first password, and a new address.

What makes a link work, and for how long: `resellers.links`. Source: 5-resellers, section 8.
"""

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from resellers import audit, jobs, links, rights
from resellers.actions import users
from resellers.contact import read_email
from resellers.errors import EmailTaken
from resellers.errors.profiles import AlreadyAccepted, ReasonRequired
from resellers.models import Actor, Reseller, User

REASON_LENGTHS = range(5, 501)


@transaction.atomic
def invite(reseller: Reseller, *, actor: Actor) -> Reseller:
    """Mail the link by which the reseller chooses a password and may sign in.

    Raises AlreadyAccepted (409), PermissionRefused (403).
    """
    rights.require(actor, rights.CHANGE)
    if links.has_accepted(reseller.user):
        raise AlreadyAccepted("The reseller has a password and signs in with it.")
    entry = audit.record(
        actor, "reseller.invited", reseller, after={"email": reseller.email}
    )
    _mail("reseller_invited", reseller, entry.pk)
    return reseller


@transaction.atomic
def accept_invitation(token: str, *, password: str) -> User | None:
    """Set the first password and let the person in. None for a link that is used up.

    Raises ValidationError for a weak password.
    """
    user = links.read_invitation(token)
    if user is None:
        return None
    validate_password(password, user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if links.has_accepted(user):
        return None
    user.set_password(password)
    user.is_active = True
    user.save(update_fields=["password", "is_active"])
    audit.record(user, "reseller.invitation_accepted", user.reseller)
    return user


@transaction.atomic
def request_email(
    reseller: Reseller, *, email: str, reason: str = "", actor: Actor
) -> Reseller:
    """Mail a link to the new address and a notice to the old one; nothing moves yet.

    The reseller asks without a reason. Raises InvalidEmail, ReasonRequired (400),
    EmailTaken (409), PermissionRefused (403).
    """
    user = User.objects.select_for_update().get(pk=reseller.user_id)
    if not is_own(user, actor):
        rights.require(actor, rights.CHANGE)
        if len(reason.strip()) not in REASON_LENGTHS:
            raise ReasonRequired(field="reason")
    address = read_email(email)
    if address == user.email:
        return reseller
    if User.objects.filter(email=address).exists():
        raise EmailTaken(field="email")
    pending, user.pending_email = user.pending_email, address
    user.save(update_fields=["pending_email"])
    entry = audit.record(
        actor,
        "reseller.email_requested",
        reseller,
        before={"pending_email": pending},
        after={"pending_email": address},
        reason=reason.strip(),
    )
    reseller.user = user
    _mail("address_asked", reseller, entry.pk)
    _mail("address_notice", reseller, entry.pk)
    return reseller


@transaction.atomic
def confirm_email(token: str) -> User | None:
    """The link was opened: the address is the login now. None for a dead link.

    Raises EmailTaken (409) when somebody else has taken it meanwhile.
    """
    user = links.read_address(token)
    if user is None:
        return None
    user = User.objects.select_for_update().get(pk=user.pk)
    old, address, user.pending_email = user.email, user.pending_email, ""
    user.save(update_fields=["pending_email"])
    users.change_email(user, email=address, actor=user)
    audit.record(
        user,
        "reseller.email_changed",
        user.reseller,
        before={"email": old, "pending_email": address},
        after={"email": address, "pending_email": ""},
    )
    return user


def is_own(user: User, actor: Actor) -> bool:
    return isinstance(actor, User) and actor.pk == user.pk


def _mail(kind: str, reseller: Reseller, entry: int) -> None:
    jobs.enqueue(
        "mail",
        f"mail:{kind}:{reseller.pk}:{entry}",
        about=f"resellers.reseller:{reseller.pk}",
        reseller=reseller.pk,
    )
