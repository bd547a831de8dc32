"""The forty orders of the demo: when, what, from whom, and how it went."""

from dataclasses import dataclass

from marketplace.demo import steps
from marketplace.demo.cast import ALTO, BRISK, FRESH, NIMBUS, Seller
from marketplace.demo.steps import Step

Steps = tuple[tuple[float, Step], ...]


@dataclass(frozen=True)
class Story:
    """An order placed `days` ago; each step comes that many hours after."""

    days: float
    code: str
    seller: Seller
    buyer: str
    plot: Steps
    method: str = "test"


QUICK: Steps = (
    (1, steps.accept),
    (5, steps.buy),
    (9, steps.fulfil),
    (40, steps.works),
)
STEADY: Steps = ((4, steps.accept), (20, steps.buy), (30, steps.fulfil))
LATE: Steps = ((6, steps.accept), (30, steps.buy), (75, steps.fulfil))
BY_INVOICE: Steps = ((30, steps.pay), (33, steps.accept), (50, steps.fulfil))
TROUBLED: Steps = (
    (2, steps.accept),
    (12, steps.fulfil),
    (30, steps.complain),
    (60, steps.settle_problem),
)
REJECTED: Steps = ((3, steps.reject), (26, steps.refund))
FAILED: Steps = ((2, steps.accept), (20, steps.fail), (44, steps.refund))
REVERSED: Steps = (
    (2, steps.accept),
    (18, steps.fulfil),
    (40, steps.complain),
    (70, steps.fail_delivered),
    (94, steps.refund),
)
REOPENED: Steps = (
    (3, steps.reject),
    (20, steps.reopen),
    (22, steps.accept),
    (40, steps.fulfil),
    (80, steps.works),
)
UNANSWERED: Steps = ((60, steps.refund),)
OVERDUE_CANCELLED: Steps = (
    (2, steps.accept),
    (10, steps.buy),
    (80, steps.cancel),
    (100, steps.refund),
)

STORIES = (
    Story(119.4, "hetzner-cax11-fsn1", NIMBUS, "buyer-third", QUICK),
    Story(116.2, "hetzner-cax21-nbg1", ALTO, "buyer", QUICK),
    Story(112.8, "ovh-vps-1-gra", BRISK, "buyer-other", STEADY),
    Story(108.1, "hetzner-cx22-fsn1", NIMBUS, "buyer", STEADY),
    Story(104.6, "contabo-vps-10-eu-de-1", NIMBUS, "buyer-third", QUICK),
    Story(101.3, "hetzner-cax11-nbg1", NIMBUS, "buyer-other", BY_INVOICE, "invoice"),
    Story(97.7, "hetzner-cpx21-ash", ALTO, "buyer-third", QUICK),
    Story(94.2, "ovh-vps-2-sbg", ALTO, "buyer", QUICK),
    Story(90.5, "hetzner-cax31-hel1", NIMBUS, "buyer-third", LATE),
    Story(86.9, "hetzner-cax11-fsn1", NIMBUS, "buyer", REJECTED),
    Story(83.4, "contabo-vps-20-us-east-1", NIMBUS, "buyer-other", QUICK),
    Story(79.8, "hetzner-ccx13-nbg1", ALTO, "buyer-third", STEADY),
    Story(76.1, "ovh-vps-1-lon", BRISK, "buyer", LATE),
    Story(72.6, "hetzner-cax21-fsn1", NIMBUS, "buyer-other", FAILED),
    Story(69.3, "hetzner-cax11-hel1", NIMBUS, "buyer-third", QUICK),
    Story(65.2, "ovh-rise-1-gra", ALTO, "buyer-other", BY_INVOICE, "invoice"),
    Story(61.7, "hetzner-cpx31-nbg1", NIMBUS, "buyer", REVERSED),
    Story(57.9, "contabo-vps-30-eu-de-2", NIMBUS, "buyer-third", QUICK),
    Story(53.5, "hetzner-cax41-fsn1", ALTO, "buyer", UNANSWERED),
    Story(49.4, "hetzner-cax11-nbg1", NIMBUS, "buyer-other", (), "invoice"),
    Story(45.8, "hetzner-cax21-hel1", NIMBUS, "buyer-third", REOPENED),
    Story(41.6, "ovh-vps-3-waw", ALTO, "buyer-other", QUICK),
    Story(37.3, "hetzner-ccx23-fsn1", NIMBUS, "buyer", TROUBLED),
    Story(33.9, "hetzner-cpx11-hil", ALTO, "buyer-third", OVERDUE_CANCELLED),
    Story(26.5, "hetzner-cax31-nbg1", NIMBUS, "buyer-other", STEADY),
    Story(22.7, "hetzner-cax11-fsn1", NIMBUS, "buyer-third", QUICK),
    Story(18.4, "ovh-vps-1-sgp", BRISK, "buyer", STEADY),
    Story(13.1, "hetzner-cpx21-fsn1", NIMBUS, "buyer-other", STEADY),
    Story(8.9, "hetzner-cax21-nbg1", NIMBUS, "buyer", ((2, steps.cancel),), "invoice"),
    # Still open today.
    Story(5.8, "hetzner-cax11-fsn1", NIMBUS, "buyer", QUICK[:3]),
    Story(5.1, "ovh-vps-2-gra", ALTO, "buyer-other", QUICK[:3]),
    Story(4.2, "hetzner-cpx31-hel1", NIMBUS, "buyer-other", TROUBLED[:3]),
    Story(2.9, "hetzner-ccx33-nbg1", NIMBUS, "buyer-third", QUICK[:2]),
    Story(0.9, "contabo-vps-20-eu-de-1", NIMBUS, "buyer", QUICK[:1]),
    Story(2.2, "contabo-vps-10-uk-lon-1", NIMBUS, "buyer", REJECTED[:1]),
    Story(1.3, "hetzner-cax41-nbg1", NIMBUS, "buyer-other", QUICK[:2]),
    Story(0.42, "hetzner-cax31-fsn1", NIMBUS, "buyer", ()),
    Story(0.3, "contabo-vps-10-ap-sin-1", FRESH, "buyer-other", ()),
    Story(0.12, "hetzner-cax11-hel1", NIMBUS, "buyer-third", ()),
    Story(0.08, "hetzner-cax21-fsn1", NIMBUS, "buyer", (), "invoice"),
)
