"""Counters that all processes share, and the shares one process takes."""

import pytest
from django.utils import timezone

from config import counters
from config.models import Counter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_shares(clock):
    counters.forget_shares()
    yield
    counters.forget_shares()


def test_hit_refuses_after_the_limit_until_the_window_ends(clock):
    hits = [counters.hit("tries", 2, 60) for _ in range(3)]
    assert [(hit.allowed, hit.remaining) for hit in hits] == [
        (True, 1),
        (True, 0),
        (False, 0),
    ]
    assert hits[-1].retry_after == 60
    clock.shift(60)
    assert counters.hit("tries", 2, 60).allowed


def test_names_and_windows_count_apart():
    counters.hit("a", 1, 60)
    assert counters.hit("b", 1, 60).allowed
    assert Counter.objects.count() == 2


def test_hit_given_back_can_be_used_again():
    counters.hit("tries", 1, 60)
    counters.give_back("tries", 60)
    assert counters.hit("tries", 1, 60).allowed
    for _ in range(3):
        counters.give_back("nobody", 60)


def test_cleared_counter_starts_again():
    counters.hit("tries", 1, 60)
    counters.clear("tries")
    assert counters.hit("tries", 1, 60).allowed


def test_shares_of_several_processes_never_pass_the_limit():
    """Each `forget_shares` stands for another process: what it held is lost."""
    passed = 0
    for _ in range(40):
        passed += sum(counters.take("calls", 100, 60).allowed for _ in range(3))
        counters.forget_shares()
    assert passed <= 100
    assert not counters.take("calls", 100, 60).allowed


def test_share_costs_one_statement_for_a_fiftieth_of_the_limit(
    django_assert_num_queries,
):
    with django_assert_num_queries(5):
        hits = [counters.take("calls", 200, 60) for _ in range(20)]
    assert all(hit.allowed for hit in hits)
    assert [hit.remaining for hit in hits[:2]] == [199, 198]


def test_share_ends_with_its_window(clock):
    counters.take("calls", 50, 60)
    clock.shift(60)
    assert counters.take("calls", 50, 60).remaining == 49


def test_old_windows_are_purged(clock):
    counters.hit("old", 1, 60)
    clock.shift(3 * 86_400)
    counters.hit("new", 1, 60)
    assert counters.purge_counters(timezone.now()) == "1 counters"
    assert [row.name for row in Counter.objects.all()] == ["new"]
