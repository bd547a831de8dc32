"""The same cents wherever a price is shown, for every percent from 0 to 50.

Issue: card, offering page, preview, queue, order page, CSV and API agree; what they
agree on is an exact fraction rounded here, by hand.
"""

import csv
from decimal import ROUND_HALF_UP, Decimal

import pytest

from marketplace.models import ResellerOrder
from resellers.actions.keys import issue_key
from tests.factories.marketplace import OfferingFactory, paid_order
from tests.factories.resellers import UserFactory
from tests.marketplace.views.pages import words

pytestmark = pytest.mark.django_db

RESELLER = "/dashboard/provider/reseller"
BASE = Decimal("65.30")


def cents(percent: int) -> tuple[str, str]:
    """Commission and total, worked out apart from the product."""
    exact = BASE * percent / 100
    commission = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return str(commission), str(BASE + commission)


@pytest.fixture
def sold(relationship, client_for, owner, monkeypatch):
    """An order at every percent, and what card, page and preview said before."""
    monkeypatch.setattr("marketplace.views.orders.PAGE_SIZE", 60)
    supplier = relationship.external_provider
    offering = OfferingFactory.create(
        provider=supplier, monthly_price_e9s=int(BASE * 10**9)
    )
    browser, buyer, orders = client_for(owner), UserFactory.create(), {}
    for percent in range(51):
        relationship.commission_percent = percent
        relationship.save()
        commission, total = cents(percent)
        seen = {
            "/marketplace": f"Via Nimbus Resale +{percent} % checked yesterday"
            f" {total} USD per month",
            f"{RESELLER}/{supplier.pubkey}/preview?percent={percent}": "Buyers pay"
            f" {total} USD , you earn {commission} USD on {BASE} USD .",
        }
        for address, sentence in seen.items():
            assert sentence in words(browser.get(address).content), address
        order = paid_order(relationship, offering=offering, buyer=buyer)
        orders[order.contract_id] = percent
    return orders


def test_every_percent_shows_the_same_cents(sold, client_for, api_for, owner):
    browser = client_for(owner)
    queue = words(browser.get(f"{RESELLER}/orders", {"q": ""}).content)
    for order in ResellerOrder.objects.all():
        commission, total = cents(sold[order.contract_id])
        page = words(browser.get(f"{RESELLER}/orders/{order.contract_id}").content)
        assert (
            f"Expected cost {BASE} USD Buyer pays {total} USD , of which you earn"
            f" {commission} USD"
        ) in page
        row = queue.partition(f"{order.contract_id[:8]}… ")[2]
        assert f" {total} USD you earn {commission} USD" in row[:80]

    exported = browser.get(f"{RESELLER}/orders.csv")
    lines = b"".join(exported.streaming_content).decode("utf-8-sig").splitlines()
    filed = {
        row["contract_id"]: (row["commission"], row["total_paid"])
        for row in csv.DictReader(lines)
    }
    assert filed == {contract: cents(percent) for contract, percent in sold.items()}
    assert api_amounts(api_for, owner) == filed


def api_amounts(api_for, owner) -> dict[str, tuple[str, str]]:
    _, text = issue_key(
        principal_kind="user",
        user=owner,
        scopes=["marketplace:read"],
        days=1,
        actor=owner,
    )
    rows = api_for(text).get("/api/v1/reseller/orders?limit=100").json()
    return {row["contract_id"]: (row["commission"], row["total_paid"]) for row in rows}
