"""What was agreed with a reseller: to be read, never written, in the portal."""

from resellers.models import PartnerTier, Reseller, ResellerStatus
from resellers.presentation.portal.dates import day
from resellers.presentation.portal.overview import rate_facts
from resellers.presentation.portal.payouts import terms_words
from resellers.rates import RateInEffect
from resellers.templatetags.signs import status_html

STATUS_SIGNS = {
    ResellerStatus.APPLICANT: ("info", "Applied"),
    ResellerStatus.ACTIVE: ("done", "Active"),
    ResellerStatus.INACTIVE: ("neutral", "Inactive"),
    ResellerStatus.SUSPENDED: ("soon", "Under review"),
}


def terms_of(reseller: Reseller, rate: RateInEffect | None) -> list[dict[str, str]]:
    known = rate_facts(rate)
    return [
        {
            "label": "Status",
            "value": status_html(*STATUS_SIGNS[ResellerStatus(reseller.status)]),
        },
        {"label": "Rate", "value": f"{known['percent']}. {known['scope']}"},
        {
            "label": "Tier",
            "value": PartnerTier(reseller.partner_tier).label.capitalize(),
        },
        {"label": "Payment terms", "value": terms_words(reseller)},
        {"label": "Since", "value": day(reseller.created_at)},
    ]
