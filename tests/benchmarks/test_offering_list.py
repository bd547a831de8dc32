"""The marketplace's list over a big catalogue. Source: 11-performance, rows 6, 7, 15."""

import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from marketplace.actions.list_prices import set_list_prices
from marketplace.filters import OfferingFilter
from marketplace.models import Offering
from resellers import clock
from resellers.pg import guards_lifted
from tests.benchmarks.measure import Report, blocks, ratio, run, statements
from tests.benchmarks.offerings import PRICES, build, settle

FULL = os.environ.get("FULL_SCALE") == "1"
COUNT = 1_000_000 if FULL else 20_000
PAGE = 18
DEEP = 50_000 if FULL else 1_000
REPORT = Report("offering_list")

pytestmark = [
    pytest.mark.bench,
    pytest.mark.django_db,
    pytest.mark.skipif(
        connections["default"].vendor != "postgresql", reason="needs PostgreSQL"
    ),
]


@pytest.fixture(scope="module", autouse=True)
def catalogue(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Build once, measure many times, print the table, leave nothing behind."""
    with django_db_blocker.unblock():
        start = time.perf_counter()
        made = build(COUNT)
        REPORT.facts["offerings"] = COUNT
        REPORT.facts["build_seconds"] = round(time.perf_counter() - start)
        with statements() as seen:
            start = time.perf_counter()
            for supplier in made.suppliers:
                set_list_prices(supplier, clock.now())
        REPORT.facts["list_prices_seconds"] = round(time.perf_counter() - start)
        updates = sum(sql.startswith("UPDATE") for sql, _ in seen)
        REPORT.facts["list_prices_updates"] = updates
        assert updates <= 2 * PRICES * len(made.suppliers) * 2
        settle()
        assert OfferingFilter({}, Offering.objects.listed()).qs.count() >= PAGE * DEEP
        yield
        REPORT.write()
        sys.stderr.write(f"\n{REPORT.table()}\n{REPORT.facts}\n")
        with guards_lifted(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE marketplace_provider, resellers_account CASCADE")


def listed(**query: str) -> OfferingFilter:
    return OfferingFilter(query, Offering.objects.listed())


def cursor_of(filters: OfferingFilter, page: int) -> str:
    """The cursor that opens a page, from its last neighbour alone."""
    if page == 1:
        return ""
    keyset = filters.keyset
    keys = filters.qs.values(*keyset.names)
    (last,) = keys[(page - 1) * PAGE - 1 : (page - 1) * PAGE]
    beyond = keys.filter(pk__in=[last["id"], keys[page * PAGE]["id"]])
    found = keyset.page(beyond, limit=1).next
    assert found
    return found


def key_query(page: int, *, keys_only: bool = False, **query: str) -> Any:
    """The SQL of a page's rows, which are counted before anything is measured."""
    filters = listed(**query)
    rows = filters.qs.select_related("provider")
    if keys_only:
        rows = filters.qs.values_list("pk", *filters.keyset.names, named=True)
    cursor = cursor_of(filters, page)
    with statements() as seen:
        found = filters.keyset.page(rows, limit=PAGE, cursor=cursor)
    assert len(found.rows) == PAGE
    ((sql, params),) = seen
    return sql, params


@pytest.mark.parametrize(
    ("name", "page", "query"),
    [
        ("page_1000", 1000, {}),
        ("page_50000", DEEP, {}),
        ("by_name_page_1000", 1000, {"ordering": "name"}),
        ("newest_page_1000", 1000, {"ordering": "newest"}),
    ],
)
def test_blocks_do_not_grow_with_the_page(name, page, query):
    first, later = blocks(*key_query(1, **query)), blocks(*key_query(page, **query))
    REPORT.add(
        f"offerings.{name}.blocks",
        floor=f"page 1: {first}",
        value=later / first,
        unit=f"× ({later})",
    )


def test_country_and_price():
    depth = 1000 if FULL else 50
    first = blocks(*key_query(1, country="DE"))
    later = blocks(*key_query(depth, country="DE"))
    REPORT.add(
        "offerings.country_page_1000.blocks",
        floor=f"page 1: {first}",
        value=later / first,
        unit=f"× ({later})",
    )


def page_blocks(client: Client, cursor: str) -> tuple[int, int]:
    """Blocks and number of all queries of the page as a visitor gets it."""
    with statements() as seen:
        response = client.get("/marketplace", {"cursor": cursor} if cursor else {})
    assert response.status_code == 200
    assert response.content.count(b"/marketplace/") >= PAGE
    reads = [(sql, params) for sql, params in seen if "SELECT" in sql[:40]]
    return sum(blocks(*each) for each in reads), len(seen)


def test_whole_page(client):
    page_blocks(client, "")
    first, queries = page_blocks(client, "")
    later, same = page_blocks(client, cursor_of(listed(), 1000))
    assert queries == same
    REPORT.add("offerings.page.queries", floor="", value=queries, unit="queries")
    REPORT.add(
        "offerings.whole_page_1000.blocks",
        floor=f"page 1: {first}",
        value=later / first,
        unit=f"× ({later})",
    )


def test_queries_do_not_grow_with_the_rows(client):
    counts = {}
    for word, rows in [("solo", 1), ("trio", 3), ("mille", 900)]:
        assert listed(q=word).qs.count() >= rows
        with statements() as seen:
            assert client.get("/marketplace", {"q": word}).status_code == 200
        counts[word] = len(seen)
    assert len(set(counts.values())) == 1, counts


def one_by_key() -> Any:
    """The floor PK: one offering by its primary key."""
    some = Offering.objects.order_by("pk")[COUNT // 2]
    with statements() as seen:
        Offering.objects.get(pk=some.pk)
    return run(*seen[0])


@pytest.mark.parametrize(
    ("name", "page", "query"),
    [
        ("keys_page_1", 1, {}),
        ("keys_page_50000", DEEP, {}),
        ("keys_country", 1, {"country": "DE"}),
    ],
)
def test_key_query_against_one_lookup(name, page, query):
    keys = run(*key_query(page, keys_only=True, **query))
    found = ratio(keys, one_by_key())
    REPORT.add(f"offerings.{name}.time", floor="PK", unit="PK", **found)


def test_rows_of_a_page_against_one_lookup():
    found = ratio(run(*key_query(1)), one_by_key())
    REPORT.add("offerings.rows_page_1.time", floor="PK", unit="PK", **found)


@pytest.mark.parametrize(
    ("name", "words", "rows"),
    [
        ("absent", "nowhere", 0),
        ("one", "solo", 1),
        ("thousand", "mille", PAGE),
        ("common", "hetzner", PAGE),
        ("two_common", "hetzner falkenstein", PAGE),
        ("model", "m770", PAGE),
        ("models", "m77", PAGE),
    ],
)
def test_search_against_one_lookup(name, words, rows):
    filters = listed(q=words)
    with statements() as seen:
        found = filters.keyset.page(filters.qs, limit=PAGE)
    assert min(rows, 1) <= len(found.rows) <= rows
    measured = ratio(run(*seen[-1]), one_by_key())
    REPORT.add(f"offerings.search_{name}.time", floor="PK", unit="PK", **measured)
    count = blocks(*seen[-1])
    REPORT.add(f"offerings.search_{name}.blocks", floor="", value=count, unit="blocks")
