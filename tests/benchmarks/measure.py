"""Ratios to a floor of the same run, and counts that no noise can move.

A time is measured interleaved with its floor (A B A B …); the ratio is the median of the
per-round ratios with a bootstrap interval, and fails only when the interval's lower end
exceeds the budget. Source: 11-performance, "How to measure".
"""

import json
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

BUDGETS: dict[str, float] = json.loads(
    (Path(__file__).parent / "budgets.json").read_text()
)
REPORTS = Path(__file__).resolve().parents[2] / "var" / "bench"
ROUNDS = 60
WARM_UP_ROUNDS = 5
SLOW_SECONDS = 0.2
RESAMPLES = 500


@dataclass
class Case:
    """One line of the table; `low` and `high` bound the ratio where it is a time."""

    name: str
    floor: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    goal: float | None = None

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return "told"
        lower = self.value if self.low is None else self.low
        return "ok" if lower <= self.goal else "OVER"


@dataclass
class Report:
    """What one run found, on which machine and data; kept in `var/bench/<name>.json`."""

    name: str
    facts: dict[str, Any] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)

    def add(
        self, name: str, *, floor: str, value: float, unit: str, **more: Any
    ) -> None:
        case = Case(name, floor, value, unit, goal=BUDGETS.get(name), **more)
        self.cases.append(case)
        assert case.verdict != "OVER", case

    def table(self) -> str:
        lines = [f"{'case':<36} {'floor':<14} {'value':>18} {'goal':>6}  verdict"]
        for case in self.cases:
            value = f"{case.value:,.2f} {case.unit}"
            goal = "" if case.goal is None else f"{case.goal:g}"
            lines.append(
                f"{case.name:<36} {case.floor:<14} {value:>18} {goal:>6}"
                f"  {case.verdict}"
            )
        return "\n".join(lines)

    def write(self) -> None:
        REPORTS.mkdir(parents=True, exist_ok=True)
        path = REPORTS / f"{self.name}.json"
        cases = [asdict(case) | {"verdict": case.verdict} for case in self.cases]
        facts = {**machine(), **self.facts}
        path.write_text(json.dumps({**facts, "cases": cases}, indent=1) + "\n")


def machine() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "postgresql": version,
    }


def address() -> str:
    """Where the tests' own database is, for connections and servers beside Django's."""
    facts = connection.settings_dict
    user = f"{facts['USER']}:{facts['PASSWORD']}"
    return f"postgres://{user}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """Collect the SQL and parameters of every query made inside."""
    seen: list[tuple[str, Any]] = []

    def remember(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 -- Django's signature
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(remember):
        yield seen


def blocks(sql: str, params: Any) -> int:
    """How many 8-kB blocks a query touches, read or found in memory."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        (answer,) = cursor.fetchone()
    plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def run(sql: str, params: Any) -> Callable[[], Any]:
    """A call that executes the query and fetches every row."""

    def call() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    return call


def ratio(case: Callable[[], Any], floor: Callable[[], Any]) -> dict[str, float]:
    """Median of the per-round time ratios, with a 95 % bootstrap interval."""
    for _ in range(WARM_UP_ROUNDS):
        floor()
        slow = seconds(case) > SLOW_SECONDS
    rounds = ROUNDS // 6 if slow else ROUNDS
    ratios = [seconds(case) / seconds(floor) for _ in range(rounds)]
    chance = random.Random(4)  # noqa: S311 -- resampling, the same in every run
    medians = sorted(
        statistics.median(chance.choices(ratios, k=len(ratios)))
        for _ in range(RESAMPLES)
    )
    return {
        "value": statistics.median(ratios),
        "low": medians[RESAMPLES // 40],
        "high": medians[-RESAMPLES // 40],
    }


def seconds(call: Callable[[], Any]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
