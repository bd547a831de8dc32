"""The system page: the figures of /metrics, the clock, dead jobs with their buttons."""

import pytest
from django.conf import settings
from django.urls import reverse

from config.metrics import gauges
from resellers import jobs
from tests.factories.marketplace import order_in
from tests.factories.resellers import JobFactory
from tests.marketplace.admin.pages import sentences, url

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:system")


def test_it_shows_every_figure_of_metrics(browser):
    order_in("accepted")
    jobs.run_clock()
    page = browser.get(PAGE)
    shown = {figure.name: dict(figure.rows) for figure in page.context["figures"]}
    assert shown["consign_orders"] == {"accepted": "1"}
    assert shown["consign_ledger_violations"] == {"now": "0"}
    assert shown["consign_outbox"]["clock, done"] == str(
        len(page.context["clock_tasks"])
    )
    names = {gauge.name for gauge in gauges()}
    assert names - shown.keys() == {"consign_clock_last_run_seconds"}


def test_the_clock_is_late_until_it_ran(browser):
    late = [task.is_late for task in browser.get(PAGE).context["clock_tasks"]]
    assert set(late) == {True}
    jobs.run_clock()
    late = [task.is_late for task in browser.get(PAGE).context["clock_tasks"]]
    assert set(late) == {False}


def test_dead_jobs_are_decided_on_the_spot(browser):
    first = JobFactory.create(state="dead")
    second = JobFactory.create(state="dead")
    page = browser.get(PAGE)
    assert list(page.context["dead"]) == [second, first]
    answer = browser.post(url(first, "retry"), {"next": PAGE}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert sentences(answer) == ["The job is queued."]
    facts = {"next": PAGE, "reason": "Wrong address"}
    assert browser.post(url(second, "give-up"), facts).url == PAGE
    assert browser.get(PAGE).context["dead_count"] == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("ready", "given_up")


def test_many_dead_jobs_are_tried_again_at_once(browser):
    made = JobFactory.create_batch(3, state="dead")
    bulk = {"action": "try_again", "_selected_action": [job.pk for job in made]}
    page = browser.post(
        url(made[0].__class__, "changelist"), {**bulk, "index": 0}, follow=True
    )
    assert sentences(page) == ["Queued again: 3."]


def test_whoever_may_only_look_gets_no_button(looking):
    JobFactory.create(state="dead")
    page = looking.get(PAGE)
    assert page.status_code == 200
    assert b"Try again" not in page.content


def test_others_are_refused(client_for, staff, buyer):
    assert client_for(staff).get(PAGE).status_code == 403
    assert client_for(buyer).get(PAGE).status_code in {302, 403}
    assert client_for(staff).post(PAGE).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_it_needs_the_same_queries(browser, rows, django_assert_num_queries):
    browser.get(PAGE)
    JobFactory.create_batch(rows, state="dead")
    with django_assert_num_queries(9 + 2 * len(settings.CLOCK_TASKS)):
        browser.get(PAGE)
