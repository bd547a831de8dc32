"""The queue in a real browser: ten orders without the mouse, news, late acts."""

import pytest
from playwright.sync_api import expect

from marketplace.actions import orders, problems
from marketplace.models import ResellerOrder
from tests.browsing import violations
from tests.factories.marketplace import paid_order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

URL = "/dashboard/provider/reseller/orders"


def row(page, order):
    return page.locator(f"#order-{order.contract_id}")


def settled(page) -> None:
    """What was swapped in listens by now."""
    expect(page.locator(".htmx-added, .htmx-request")).to_have_count(0)


def states() -> list[str]:
    return sorted(ResellerOrder.objects.values_list("state", flat=True))


def test_ten_orders_are_cleared_without_the_mouse(page_of, owner, relationship):
    made = [paid_order(relationship) for _ in range(10)]
    page = page_of(owner, URL)
    press = page.keyboard.press
    for number, order in enumerate(made):
        here = row(page, order)
        press("j")
        expect(here.locator("summary").first).to_be_focused()
        press("Enter")
        expect(here.get_by_role("button", name="Accept order")).to_be_visible()
        settled(page)
        press("a")
        expect(here.get_by_text("Order accepted.")).to_be_visible()
        settled(page)
        expect(here.locator("summary").first).to_be_focused()
        press("f")
        expect(here.get_by_label("External order id").first).to_be_focused()
        page.keyboard.type(f"HZN-{number}")
        for _ in range(3):
            press("Tab")
        page.keyboard.type(f"192.0.2.{number}")
        press("Enter")
        expect(here.get_by_text("Order fulfilled.")).to_be_visible()
        settled(page)
        expect(here.locator("summary").first).to_be_focused()
    assert states() == ["fulfilled"] * 10
    assert set(
        ResellerOrder.objects.values_list("external_order_details__host", flat=True)
    ) == {f"192.0.2.{number}" for number in range(10)}
    press("k")
    expect(row(page, made[8]).locator("summary").first).to_be_focused()


def test_keys_help_search_leave_and_open(page_of, owner, relationship):
    order = paid_order(relationship)
    page = page_of(owner, URL)
    press = page.keyboard.press
    press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    press("/")
    expect(page.get_by_label("Contract or external order id")).to_be_focused()
    press("Tab")  # the supplier
    press("Tab")  # the first row
    press("j")
    press("Enter")
    here = row(page, order)
    expect(here.get_by_role("button", name="Accept order")).to_be_visible()
    settled(page)
    press("r")
    expect(here.get_by_label("What the buyer should know")).to_be_visible()
    here.get_by_label("What the buyer should know").focus()
    press("Escape")
    expect(here.get_by_label("What the buyer should know")).to_be_hidden()
    press("Escape")
    expect(here.locator("summary").first).to_be_focused()
    press("o")
    page.wait_for_url(f"**{URL}/{order.contract_id}")
    page.go_back()
    expect(row(page, order)).to_be_visible()


def test_reading_again_keeps_what_is_open_and_typed(
    page_of, owner, relationship, live_server
):
    first, second = paid_order(relationship), paid_order(relationship)
    page = page_of(owner, URL)
    row(page, first).locator("summary").first.click()
    row(page, first).get_by_text("Fulfil at once").click()
    settled(page)
    field = row(page, first).get_by_label("External order id").first
    field.fill("HZN-typed")
    orders.accept_order(second, actor=None)
    newer = paid_order(relationship)
    read_again(page)

    expect(page.get_by_text("1 more order is here.").first).to_be_visible()
    expect(row(page, second).get_by_text("Accepted")).to_be_visible()
    expect(page.locator("#tab-needs-action")).to_contain_text("3")
    expect(field).to_be_focused()
    expect(field).to_have_value("HZN-typed")
    expect(row(page, newer)).to_have_count(0)
    page.get_by_role("link", name="Show the list as it is now").click()
    expect(row(page, newer)).to_be_visible()


def read_again(page) -> None:
    """What happens every minute."""
    with page.expect_response(lambda answer: "rows=" in answer.url):
        page.evaluate(
            "document.querySelector('#order-news')"
            ".dispatchEvent(new Event('read-again'))"
        )


def test_late_act_shows_the_reason_and_what_was_typed(page_of, owner, relationship):
    order = paid_order(relationship)
    page = page_of(owner, URL)
    here = row(page, order)
    here.locator("summary").first.click()
    here.get_by_text("Fulfil at once").click()
    settled(page)
    here.get_by_label("External order id").first.fill("HZN-late")
    here.get_by_label("Host or address").fill("192.0.2.9")
    orders.fulfil_order(order, external_order_id="HZN-first", actor=None)
    here.get_by_role("button", name="Fulfil order").click()

    expect(here.get_by_role("alert")).to_be_focused()
    expect(here.get_by_role("alert")).to_contain_text("Somebody was faster")
    expect(here.locator("summary").first).to_contain_text("Delivered")
    here.get_by_text("What you typed").click()
    expect(here.get_by_text("HZN-late")).to_be_visible()


def test_every_act_works_without_script(page_of, owner, relationship):
    order = paid_order(relationship)
    page = page_of(owner, URL, java_script_enabled=False)
    row(page, order).locator("summary").first.click()
    row(page, order).get_by_role("link", name="Open order").click()
    page.get_by_role("button", name="Accept order").click()
    expect(page.get_by_text("Order accepted.")).to_be_visible()
    page.get_by_label("External order id").first.fill("HZN-1")
    page.get_by_role("button", name="Fulfil order").click()
    expect(page.get_by_role("alert")).to_contain_text("The buyer will see no access")
    page.get_by_label("Deliver without access data").check()
    page.get_by_role("button", name="Fulfil order").click()
    expect(page.get_by_text("Order fulfilled.")).to_be_visible()
    assert states() == ["fulfilled"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_queue_and_order_are_accessible(page_of, owner, relationship, scheme, width):
    order, faulty = paid_order(relationship, note="Name it web-1."), None
    faulty = paid_order(relationship)
    orders.fulfil_order(
        faulty,
        external_order_id="SUP-1",
        external_order_details={"host": "192.0.2.1"},
        actor=None,
    )
    problems.report_problem(faulty, text="No answer.", actor=faulty.contract.buyer)
    page = page_of(owner, URL, width=width, color_scheme=scheme)
    for here in (row(page, order), row(page, faulty)):
        here.locator("summary").first.click()
        expect(here.get_by_text("What the buyer asked for")).to_be_visible()
    row(page, order).get_by_text("Fulfil at once").click()
    row(page, order).locator("summary", has_text="Reject").click()
    assert violations(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide == width
    page.goto(f"{page.url}/{order.contract_id}")
    assert violations(page) == []
