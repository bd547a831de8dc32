"""What time it is, for everything that writes a time.

One function, so that the demo can live through months and `run_clock --at` can look
ahead: `with clock.at(moment): …` holds it still for this thread of work.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_held: ContextVar[datetime | None] = ContextVar("held_time", default=None)


def now() -> datetime:
    """The time in UTC, or the moment it is held at."""
    return _held.get() or timezone.now()


def is_held() -> bool:
    """True inside `at`, where the database's clock does not count either."""
    return _held.get() is not None


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the time at `moment` (with a zone) inside the block."""
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)
