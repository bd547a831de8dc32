"""Months of an account: each entry once, openings that follow closings."""

from datetime import UTC, datetime, timedelta

import pytest

from resellers import clock, statements
from resellers.models import LedgerEntry
from resellers.money import Money
from resellers.statements import InvalidPeriod
from tests.factories.profiles import ResellerFactory
from tests.factories.resellers import LedgerEntryFactory
from tests.resellers.earning import customer, follow, record

pytestmark = pytest.mark.django_db


def on(day: str, hour: str = "09:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}:00+00:00")


NOW = on("2026-05-20")


def usd(amount: int) -> Money:
    return Money(amount, "USD")


@pytest.fixture
def account():
    """Earned in March, refunded and paid in April, nothing in May."""
    referral = customer()
    with clock.at(on("2026-03-02")):
        record("inv-1", occurred_at=on("2026-03-02"))
        record("inv-2", occurred_at=on("2026-03-02"))
    with clock.at(on("2026-04-05")):
        follow("r-1", "refunded", "inv-1", 1300, occurred_at=on("2026-04-05"))
        left(referral.reseller.account, -1008)
    return referral.reseller.account


def left(account, amount, kind="payout", **facts):
    """What leaves has no action of its own yet."""
    now = clock.now()
    return LedgerEntryFactory.create(
        account=account,
        amount_minor=amount,
        kind=kind,
        status="paid" if kind == "payout" else "approved",
        source="resellers.payout",
        occurred_at=now,
        available_at=now,
        posted_at=now,
        **facts,
    )


def sums(statement: statements.Statement) -> tuple[int, ...]:
    names = ["opening", *statements.PARTS, "closing"]
    return tuple(getattr(statement, name).amount for name in names)


def test_months_chain_from_opening_to_closing(account):
    may, april, march = statements.statements(account, NOW)

    assert [may.month, april.month, march.month] == ["2026-05", "2026-04", "2026-03"]
    #                  opening  earned  reversed adjusted  paid  returned closing
    assert sums(march) == (0, 2016, 0, 0, 0, 0, 2016)
    assert sums(april) == (2016, 0, -202, 0, -1008, 0, 806)
    assert sums(may) == (806, 0, 0, 0, 0, 0, 806)
    assert [each.entry_count for each in (march, april, may)] == [2, 2, 0]
    assert [each.is_open for each in (march, april, may)] == [False, False, True]
    assert april.number == f"{account.code}/2026-04/USD"
    assert (april.starts_at, april.ends_at) == (
        datetime(2026, 4, 1, tzinfo=UTC),
        datetime(2026, 5, 1, tzinfo=UTC),
    )


def test_the_last_closing_is_the_balance(account):
    newest = statements.statements(account, NOW)[0]
    posted = LedgerEntry.objects.for_account(account)
    assert newest.closing == usd(sum(posted.values_list("amount_minor", flat=True)))


def test_a_month_takes_what_was_posted_in_it_not_what_happened(account):
    with clock.at(on("2026-05-02")):
        record("late", occurred_at=on("2026-03-31"))
    months = {each.month: each for each in statements.statements(account, NOW)}
    assert (months["2026-03"].earned, months["2026-05"].earned) == (
        usd(2016),
        usd(1008),
    )


def test_each_entry_stands_in_exactly_one_month(account):
    found = [
        entry.pk
        for statement in statements.statements(account, NOW)
        for entry in statements.entries_of(account, statement.month)
    ]
    own = LedgerEntry.objects.for_account(account)
    assert sorted(found) == sorted(own.values_list("pk", flat=True))


def test_months_are_those_of_the_accounts_zone(account):
    """21:30 UTC on 31 May is June in Kyiv: the summer there is three hours ahead."""
    account.zone = "Europe/Kyiv"
    with clock.at(on("2026-05-31", "20:59")):
        record("may", occurred_at=on("2026-05-31", "20:59"))
    with clock.at(on("2026-05-31", "21:00")):
        record("june", occurred_at=on("2026-05-31", "20:00"))
    june, may = statements.statements(account, on("2026-06-10"))[:2]

    assert (june.month, june.earned, may.earned) == ("2026-06", usd(1008), usd(1008))
    assert june.starts_at == on("2026-05-31", "21:00")
    assert may.ends_at == june.starts_at
    (entry,) = statements.entries_of(account, "2026-06")
    assert entry.key == "sale:june"


def test_currencies_stay_apart(account):
    with clock.at(on("2026-04-06")):
        record("inv-3", 10_000, "KWD", occurred_at=on("2026-04-06"))
    april = [s for s in statements.statements(account, NOW) if s.month == "2026-04"]
    assert [(each.currency, each.closing.amount) for each in april] == [
        ("KWD", 1550),
        ("USD", 806),
    ]


def test_a_month_without_entries_and_balance_has_no_statement(account):
    with clock.at(on("2026-05-01")):
        left(account, -806)
    found = statements.statements(account, on("2026-08-15"))
    assert [each.month for each in found] == ["2026-05", "2026-04", "2026-03"]


def test_a_returned_payout_and_an_adjustment_have_sums_of_their_own(account):
    with clock.at(on("2026-05-03")):
        left(account, 1008, kind="payout_return")
        left(
            account,
            -5,
            kind="adjustment",
            reason="other",
            memo="a correction",
            actor=ResellerFactory.create().user,
        )
    may = statements.statements(account, NOW)[0]
    assert sums(may) == (806, 0, 0, -5, 0, 1008, 1809)


def test_nothing_posted_is_no_statement():
    account = ResellerFactory.create().account
    assert statements.statements(account, NOW) == []
    assert statements.months_since(account, NOW) == []


def test_months_since_the_first_entry(account):
    found = statements.months_since(account, NOW)
    assert found == ["2026-05", "2026-04", "2026-03"]
    assert statements.last_months(account, on("2026-02-01"), 3) == [
        "2025-12",
        "2026-01",
        "2026-02",
    ]


@pytest.mark.parametrize(
    ("period", "start", "end", "words"),
    [
        ("2026", "2026-01-01", "2027-01-01", "2026"),
        ("2026-05", "2026-05-01", "2026-06-01", "May 2026"),
        ("2026-12", "2026-12-01", "2027-01-01", "December 2026"),
    ],
)
def test_periods(account, period, start, end, words):
    span = statements.span_of(account, period)
    assert span == (on(start, "00:00"), on(end, "00:00"))
    assert statements.period_words(period) == words


@pytest.mark.parametrize(
    "period",
    ["", "26", "2026-13", "2026-00", "2026-5", "0999", "9999", "2026-05-01", "٢٠٢٦"],
)
def test_what_is_no_period_is_refused(account, period):
    with pytest.raises(InvalidPeriod):
        statements.span_of(account, period)


@pytest.mark.parametrize("count", [1, 3])
def test_one_query_whatever_the_number(account, count, django_assert_num_queries):
    for number in range(count):
        moment = NOW + timedelta(days=31 * number)
        with clock.at(moment):
            record(f"more-{number}", occurred_at=moment)
    with django_assert_num_queries(1):
        statements.statements(account, NOW + timedelta(days=120))
