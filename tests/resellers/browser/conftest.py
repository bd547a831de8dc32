"""A browser in which a reseller is signed in, who has earned this and that."""

from datetime import timedelta

import pytest

from resellers import clock, ledger
from resellers.models import Reseller
from tests.factories.profiles import ReferralFactory
from tests.factories.resellers import LedgerEntryFactory
from tests.marketplace.browser.conftest import browser, open_page, page_of
from tests.resellers.earning import customer, follow, record

__all__ = ["browser", "open_page", "page_of"]

DAY = timedelta(days=1)


@pytest.fixture
def reseller(transactional_db: None) -> Reseller:
    """60 sales of C-1001, refunds, a dispute, a payout, a customer who left."""
    now = clock.now()
    made: Reseller = customer(
        reseller__user__email="avery@example.com",
        reseller__last_name="Quill",
        customer_email="customer@example.com",
    ).reseller
    ReferralFactory.create(
        reseller=made,
        customer_ref="C-2002",
        ended_at=now - DAY,
        end_reason="customer_left",
    )
    for number in range(60):
        at = now - (130 - 2 * number) * DAY
        with clock.at(at):
            record(f"inv-{number}", occurred_at=at, description="Annual plan")
    then = now - 3 * DAY
    with clock.at(then):
        follow("r-1", "refunded", "inv-59", 1300, occurred_at=then)
        follow("d-1", "disputed", "inv-58", occurred_at=then)
        record("trial", 3, occurred_at=then, description="Trial")
        LedgerEntryFactory.create(
            account=made.account,
            kind="payout",
            amount_minor=-1008,
            status="paid",
            source="resellers.payout",
            occurred_at=then,
            posted_at=then,
            available_at=then,
        )
    ledger.settle_due(now)
    return made
