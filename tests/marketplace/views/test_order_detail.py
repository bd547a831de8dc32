"""`…/orders/<contract_id>`: all about one order, and what a viewer must not see."""

import re
from datetime import timedelta

import pytest

from marketplace.actions import endings, orders, problems
from resellers import jobs
from tests.factories.marketplace import (
    OfferingFactory,
    order_in,
    paid_order,
    placed_order,
)
from tests.marketplace.views.pages import words

pytestmark = pytest.mark.django_db

LIST = "/dashboard/provider/reseller/orders"
HOSTILE = "<script>alert(1)</script>\" onload='x'"
CANARY = "canary-4711"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDFs3hBn4EGZ5WuU4pF6VTWh3Nq4dL1TJ8aF5p1k0QxW"


def url(order) -> str:
    return f"{LIST}/{order.contract_id}"


def acts_in(html: bytes) -> set[str]:
    """The acts a page offers."""
    return set(re.findall(rf'action="{LIST}/\w+/(\w+)"', html.decode()))


@pytest.fixture
def browser_of(client_for, owner):
    return client_for(owner)


# Who


def test_stranger_gets_the_404_of_a_missing_order(client_for, stranger, relationship):
    order, browser = paid_order(relationship), client_for(stranger)
    theirs, missing = browser.get(url(order)), browser.get(f"{LIST}/{'0' * 64}")
    assert theirs.status_code == missing.status_code == 404
    assert theirs.content.replace(order.contract_id.encode(), b"0" * 64) == (
        missing.content
    )


def test_viewer_sees_no_details_and_no_acts(
    client_for, viewer, colleague, relationship
):
    order = order_in("accepted", relationship)
    orders.fulfil_order(
        order,
        external_order_id="SUP-1",
        external_order_details={"password": CANARY},
        actor=None,
    )
    page, seen = (
        client_for(viewer).get(url(order)),
        client_for(colleague).get(url(order)),
    )
    assert CANARY not in page.content.decode()
    assert acts_in(page.content) == set()
    assert CANARY in seen.content.decode()
    assert acts_in(seen.content) == {"details"}


def test_page_with_details_is_never_stored(browser_of, relationship):
    assert "no-store" in browser_of.get(url(paid_order(relationship)))["Cache-Control"]


# What may be done


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        ("placed", {"accept", "fulfill", "purchase", "reject"}),
        ("accepted", {"fulfill", "purchase", "reject"}),
        ("ordered", {"fulfill", "fail"}),
        ("fulfilled", {"details"}),
        ("completed", {"details"}),
        ("rejected", set()),
        ("failed", set()),
        ("expired", set()),
        ("cancelled", set()),
    ],
)
def test_each_state_offers_its_acts(browser_of, relationship, state, acts):
    page = browser_of.get(url(order_in(state, relationship)))
    assert acts_in(page.content) == acts


def test_unpaid_order_can_only_be_rejected(browser_of, relationship):
    page = browser_of.get(url(placed_order(relationship)))
    assert acts_in(page.content) == {"reject"}
    assert "Buy nothing yet" in words(page.content)


# What it says


def test_page_says_what_to_buy_and_what_was_asked_for(browser_of, relationship, clock):
    order = paid_order(
        relationship,
        operating_system="Debian 12",
        ssh_public_key=KEY,
        note="Please name it web-1.",
    )
    page = browser_of.get(url(order))
    sold = order.contract.offering_snapshot
    text = words(page.content)
    assert f"Plan {sold['code']}" in text
    assert "Machine 2 vCPU · 4 GB RAM" in text
    assert "Expected cost 5.77 USD" in text
    assert "Buyer pays 6.35 USD , of which you earn 0.58 USD" in text
    assert "System Debian 12" in text
    assert "Note Please name it web-1." in text
    assert f'data-copy="{KEY}"' in page.content.decode()
    assert f'data-copy="{sold["code"]}"' in page.content.decode()
    assert f'href="{sold["checkout_url"]}" target="_blank" rel="noopener' in " ".join(
        page.content.decode().split()
    )


def test_page_has_receipt_attempts_pick_mails_and_story(browser_of, relationship):
    order = order_in("failed", relationship)
    endings.reopen_order(order, reason="The buyer agrees to wait.", actor=None)
    orders.fulfil_order(order, external_order_id="SUP-2", actor=None)
    text = words(browser_of.get(url(order)).content)
    for part in ["Price receipt", "Attempts 1.", "2.", "Rule pick/1", "Mails"]:
        assert part in text
    assert "The buyer agrees to wait." in text
    assert "Actual cost not recorded Realised margin N/A" in text


