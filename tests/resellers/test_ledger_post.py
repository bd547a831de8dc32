"""Once by key, first status by date, hold and dispute; who may approve."""

import datetime
from typing import Any

import pytest

from resellers import clock, ledger
from resellers.actions import accounts, entries
from resellers.errors import (
    AccountState,
    BalanceNotZero,
    Invalid,
    PostingConflict,
    SecondPersonRequired,
)
from resellers.models import AuditEntry, LedgerEntry
from resellers.money import Money
from tests.factories.resellers import (
    AT,
    AccessKeyFactory,
    AccountFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT):
        yield


@pytest.fixture
def account():
    return AccountFactory()


def earn(account, amount=1000, key="mkt:c1:1:commission", **facts):
    stated = {
        "kind": "earning",
        "component": "commission",
        "source": "marketplace.order",
        "source_ref": "c1",
        "occurred_at": AT,
        "actor": None,
        **facts,
    }
    return ledger.post(account, Money(amount, "USD"), key=key, **stated)


def state(entry):
    entry.refresh_from_db()
    return entry.status, entry.hold_for


def test_the_same_fact_twice_is_one_entry(account):
    first = earn(account)
    again = earn(account, occurred_at=AT + DAY, actor=UserFactory())
    assert (first.replayed, again.replayed) == (False, True)
    assert again.entry == first.entry
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"amount": 999},
        {"component": "base"},
        {"source_ref": "c2"},
        {"source": "import"},
    ],
)
def test_the_same_key_with_other_figures_is_a_conflict(account, other):
    earn(account)
    with pytest.raises(PostingConflict):
        earn(account, **other)
    with pytest.raises(PostingConflict):
        earn(AccountFactory())


def test_zero_posts_nothing(account):
    assert earn(account, 0) == ledger.Posted(None, replayed=False)


@pytest.mark.parametrize("kind", ["payout", "reversal", "netting", "gift"])
def test_only_roots_are_posted(account, kind):
    with pytest.raises(Invalid):
        earn(account, kind=kind)


def test_an_earning_waits_its_days_then_settles_once(account):
    entry = earn(account).entry
    assert state(entry) == ("pending", "")
    assert entries.settle_due(AT + 7 * DAY - datetime.timedelta(microseconds=1)) == 0
    assert entries.settle_due(AT + 7 * DAY) == 1
    assert entries.settle_due(AT + 7 * DAY) == 0
    assert state(entry) == ("approved", "")
    assert AuditEntry.objects.filter(action="ledger.settled").count() == 1


def test_an_old_fact_is_available_at_once(account):
    assert earn(account, occurred_at=AT - 8 * DAY).entry.status == "approved"


def test_a_key_of_a_provider_can_be_the_actor(account):
    key = AccessKeyFactory()
    entry = earn(account, actor=key).entry
    assert (entry.actor, entry.actor_key) == (None, key)


def test_a_dispute_holds_what_is_there_and_what_comes(account):
    first = earn(account).entry
    assert ledger.hold("marketplace.order", "c1", hold_for="dispute", actor=None) == 1
    second = earn(account, key="mkt:c1:2:commission").entry
    assert state(first) == state(second) == ("hold", "dispute")
    moved = ledger.release(
        "marketplace.order",
        "c1",
        hold_for="dispute",
        actor=None,
        available_at=AT + 9 * DAY,
    )
    assert moved == 2
    assert state(first) == ("pending", "")
    assert first.available_at == AT + 9 * DAY


def test_the_earlier_reason_wins_and_only_its_own_hold_is_released(account):
    entry = earn(account).entry
    ledger.hold("marketplace.order", "c1", hold_for="finance", actor=None)
    ledger.hold("marketplace.order", "c1", hold_for="dispute", actor=None)
    ledger.hold("marketplace.order", "c1", hold_for="account", actor=None)
    assert state(entry) == ("hold", "dispute")
    assert (
        ledger.release("marketplace.order", "c1", hold_for="finance", actor=None) == 0
    )
    assert state(entry) == ("hold", "dispute")


def test_reversals_wait_with_their_root(account):
    root = earn(account).entry
    part: Any = ledger.reverse(
        root, key="mkt:c1:1:rev:1", actor=None, occurred_at=AT, refund=Money(10, "USD")
    ).entry
    assert part.status == "pending"
    ledger.hold("marketplace.order", "c1", hold_for="dispute", actor=None)
    assert state(root) == state(part) == ("hold", "dispute")
    rest = ledger.reverse(root, key="mkt:c1:1:rev:2", actor=None, occurred_at=AT).entry
    assert {state(each) for each in (root, part, rest)} == {("reversed", "")}


