"""The whole loop as people click it: the same cents everywhere, with and without script.

Source: 1-product, "the closed loop"; 4-marketplace, section 13, 1.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.amounts import (
    amounts,
    amounts_in,
    caller,
    csv_rows,
    download,
    ledger_entries,
    mail_about,
    receipt,
)
from tests.browser.visitor import click_person
from tests.servers import Server

pytestmark = pytest.mark.browser

DASHBOARD = "/dashboard/provider/reseller"
PASSWORD = "a sample, not a secret"  # what the buyer is to see, and nobody else


@dataclass
class Loop:
    """One walk: who sells what at which percent, and every amount seen on the way."""

    role: str
    seller: str
    domain: str
    supplier: str
    percent: int
    script: bool
    server: Server
    demo: dict[str, Any]
    open_page: Callable[..., Page]
    seen: dict[str, list[str]] = field(default_factory=dict)
    contract_id: str = ""

    def person(self, role: str) -> Page:
        page = self.visitor()
        page.goto(f"{self.server.url}/marketplace")
        click_person(page, role)
        return page

    def visitor(self) -> Page:
        return self.open_page(java_script_enabled=self.script)

    def go(self, page: Page, path: str) -> None:
        page.goto(self.server.url + path)

    def key(self, role: str) -> Callable[[str], Any]:
        return caller(self.server, self.demo["accounts"][role]["key"])

    def external_order_id(self) -> str:
        return f"LOOP-{self.contract_id[:10]}"


WALKS = [
    pytest.param(
        ("provider", "Nimbus Resale", "ovh.com", "OVH", 17, True), id="script"
    ),
    pytest.param(
        ("provider_other", "Alto Hosting", "contabo.com", "Contabo", 5, False),
        id="no script",
    ),
]


@pytest.mark.parametrize("walk", WALKS)
def test_same_cents_from_the_card_to_the_books(walk, consign, demo, open_page):
    role, seller, domain, supplier, percent, script = walk
    loop = Loop(
        role=role,
        seller=seller,
        domain=domain,
        supplier=supplier,
        percent=percent,
        script=script,
        server=consign,
        demo=demo,
        open_page=open_page,
    )
    selling = loop.person(loop.role)
    earned_before = earned(loop, selling)
    become_reseller(loop, selling)
    visiting = loop.visitor()
    compare(loop, visiting)
    rent(loop, visiting)
    deliver(loop, selling)
    confirm(loop, visiting)
    earnings = earned(loop, selling) - earned_before
    ask_the_api(loop)
    read_the_files(loop, selling)
    read_the_mails(loop)
    base, commission, total = loop.seen["preview"]
    exact = Decimal(base) * loop.percent / 100
    assert abs(Decimal(commission) - exact) <= Decimal("0.005")
    assert Decimal(total) == Decimal(base) + Decimal(commission)
    assert loop.seen == {place: [base, commission, total] for place in loop.seen}
    assert len(loop.seen) == 13
    assert earnings == Decimal(commission)
    assert ledger_entries(consign, loop.contract_id) == [
        ["base", minor(base), "USD", "approved"],
        ["commission", minor(commission), "USD", "approved"],
    ]
    for command in ("verify_ledger", "replay_prices"):
        told = consign.manage(command)
        assert told.returncode == 0, told.stdout + told.stderr


def minor(amount: str) -> int:
    return int(Decimal(amount) * 100)


def earned(loop: Loop, page: Page) -> Decimal:
    """What stands under Earned, in dollars."""
    loop.go(page, DASHBOARD)
    cell = page.locator("td[data-label=Earned]").first
    return Decimal(amounts_in(cell)[0])


def become_reseller(loop: Loop, page: Page) -> None:
    """Try a mark-up, read what buyers would pay, and take it."""
    card = page.locator("li.supplier", has_text=loop.domain)
    card.locator("summary", has_text="Become reseller").click()
    if not loop.script:
        preview_without_script(loop, page, card)
    card.get_by_label("Mark-up", exact=True).fill(str(loop.percent))
    if loop.script:
        loop.seen["preview"] = preview(loop, page)
    card.get_by_role("button", name="Become reseller").click()
    expect(page.get_by_text(f"You now resell {loop.supplier}.").first).to_be_visible()
    card = page.locator("li.supplier", has_text=loop.domain)
    expect(card).to_contain_text(f"+{loop.percent} %")


def preview(loop: Loop, page: Page) -> list[str]:
    """Base, commission and total of the cheapest offering at the loop's percent."""
    expect(page.get_by_text(f"At +{loop.percent} %").first).to_be_visible()
    line = page.get_by_text("Buyers pay").filter(has_text="you earn").first
    total, commission, base = amounts_in(line)
    return [base, commission, total]


