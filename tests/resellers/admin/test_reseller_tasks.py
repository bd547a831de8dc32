"""What waits for staff: applicants and unanswered sales, counted, with a way to them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from resellers import clock
from resellers.desk.tasks import StaffTask
from tests.factories.profiles import ResellerFactory, SaleFactory
from tests.resellers.people import plain_staff

pytestmark = pytest.mark.django_db

LABELS = [
    "Applicants",
    "Sales of nobody's customer",
    "Sales without a rate",
    "Refunds without their sale",
]


def tasks(browser) -> dict[str, StaffTask]:
    page = browser.get(reverse("admin:index"))
    return {task.label: task for task in page.context["tasks"]}


def waiting(ago: timedelta, **facts) -> None:
    at = clock.now() - ago
    SaleFactory.create(
        kind="refunded",
        outcome="waiting",
        customer_ref="",
        sale_key=f"not-here-{ago.total_seconds()}",
        received_at=at,
        occurred_at=at,
        **facts,
    )


@pytest.fixture
def waits(db):
    now = clock.now()
    for days in (2, 5):
        ResellerFactory.create(
            status="applicant", status_changed_at=now - timedelta(days=days)
        )
    ResellerFactory.create()
    for days in (1, 4, 9):
        SaleFactory.create(received_at=now - timedelta(days=days))
    SaleFactory.create(outcome="no_rate", received_at=now - timedelta(hours=1))
    waiting(timedelta(days=3, seconds=1))
    waiting(timedelta(days=8))
    waiting(timedelta(days=2, hours=23))


def test_what_waits_is_counted_since_when(looking, waits):
    found = tasks(looking)
    now = clock.now()
    told = [(found[label].count, found[label].moment) for label in LABELS]
    assert told == [
        (2, now - timedelta(days=5)),
        (3, now - timedelta(days=9)),
        (1, now - timedelta(hours=1)),
        (2, now - timedelta(days=8)),
    ]


def test_each_leads_to_its_rows(looking, waits):
    for label in LABELS:
        task = tasks(looking)[label]
        page = looking.get(task.url)
        assert page.status_code == 200, label
        assert len(page.context["cl"].result_list) == task.count, label


def test_a_quiet_day(looking):
    found = tasks(looking)
    assert [(found[label].count, found[label].moment) for label in LABELS] == [
        (0, None)
    ] * 4


def test_they_are_for_whoever_may_look(client_for, waits):
    assert set(LABELS) & set(tasks(client_for(plain_staff()))) == set()
