"""What the trunk writes to resellers, built when it is sent.

Each builder is named in `MAIL_BUILDERS` and answers None when things have moved on and
the mail would no longer be true. The reason of a move never stands in a mail.
Source: 5-resellers, sections 4 and 8.
"""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from resellers import jobs, links
from resellers.audit import mask_email
from resellers.models import Reseller, ResellerStatus

INVITATION_PAGE, ADDRESS_PAGE = "account_invitation", "account_new_address"
HOME_PAGE = "resellers:overview"


def reseller_invited(reseller: str) -> EmailMessage | None:
    """The link to a first password, unless one was chosen meanwhile."""
    found = read(reseller)
    if links.has_accepted(found.user):
        return None
    link = absolute(INVITATION_PAGE, links.invitation_token(found.user))
    return compose("reseller_invited", found, link=link)


def address_asked(reseller: str) -> EmailMessage | None:
    """The link that proves the new address, to that address."""
    found = read(reseller)
    pending = found.user.pending_email
    if not pending:
        return None
    link = absolute(ADDRESS_PAGE, links.address_token(found.user))
    return compose("address_asked", found, to=pending, link=link)


def address_notice(reseller: str) -> EmailMessage | None:
    """The news of it, to the address that signs in until then."""
    found = read(reseller)
    pending = found.user.pending_email
    if not pending:
        return None
    return compose("address_notice", found, new_address=mask_email(pending))


def profile_approved(reseller: str) -> EmailMessage | None:
    return at_status("profile_approved", reseller, ResellerStatus.ACTIVE)


def profile_suspended(reseller: str) -> EmailMessage | None:
    return at_status("profile_suspended", reseller, ResellerStatus.SUSPENDED)


def profile_reactivated(reseller: str) -> EmailMessage | None:
    stands = (ResellerStatus.ACTIVE, ResellerStatus.INACTIVE)
    return at_status("profile_reactivated", reseller, *stands)


def at_status(kind: str, reseller: str, *statuses: str) -> EmailMessage | None:
    """The mail of a move, while the profile still stands where the move led."""
    found = read(reseller)
    if found.status not in statuses:
        return None
    return compose(kind, found, link=absolute(HOME_PAGE))


def read(reseller: str) -> Reseller:
    return Reseller.objects.select_related("user").get(pk=reseller)


def compose(kind: str, reseller: Reseller, to: str = "", **facts: Any) -> EmailMessage:
    name = " ".join((reseller.full_name or reseller.organization).split())
    facts |= {"name": name, "code": reseller.code}
    return jobs.compose("resellers", kind, to=to or reseller.email, **facts)


def absolute(page: str, *arguments: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(page, args=arguments)}"