def test_mails_show_their_state_and_a_masked_address(browser_of, owner, relationship):
    order = paid_order(relationship)
    jobs.work_once(limit=50)
    text = words(browser_of.get(url(order)).content)
    assert "New paid order sent o…@example.com" in text
    assert owner.email not in text.split("Mails")[-1]


def test_margin_is_total_less_cost_in_one_currency(browser_of, relationship):
    order = paid_order(relationship)
    orders.record_purchase(
        order,
        external_order_id="SUP-3",
        actual_cost_e9s=5_000_000_000,
        actual_cost_currency="USD",
        actor=None,
    )
    assert "Actual cost 5.00 USD Realised margin 1.35 USD" in words(
        browser_of.get(url(order)).content
    )


def test_margin_of_another_currency_is_not_guessed(browser_of, relationship):
    order = paid_order(relationship)
    orders.record_purchase(
        order,
        external_order_id="SUP-3",
        actual_cost_e9s=5_000_000_000,
        actual_cost_currency="EUR",
        actor=None,
    )
    assert "Actual cost 5.00 EUR Realised margin N/A, another currency" in words(
        browser_of.get(url(order)).content
    )


def test_open_order_says_what_a_dearer_supplier_costs(browser_of, relationship):
    offering = OfferingFactory.create(
        provider=relationship.external_provider, monthly_price_e9s=3_490_000_000
    )
    order = paid_order(relationship, offering=offering)
    offering.monthly_price_e9s = 7_130_000_000
    offering.save()
    assert "Supplier now 7.13, frozen base 3.49: buying now loses 3.29 USD." in words(
        browser_of.get(url(order)).content
    )


def test_reported_problem_is_read_in_the_buyers_words(browser_of, relationship):
    order = order_in("fulfilled", relationship)
    problems.report_problem(
        order, text=f"No ping. {HOSTILE}", actor=order.contract.buyer
    )
    page = browser_of.get(url(order))
    assert "The buyer writes: No ping." in words(page.content)
    assert "<script>alert" not in page.content.decode()


def test_story_names_oneself_and_colleagues_but_never_the_buyer(
    client_for, owner, colleague, relationship, buyer
):
    order = paid_order(relationship, buyer=buyer)
    orders.accept_order(order, actor=owner)
    orders.fulfil_order(order, external_order_id="SUP-1", actor=colleague)
    orders.complete_order(order, actor=buyer)
    page = client_for(owner).get(url(order))
    story = words(page.content).split("What happened")[1]
    assert "Rented by a buyer The buyer" in story
    assert "Accepted You" in story
    assert "Delivered o…@example.com" in story
    assert "Completed, earnings available The buyer" in story
    assert buyer.email not in page.content.decode()
    assert "b…@example.com" not in page.content.decode()


def test_texts_of_others_are_escaped(browser_of, relationship):
    offering = OfferingFactory.create(
        provider=relationship.external_provider, offer_name=HOSTILE
    )
    order = paid_order(relationship, offering=offering, note=HOSTILE)
    orders.fulfil_order(
        order,
        external_order_id="SUP-<b>",
        external_order_details={HOSTILE: HOSTILE},
        actor=None,
    )
    page = browser_of.get(url(order)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


# In the queue


def test_opened_row_asks_for_its_panel_alone(browser_of, relationship):
    order = paid_order(relationship)
    panel = browser_of.get(
        url(order),
        headers={"HX-Request": "true", "HX-Target": f"work-{order.contract_id}"},
    )
    assert "<html" not in panel.content.decode()
    assert "queue-item" not in panel.content.decode()
    assert acts_in(panel.content) == {"accept", "fulfill", "purchase", "reject"}
    assert f'hx-target="#order-{order.contract_id}"' in panel.content.decode()
    assert len(panel.content) <= 15_000


@pytest.mark.parametrize("state", ["placed", "fulfilled", "failed"])
def test_queries_are_constant(
    browser_of, relationship, state, django_assert_num_queries, clock
):
    order = order_in(state, relationship)
    clock.shift(timedelta(minutes=1))
    browser_of.get(url(order))
    with django_assert_num_queries(8):
        browser_of.get(url(order))
