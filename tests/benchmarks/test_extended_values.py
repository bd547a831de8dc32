"""A rare extended value among many profiles. Source: 11-performance, row 9."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections

from resellers.models import Reseller
from tests.benchmarks.measure import Report, address, ratio, statements
from tests.benchmarks.profiles import RARE, RARE_EVERY, built

FULL = os.environ.get("FULL_SCALE") == "1"
COUNT = 100_000 if FULL else 10_000
REPORT = Report("extended_values")

Bare = psycopg.Connection[Any]

pytestmark = [
    pytest.mark.bench,
    pytest.mark.django_db,
    pytest.mark.skipif(
        connections["default"].vendor != "postgresql", reason="needs PostgreSQL"
    ),
]


@pytest.fixture(scope="module", autouse=True)
def crowd(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Build once, measure, print the table, leave nothing behind."""
    with django_db_blocker.unblock():
        start = time.perf_counter()
        with built(COUNT, referrals_each=0):
            REPORT.facts["profiles"] = COUNT
            REPORT.facts["build_seconds"] = round(time.perf_counter() - start)
            yield
        REPORT.write()
        sys.stderr.write(f"\n{REPORT.table()}\n{REPORT.facts}\n")


def holding(key: str, value: str | None, rows: int) -> tuple[str, Any]:
    """The SQL of the filter; its rows are counted before anything is measured."""
    found = Reseller.objects.holding(key, value).order_by().values_list("pk", flat=True)
    with statements() as seen:
        assert len(found) == rows
    ((sql, params),) = seen
    return sql, params


@pytest.fixture(scope="module")
def indexed(crowd: None) -> Iterator[Bare]:
    with psycopg.connect(address(), autocommit=True) as kept:
        yield kept


@pytest.fixture(scope="module")
def scanning(crowd: None) -> Iterator[Bare]:
    """A GIN index is read by bitmap only; without it the table is walked."""
    off = "-c enable_bitmapscan=off"
    with psycopg.connect(address(), autocommit=True, options=off) as kept:
        yield kept


def read(bare: Bare, sql: str, params: Any) -> Callable[[], Any]:
    return lambda: bare.execute(sql, params).fetchall()


def planned(bare: Bare, sql: str, params: Any) -> tuple[str, int]:
    """The plan as one text, and the blocks it touches."""
    explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}"
    ((answer,),) = bare.execute(explain, params).fetchall()
    top = answer[0]["Plan"]
    return json.dumps(top), top["Shared Hit Blocks"] + top["Shared Read Blocks"]


def test_a_rare_value_is_read_from_the_index(indexed, scanning):
    rare = holding("membership_level", RARE, COUNT // RARE_EVERY)
    quick, few = planned(indexed, *rare)
    slow, many = planned(scanning, *rare)
    assert "reseller_extended_values" in quick
    assert "Seq Scan" in slow
    REPORT.add(
        "extended_values.rare.blocks",
        floor=f"scan: {many}",
        value=few / many,
        unit=f"× ({few})",
    )


def test_a_rare_value_against_the_scan(indexed, scanning):
    rare = holding("membership_level", RARE, COUNT // RARE_EVERY)
    found = ratio(read(indexed, *rare), read(scanning, *rare))
    name = "extended_values.rare.time"
    REPORT.add(name if FULL else "small", floor="scan", unit="scans", **found)
    faster = 1 / found["value"]
    REPORT.add("extended_values.rare.gain", floor="scan", value=faster, unit="× faster")


def test_a_common_key_against_the_scan(indexed, scanning):
    """Told, not judged: what every row holds is better read by walking."""
    common = holding("lead_source", None, COUNT)
    found = ratio(read(indexed, *common), read(scanning, *common))
    REPORT.add("extended_values.common.time", floor="scan", unit="scans", **found)
