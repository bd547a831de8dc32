"""The list of resellers through the real server. Source: 11-performance, rows 1 to 3.

The floor L is psycopg fetching the twelve facts of the same rows, totals included, by
three statements, and orjson encoding them: no framework and no HTTP. Told beside it, L10
fetches the ten stored columns alone.
"""

import http.client
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg
import pytest
from django.db import connections
from django.test import Client

from resellers import keys
from resellers.models import PrincipalKind
from tests.benchmarks.measure import Report, address, ratio, seconds, statements
from tests.benchmarks.profiles import PAID_MINOR, built
from tests.factories.resellers import SuperuserFactory
from tests.servers import Server, serving

FULL = os.environ.get("FULL_SCALE") == "1"
COUNT = 100_000 if FULL else 5_000
REFERRALS_EACH = 2
PAGE, SMALL_PAGE = 1_000, 50
QUERIES = 8
REPORT = Report("reseller_list")
URL = "/api/admin/resellers"

ROWS = """
SELECT r.id, r.first_name, r.last_name, u.email, r.organization, g.slug, r.city,
    r.state, r.phone, r.status
FROM resellers r JOIN resellers_user u ON u.id = r.user_id
LEFT JOIN resellers_contactgroup g ON g.id = r.contact_group_id
ORDER BY r.created_at DESC, r.id DESC LIMIT %s
"""
CUSTOMERS = """
SELECT reseller_id, count(DISTINCT customer_ref) FROM resellers_referral
WHERE reseller_id = ANY(%s) AND end_reason <> 'mistake' GROUP BY 1
"""
REVENUE = """
SELECT f.reseller_id,
    sum(CASE WHEN s.kind = 'refunded' THEN -s.amount_minor ELSE s.amount_minor END)
        ::bigint
FROM resellers_sale s JOIN resellers_referral f ON f.id = s.referral_id
WHERE f.reseller_id = ANY(%s) AND s.currency = 'USD'
    AND s.kind IN ('paid', 'refunded', 'restored') GROUP BY 1
"""
NAMES = [
    "id",
    "firstName",
    "lastName",
    "email",
    "organization",
    "contactGroup",
    "city",
    "state",
    "phone",
    "status",
]

pytestmark = [
    pytest.mark.bench,
    pytest.mark.django_db,
    pytest.mark.skipif(
        connections["default"].vendor != "postgresql", reason="needs PostgreSQL"
    ),
]


