"""What the status of a profile means to its owner, above every page of the portal."""

from dataclasses import dataclass

from resellers.models import Reseller, ResellerStatus


@dataclass(frozen=True, slots=True)
class Banner:
    text: str
    icon: str
    tone: str


BANNERS = {
    ResellerStatus.APPLICANT: Banner(
        "We are reviewing your application.", "clock", "info"
    ),
    ResellerStatus.INACTIVE: Banner(
        "No new referrals; existing customers keep earning.", "pause", "info"
    ),
    ResellerStatus.SUSPENDED: Banner(
        "Your account is under review. Commission is kept on hold; contact us.",
        "alert",
        "warning",
    ),
}


def banner_of(reseller: Reseller) -> Banner | None:
    """None for an active profile: nothing stands in its way."""
    return BANNERS.get(ResellerStatus(reseller.status))
