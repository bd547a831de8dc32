"""A problem holds the money and stops the clock; the buyer's words stay private."""

from datetime import timedelta

import pytest

from marketplace import errors
from marketplace.actions import clock as order_clock
from marketplace.actions import endings, orders, problems
from marketplace.models import ResellerOrder
from resellers import clock
from resellers.models import LedgerEntry
from tests.factories.marketplace import WHY, order_in
from tests.marketplace.ledgers import last_entry, mails, posted, trail

pytestmark = pytest.mark.django_db

TEXT = "The password canary-5e2b does not work."


@pytest.fixture
def order(relationship, buyer):
    return order_in("fulfilled", relationship, buyer=buyer)


def report(order, text=TEXT):
    return problems.report_problem(order, text=text, actor=order.contract.buyer)


def test_a_problem_holds_both_entries(order):
    done = report(order)

    assert [row[3:] for row in posted(done)] == [("hold", "dispute")] * 2
    assert (done.state, done.completion_due_at) == ("fulfilled", None)
    assert done.contract.problem_open
    number = last_entry(done).pk
    assert mails(done)[-2:] == [
        f"problem_reported:1.{number}",
        f"staff_problem:1.{number}",
    ]
    entry = last_entry(done)
    assert entry.action == "problem.reported"
    assert "canary" not in str((entry.before, entry.after, entry.reason))


def test_nothing_completes_while_a_problem_is_open(order):
    report(order)

    with pytest.raises(errors.ProblemOpen):
        orders.complete_order(order, actor=order.contract.buyer)
    order_clock.run_deadlines(clock.now() + timedelta(days=30))

    order.refresh_from_db()
    assert order.state == "fulfilled"


def test_another_text_while_one_is_open_is_refused(order):
    report(order)
    before = (trail(order), mails(order))

    with pytest.raises(errors.ProblemOpen):
        report(order, "Something else is wrong, too.")
    assert (trail(order), mails(order)) == before


def test_resolving_starts_the_seven_days_anew(order, staff):
    report(order)
    later = clock.now() + timedelta(days=5)

    with clock.at(later):
        done = problems.resolve_problem(order, note="Works again", actor=staff)

    due_at = later + timedelta(days=7)
    assert done.completion_due_at == due_at
    assert not done.contract.problem_open
    assert [row[3:] for row in posted(done)] == [("pending", "")] * 2
    assert set(LedgerEntry.objects.values_list("available_at", flat=True)) == {due_at}
    entry = last_entry(done)
    assert (entry.action, entry.reason, entry.actor) == (
        "problem.resolved",
        "Works again",
        staff,
    )


def test_a_second_problem_is_told_again(order, staff):
    report(order)
    problems.resolve_problem(order, note="Works again", actor=staff)

    report(order)

    told = [mail for mail in mails(order) if mail.startswith("staff_problem")]
    assert len(told) == len(set(told)) == 2


def test_failing_ends_the_problem_and_reverses_what_is_held(order, staff):
    report(order)

    done = endings.fail_order(order, reason_code="other", reason=WHY, actor=staff)

    assert [row[2:] for row in posted(done)] == [
        (577, "reversed", ""),
        (58, "reversed", ""),
        (-577, "reversed", ""),
        (-58, "reversed", ""),
    ]
    assert not done.contract.problem_open


@pytest.mark.parametrize("length", [0, 9, 2001])
def test_a_problem_has_10_to_2000_characters(length, order):
    with pytest.raises(errors.TextRequired):
        report(order, "x" * length)


def test_it_works_makes_both_entries_available(order, buyer):
    done = orders.complete_order(order, actor=buyer)

    assert [row[3] for row in posted(done)] == ["approved", "approved"]
    assert (done.state, done.completed_at is not None) == ("completed", True)
    assert last_entry(done).action == "order.completed"
    assert ResellerOrder.objects.get().contract.status() == "delivered"