def preview_without_script(loop: Loop, page: Page, card: Locator) -> None:
    card.get_by_role("link", name="See what buyers would pay").click()
    page.get_by_label("Mark-up").fill(str(loop.percent))
    page.get_by_role("button", name="Preview").click()
    loop.seen["preview"] = preview(loop, page)
    loop.go(page, DASHBOARD)
    card.locator("summary", has_text="Become reseller").click()


def compare(loop: Loop, page: Page) -> None:
    """Find the cheapest offer of the seller; read its card, its row and its receipt."""
    base, commission, _ = loop.seen["preview"]
    loop.go(page, "/marketplace")
    page.get_by_label("Seller").select_option(label=loop.seller)
    page.get_by_label("Provider").select_option(label=loop.supplier)
    if not loop.script:
        page.get_by_role("button", name="Search").click()
    page.wait_for_url("**seller=**")
    card = page.locator(".offering").first
    badge = f"Via {loop.seller} +{loop.percent} %"
    expect(card.locator(".badge").first).to_have_text(badge)
    loop.seen["card"] = [base, commission, amounts_in(card.locator(".price"))[0]]
    card.get_by_role("link").first.click()
    row = page.locator("tbody", has=page.get_by_role("rowheader", name=loop.seller))
    split = amounts(row.locator("td.amount .note").inner_text())
    loop.seen["offer"] = [*split, amounts_in(row.locator(".price"))[0]]
    row.locator("summary", has_text="Price receipt").click()
    loop.seen["offer's receipt"] = in_order(receipt(row))
    page.locator("summary", has_text="Why this reseller?").first.click()
    why = page.locator("details[open]", has_text="Why this reseller?").locator("li")
    expect(why.first).to_be_visible()


def in_order(lines: dict[str, str]) -> list[str]:
    """Base, commission and total of a receipt without a set-up fee."""
    return [lines["Monthly"], lines["Mark-up"], lines["Total"]]


def rent(loop: Loop, page: Page) -> None:
    """Press rent as a visitor, sign in, come back, pay by test: there is a contract."""
    total = loop.seen["preview"][2]
    page.get_by_role("link", name=f"Rent from {loop.seller}").click()
    sign_in_here(loop, page)
    page.wait_for_url("**/rent?seller=**")
    loop.seen["rent form's receipt"] = in_order(receipt(page.locator(".receipt")))
    page.get_by_label("Operating system").select_option(index=1)
    page.get_by_label("Note to the seller").fill("Please open port 443.")
    page.get_by_label("Test payment").check()
    button = page.get_by_role("button", name="Rent for")
    assert button.inner_text() == f"Rent for {total} USD"
    button.click()
    page.wait_for_url("**/contracts/*")
    loop.contract_id = page.url.rsplit("/", 1)[1]
    loop.seen["contract's receipt"] = in_order(receipt(page.locator(".receipt")))


