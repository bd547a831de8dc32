"""Limits that all processes share: tries, and calls of a key. Rows: `config.Counter`.

`hit` counts one by one. `take` counts a fiftieth of the limit at a time and spends
it in this process: cheaper, and still never more than the limit passes.
Source: 9-quality, section 6, "Rate limits".
"""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import F

from config.models import Counter

SHARES = 50
KEPT = timedelta(days=2)


@dataclass(frozen=True)
class Hit:
    """Whether it passes, what is left in the window, and when the window ends."""

    allowed: bool
    remaining: int
    retry_after: int


@dataclass
class Share:
    """What this process may still spend of one counter in one window."""

    window: int
    left: int
    remaining: int


_shares: dict[str, Share] = {}
_lock = threading.Lock()


def hit(name: str, limit: int, window_seconds: int) -> Hit:
    """Count one; refused from the (limit + 1)th in the window on."""
    now = int(time.time())
    window = now - now % window_seconds
    value = Counter.objects.add(name, _moment(window), 1)
    return Hit(
        allowed=value <= limit,
        remaining=max(limit - value, 0),
        retry_after=window + window_seconds - now,
    )


def take(name: str, limit: int, window_seconds: int) -> Hit:
    """Count one out of a share of the limit that this process took at once."""
    now = int(time.time())
    window = now - now % window_seconds
    with _lock:
        share = _shares.get(name)
        if share is None or share.window != window:
            _forget_old_shares(now - window_seconds)
            share = _shares[name] = Share(window, left=0, remaining=limit)
        if share.left == 0 and share.remaining > 0:
            size = max(limit // SHARES, 1)
            value = Counter.objects.add(name, _moment(window), size)
            share.left = min(max(limit - (value - size), 0), size)
            share.remaining = max(limit - value, 0)
        allowed = share.left > 0
        share.left -= int(allowed)
        remaining = share.left + share.remaining
    return Hit(allowed, remaining, retry_after=window + window_seconds - now)


def give_back(name: str, window_seconds: int) -> None:
    """Take one hit of the current window back."""
    now = int(time.time())
    window = _moment(now - now % window_seconds)
    counters = Counter.objects.filter(name=name, window=window, value__gt=0)
    counters.update(value=F("value") - 1)


def clear(name: str) -> None:
    """Forget every hit under this name."""
    Counter.objects.filter(name=name).delete()


def purge_counters(now: datetime) -> str:
    """Delete windows that ended long ago; a task of the clock."""
    deleted, _ = Counter.objects.filter(window__lt=now - KEPT).delete()
    return f"{deleted} counters"


def forget_shares() -> None:
    """Drop what this process took but did not spend."""
    with _lock:
        _shares.clear()


def _moment(window: int) -> datetime:
    return datetime.fromtimestamp(window, tz=UTC)


def _forget_old_shares(before: int) -> None:
    for name in [name for name, share in _shares.items() if share.window < before]:
        del _shares[name]
