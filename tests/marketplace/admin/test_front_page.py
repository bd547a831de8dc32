"""The staff's front page: what waits, how much, by when, and where to."""

from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.actions import problems
from resellers import clock, jobs
from resellers.desk.tasks import StaffTask
from tests.factories.marketplace import (
    OfferingFactory,
    order_in,
    paid_order,
    rented,
)
from tests.factories.resellers import JobFactory
from tests.marketplace.admin.pages import allow

pytestmark = pytest.mark.django_db

LABELS = [
    "Invoices to match",
    "Refunds to send",
    "Orders overdue",
    "Problems open",
    "Failed mails",
    "Other failed jobs",
    "Ledger check",
]


def tasks(client) -> dict[str, StaffTask]:
    page = client.get(reverse("admin:index"))
    assert page.status_code == 200
    return {task.label: task for task in page.context["tasks"]}


def counts(client) -> list[int]:
    found = tasks(client)
    return [found[label].count for label in LABELS]


def checked(note: str, ago: timedelta = timedelta(0)):
    """A finished verification of the books."""
    return JobFactory.create(
        kind="clock",
        key=f"clock:verify_ledger:{note}",
        state="done",
        note=note,
        finished_at=clock.now() - ago,
    )


def test_a_quiet_day(browser):
    checked("violations=0 rows=5")
    assert counts(browser) == [0] * 7


def test_what_waits_is_counted_with_money_and_time(
    browser, relationship, time_machine_at
):
    invoice = rented(relationship)
    yen = OfferingFactory.create(
        provider=relationship.external_provider,
        currency="JPY",
        monthly_price_e9s=999 * 10**9,
    )
    rented(relationship, offering=yen)
    order_in("rejected", relationship)
    late = order_in("ordered", relationship)
    broken = order_in("fulfilled", relationship)
    problems.report_problem(
        broken, text="It does not answer.", actor=broken.contract.buyer
    )
    JobFactory.create(state="dead", kind="mail", key="mail:order_new:1:1")
    JobFactory.create(state="dead", kind="list_prices", key="list_prices:1")
    time_machine_at.shift(49 * 3600)
    checked("violations=2 rows=5")
    assert counts(browser) == [2, 1, 1, 1, 1, 1, 2]
    found = tasks(browser)
    assert found["Invoices to match"].amounts == ("1,099 JPY", "6.35 USD")
    assert found["Invoices to match"].moment == invoice.payment.due_at
    assert found["Refunds to send"].amounts == ("6.35 USD",)
    late.refresh_from_db()
    assert found["Orders overdue"].moment == late.fulfil_by


@pytest.fixture
def time_machine_at(clock):
    """The frozen clock, under a name that does not hide the module."""
    return clock


def test_every_task_leads_to_its_rows(browser, relationship):
    rented(relationship)
    order_in("rejected", relationship)
    JobFactory.create(state="dead", kind="mail", key="mail:order_new:1:1")
    for task in tasks(browser).values():
        page = browser.get(task.url)
        assert page.status_code == 200, task.label
        if "cl" in (page.context or {}):
            assert page.context["cl"].result_count == task.count, task.label


def test_a_ledger_that_nobody_checks_is_said(browser):
    task = tasks(browser)["Ledger check"]
    assert (task.count, task.count_words) == (1, "never")
    checked("violations=0 rows=5", ago=timedelta(hours=3))
    task = tasks(browser)["Ledger check"]
    assert (task.count, task.count_words) == (1, "late")


def test_the_real_check_is_understood(browser):
    jobs.run_clock()
    assert tasks(browser)["Ledger check"].count == 0


def test_people_see_the_tasks_they_have_a_right_to(client_for, staff):
    allow(staff, "view_payment")
    assert list(tasks(client_for(staff))) == LABELS[:2]


def test_own_deeds_are_listed_for_whoever_reads_the_trail(browser, client_for, editor):
    order = paid_order()
    client_for(editor).post(
        reverse("admin:marketplace_resellerorder_accept", args=[order.pk])
    )
    page = client_for(editor).get(reverse("admin:index"))
    (own,) = page.context["own"]
    assert (own.title, own.about) == (
        "Order accepted",
        f"order {order.contract_id[:8]}",
    )
    assert browser.get(reverse("admin:index")).context["own"] == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_front_page_needs_the_same_queries(
    browser, relationship, rows, django_assert_num_queries
):
    browser.get(reverse("admin:index"))
    for _ in range(rows):
        order_in("rejected", relationship)
        rented(relationship)
    with django_assert_num_queries(11):
        browser.get(reverse("admin:index"))