@dataclass
class Caller:
    """One connection to the server, kept open, with the key of a member of staff."""

    connection: http.client.HTTPConnection
    key: str

    def get(self, limit: int, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        said = {"Authorization": f"Bearer {self.key}", **headers}
        self.connection.request("GET", f"{URL}?limit={limit}", headers=said)
        response = self.connection.getresponse()
        return response, response.read()

    def page(self, limit: int) -> Callable[[], bytes]:
        def call() -> bytes:
            response, body = self.get(limit)
            assert response.status == http.HTTPStatus.OK, body
            return body

        return call

    def unchanged(self, limit: int) -> Callable[[], bytes]:
        response, _ = self.get(limit)
        tag = response.headers["ETag"]

        def call() -> bytes:
            response, body = self.get(limit, **{"If-None-Match": tag})
            assert response.status == http.HTTPStatus.NOT_MODIFIED, body
            return body

        return call


@pytest.fixture(scope="module")
def key(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Build once, measure, print the table, leave nothing behind."""
    with django_db_blocker.unblock():
        start = time.perf_counter()
        with built(COUNT, referrals_each=REFERRALS_EACH):
            REPORT.facts["resellers"] = COUNT
            REPORT.facts["build_seconds"] = round(time.perf_counter() - start)
            _, text = keys.issue(
                principal_kind=PrincipalKind.USER,
                user=SuperuserFactory.create(),
                scopes=["resellers:read"],
            )
            yield text
        REPORT.write()
        sys.stderr.write(f"\n{REPORT.table()}\n{REPORT.facts}\n")


@pytest.fixture(scope="module")
def server(key: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`serve` on the very rows that were built."""
    few = {"WEB_WORKERS": "1", "JOB_WORKERS": "0"}
    directory = tmp_path_factory.mktemp("served")
    with serving(directory, "--no-migrate", address=lambda _: address(), **few) as one:
        yield one


@pytest.fixture(scope="module")
def caller(server: Server, key: str) -> Iterator[Caller]:
    kept = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    yield Caller(kept, key)
    kept.close()


@pytest.fixture(scope="module")
def bare(key: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(address(), autocommit=True) as kept:
        yield kept


def floor(bare: psycopg.Connection[Any], limit: int) -> Callable[[], bytes]:
    """L: the twelve facts of each row, by psycopg and orjson alone."""

    def call() -> bytes:
        rows = bare.execute(ROWS, [limit]).fetchall()
        ids = [row[0] for row in rows]
        customers = dict(bare.execute(CUSTOMERS, [ids]).fetchall())
        revenue = dict(bare.execute(REVENUE, [ids]).fetchall())
        return orjson.dumps(
            [
                dict(
                    zip(NAMES, row, strict=True),
                    totalCustomersReferred=customers.get(row[0], 0),
                    totalRevenueGenerated=revenue.get(row[0], 0),
                )
                for row in rows
            ]
        )

    return call


def stored(bare: psycopg.Connection[Any], limit: int) -> Callable[[], bytes]:
    """L10: the stored columns alone."""

    def call() -> bytes:
        rows = bare.execute(ROWS, [limit]).fetchall()
        return orjson.dumps([dict(zip(NAMES, row, strict=True)) for row in rows])

    return call


def test_server_and_floor_tell_the_same(caller, bare):
    """An empty page is fast: the rows are compared before anything is timed."""
    told = orjson.loads(caller.page(PAGE)())
    rows = [
        {name: None if value == "" else value for name, value in row.items()}
        for row in orjson.loads(floor(bare, PAGE)())
    ]

    assert len(told) == PAGE
    assert told == rows
    assert {row["totalRevenueGenerated"] for row in told[1:]} == {
        REFERRALS_EACH * PAID_MINOR
    }
    REPORT.facts["bytes"] = len(caller.page(PAGE)())


def test_a_thousand_rows(caller, bare):
    found = ratio(caller.page(PAGE), floor(bare, PAGE))
    REPORT.add("resellers.list_1000.time", floor="L", unit="L", **found)
    found = ratio(caller.page(PAGE), stored(bare, PAGE))
    REPORT.add("resellers.list_1000.columns", floor="L10", unit="L10", **found)


def test_unchanged_rows(caller, bare):
    found = ratio(caller.unchanged(PAGE), floor(bare, PAGE))
    REPORT.add("resellers.unchanged_1000.time", floor="L", unit="L", **found)


def test_a_page_of_fifty(caller, bare):
    found = ratio(caller.page(SMALL_PAGE), floor(bare, PAGE))
    REPORT.add("resellers.list_50.time", floor="L", unit="L", **found)


def test_how_long_a_thousand_rows_take(caller):
    """The source's figure, told: under 50 ms, where nothing else runs."""
    times = sorted(seconds(caller.page(PAGE)) for _ in range(15))
    REPORT.add(
        "resellers.list_1000.ms",
        floor="",
        value=1000 * times[len(times) // 2],
        unit="ms",
    )


def test_queries_do_not_grow_with_the_rows(key):
    client = Client(headers={"authorization": f"Bearer {key}"})
    counts = {}
    for rows in (10, 10, PAGE):  # the first call of a process looks around
        with statements() as seen:
            answer = client.get(URL, {"limit": rows})
        assert len(answer.json()) == rows
        counts[rows] = len(seen)
    assert len(set(counts.values())) == 1, counts
    REPORT.add("resellers.list.queries", floor="", value=counts[PAGE], unit="queries")
    assert counts[PAGE] <= QUERIES
