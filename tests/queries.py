"""Counting queries: a list costs the same at 1, 3 and many rows."""

from collections.abc import Callable, Iterable

from django.db import connection
from django.test.utils import CaptureQueriesContext

# PostgreSQL is asked for its time when a key is looked up.
CLOCK_QUERIES = 1 if connection.vendor == "postgresql" else 0


def queries_of(call: Callable[[], object]) -> int:
    """How many queries a call takes, the least of three.

    The first call warms what is cached, and the first of a minute also counts itself
    for the rate limit and the key's last use.
    """
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as seen:
            call()
        counts.append(len(seen))
    return min(counts)


def assert_constant(
    call: Callable[[], object],
    grow: Callable[[int], object],
    *,
    sizes: Iterable[int],
    expected: int,
) -> None:
    """Check that the call takes `expected` queries after growing to each size."""
    counts, rows = [], 0
    for size in sizes:
        for number in range(rows, size):
            grow(number)
        rows = size
        counts.append(queries_of(call))
    assert counts == [expected] * len(counts)