def test_negative_money_never_waits(account):
    root = earn(account, occurred_at=AT - 8 * DAY).entry
    LedgerEntry.objects.filter(pk=root.pk).update(status="paid")
    debt: Any = ledger.reverse(
        root, key="mkt:c1:1:rev:1", actor=None, occurred_at=AT
    ).entry
    assert debt.status == "approved"
    assert ledger.hold("marketplace.order", "c1", hold_for="dispute", actor=None) == 0
    assert state(debt) == ("approved", "")


def test_the_channel_makes_its_entries_available(account):
    entry = earn(account).entry
    ledger.make_available("marketplace.order", "c1", at=AT, actor=None)
    assert state(entry) == ("approved", "")
    assert entry.available_at == AT


def test_a_held_entry_gets_its_date_but_stays(account):
    entry = earn(account).entry
    ledger.hold("marketplace.order", "c1", hold_for="finance", actor=None)
    ledger.make_available("marketplace.order", "c1", at=AT, actor=None)
    assert state(entry) == ("hold", "finance")


def test_an_account_held_and_released_is_as_if_never_held(account):
    staff = UserFactory()
    waiting = earn(account).entry
    free = earn(account, key="mkt:c0:1:commission", occurred_at=AT - 8 * DAY).entry
    disputed = earn(account, key="mkt:c3:1:commission", source_ref="c3").entry
    ledger.hold("marketplace.order", "c3", hold_for="dispute", actor=None)
    accounts.hold_account(account, reason="Tax papers are missing", actor=staff)
    late = earn(account, key="mkt:c4:1:commission", source_ref="c4").entry
    assert {state(e) for e in (waiting, free, late)} == {("hold", "account")}
    ledger.release("marketplace.order", "c3", hold_for="dispute", actor=None)
    assert state(disputed) == ("hold", "account")
    accounts.release_account(account, reason="Papers came", actor=staff)
    assert [state(e)[0] for e in (waiting, free, late, disputed)] == [
        "pending",
        "approved",
        "pending",
        "pending",
    ]
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["account.held", "account.released"]


def test_only_an_empty_account_is_closed(account):
    staff = UserFactory()
    root = earn(account).entry
    with pytest.raises(BalanceNotZero):
        accounts.close_account(account, reason="Left us", actor=staff)
    ledger.reverse(root, key="mkt:c1:1:fail", actor=None, occurred_at=AT)
    accounts.close_account(account, reason="Left us", actor=staff)
    with pytest.raises(AccountState):
        accounts.hold_account(account, reason="Again", actor=staff)
    late = earn(account, key="mkt:c9:1:commission").entry
    assert state(late) == ("hold", "account")


def test_a_big_adjustment_needs_a_second_person(account):
    author, other = UserFactory(), UserFactory()
    facts = {
        "kind": "adjustment",
        "source": "staff",
        "source_ref": "a1",
        "reason": "goodwill",
        "memo": "Late by a week",
        "actor": author,
    }
    small = earn(account, 10_000, key="adj:small", **facts).entry
    big = earn(account, 10_001, key="adj:big1", **facts).entry
    minus = earn(account, -50_000, key="adj:minus", **facts).entry
    assert [e.status for e in (small, big, minus)] == ["pending", "hold", "approved"]
    with pytest.raises(SecondPersonRequired):
        ledger.release("staff", "a1", hold_for="approval", actor=author)
    ledger.release("staff", "a1", hold_for="approval", actor=other)
    assert state(big) == ("pending", "")


def test_opening_an_account_twice_answers_the_same(django_assert_num_queries):
    facts: dict[str, Any] = {
        "kind": "provider",
        "owner_ref": "ab",
        "code": "PR-ab00",
        "name": "Hosting",
    }
    account = accounts.open_account(**facts, actor=None)
    assert account.hold_days == 7
    assert accounts.open_account(**facts, actor=None) == account
    assert AuditEntry.objects.filter(action="account.opened").count() == 1


def test_an_earning_is_one_look_up_and_one_insert(account, django_assert_num_queries):
    with django_assert_num_queries(4):  # look-up, savepoint, insert, release
        earn(account)