def sign_in_here(loop: Loop, page: Page) -> None:
    """With the form of the page that asked."""
    buyer = loop.demo["accounts"]["buyer"]
    page.get_by_label("E-mail").fill(buyer["email"])
    page.get_by_label("Password", exact=True).fill(buyer["password"])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def deliver(loop: Loop, page: Page) -> None:
    """Find the order in the queue, accept it, buy, and fulfil it with access data."""
    base = loop.seen["preview"][0]
    loop.go(page, f"{DASHBOARD}/orders")
    row = page.locator(f"#order-{loop.contract_id}")
    told = amounts(row.locator("summary").first.inner_text())
    loop.seen["queue"] = [base, *sorted(told, key=Decimal)]
    row.locator("summary").first.click()
    if not loop.script:
        row.get_by_role("link", name="Open order").click()
        row = page.locator("#order-panel")
    expect(row).to_contain_text("Please open port 443.")
    row.get_by_role("button", name="Accept order").click()
    expect(page.get_by_text("Order accepted.").first).to_be_visible()
    row.get_by_label("External order id").first.fill(loop.external_order_id())
    row.get_by_label("What it cost you").first.fill(base)
    row.get_by_label("Host or address").fill("192.0.2.77")
    row.get_by_label("User name").fill("root")
    row.get_by_label("Password").fill(PASSWORD)
    row.get_by_role("button", name="Fulfil order").click()
    said = "Order fulfilled. The buyer has been told."
    expect(page.get_by_text(said).first).to_be_visible()
    loop.go(page, f"{DASHBOARD}/orders/{loop.contract_id}")
    loop.seen["order's receipt"] = in_order(receipt(page.locator(".receipt")))


def confirm(loop: Loop, page: Page) -> None:
    """The buyer opens the access data and says that it works."""
    loop.go(page, "/contracts")
    page.locator(f"a[href$='{loop.contract_id}']").first.click()
    secret = page.get_by_text(PASSWORD)
    expect(secret).to_be_hidden()
    page.locator("summary", has_text="Show access data").click()
    expect(secret).to_be_visible()
    expect(page.get_by_text("192.0.2.77")).to_be_visible()
    page.get_by_role("button", name="It works").click()
    expect(page.get_by_role("button", name="It works")).to_have_count(0)


def ask_the_api(loop: Loop) -> None:
    base, commission, _ = loop.seen["preview"]
    reseller, buyer = loop.key(loop.role), loop.key("buyer")
    order = reseller(f"/api/v1/reseller/orders/{loop.contract_id}")
    loop.seen["API: order"] = [
        order["base_price"],
        order["commission"],
        order["total_paid"],
    ]
    assert order["external_order_id"] == loop.external_order_id()
    assert order["commission_e9s"] == minor(commission) * 10_000_000
    offers = buyer(f"/api/v1/offerings/{order['offering_id']}/offers")
    rows = offers["results"] if isinstance(offers, dict) else offers
    offer = next(row for row in rows if row["reseller_name"] == loop.seller)
    loop.seen["API: offer"] = [offer["base"], offer["commission"], offer["total"]]
    earnings = reseller("/api/v1/reseller/earnings")[0]["providers"]
    earned_e9s = {row["name"]: row["commission_e9s"] for row in earnings}
    assert earned_e9s[loop.supplier] == order["commission_e9s"]
    contract = buyer(f"/api/v1/contracts/{loop.contract_id}")
    loop.seen["API: contract"] = [base, commission, contract["total"]]


def read_the_files(loop: Loop, page: Page) -> None:
    rows = csv_rows(download(page, f"{loop.server.url}{DASHBOARD}/orders.csv"))
    row = next(row for row in rows if row["contract_id"] == loop.contract_id)
    loop.seen["CSV"] = [row["base_price"], row["commission"], row["total_paid"]]
    assert PASSWORD not in str(rows)
    rows = csv_rows(download(page, f"{loop.server.url}{DASHBOARD}/earnings.csv"))
    own = [row["commission"] for row in rows if loop.supplier in row.values()]
    assert own == [loop.seen["preview"][1]]  # the first order there ever was


def read_the_mails(loop: Loop) -> None:
    total = loop.seen["preview"][2]
    new = mail_about(loop.server, "New order:", loop.contract_id)
    paid, base, commission = amounts(new)
    loop.seen["mail to the reseller"] = [base, commission, paid]
    received = mail_about(loop.server, "Payment received:", loop.contract_id)
    assert amounts(received) == [total]
    delivered = mail_about(loop.server, "Delivered:", loop.contract_id)
    assert PASSWORD not in delivered
