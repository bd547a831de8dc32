"""Which seller stands first: rule pick/1. Pure, whatever the order of its input.

Commission, payment and age of a listing play no part. Source: 4-marketplace,
section 3; published at `/marketplace/how-sellers-are-picked`.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

PICK_RULE = "pick/1"
COUNTED_DAYS = 90
NEWCOMER_BELOW = 5
NEWCOMER_SORTS_AS = 75
LOCK_FROM = 10
LOCK_BELOW = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """One seller's offer as the rule sees it; `minor_unit_e9s` is of its currency.

    `counted` orders were decided in the last 90 days, `on_time` of them in time.
    """

    reseller: str
    total_e9s: int
    promised_hours: int
    counted: int
    on_time: int

    @property
    def bucket(self) -> int | None:
        """Reliability in steps of 5 points; None ("N/A") under five counted orders."""
        if self.counted < NEWCOMER_BELOW:
            return None
        return wilson_bucket(self.on_time, self.counted)

    @property
    def sort_bucket(self) -> int:
        bucket = self.bucket
        return NEWCOMER_SORTS_AS if bucket is None else bucket

    @property
    def locked(self) -> bool:
        """Too often late to be featured beside a seller who is not."""
        return self.counted >= LOCK_FROM and self.sort_bucket < LOCK_BELOW


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate in its place, with the reasons a person can read."""

    candidate: Candidate
    turn: str
    in_band: bool
    featured: bool
    why: list[str]


def wilson_bucket(on_time: int, counted: int) -> int:
    """Floor the Wilson lower bound (z = 1) to 5 points, in integers.

    The bound is (k + ½ - √(k(n-k)/n + ¼)) / (n + 1); squaring decides each step
    exactly, so no machine rounds a seller into another place.
    """
    k, n = on_time, counted

    def reached(points: int) -> bool:
        margin = 100 * k + 50 - points * (n + 1)
        return margin >= 0 and margin**2 * 4 * n >= 10_000 * (4 * k * (n - k) + n)

    return max(points for points in range(0, 101, 5) if points == 0 or reached(points))


def iso_week(at: datetime) -> str:
    """The ISO week in UTC as `2026-W10`; turns change on Monday 00:00 UTC."""
    year, week, _ = at.astimezone(UTC).isocalendar()
    return f"{year}-W{week:02d}"


def turn(offering_ref: str, week: str, reseller: str) -> str:
    """The lottery of the week: smallest hash first.

    `offering_ref` is `<provider pubkey>/<code>`.
    """
    text = f"{offering_ref}|{week}|{reseller}"
    return hashlib.sha256(text.encode()).hexdigest()


def band_limit(cheapest_e9s: int, minor_unit_e9s: int) -> int:
    """The dearest total that still counts as the cheapest: +0.5 % or one minor unit."""
    return cheapest_e9s + max(cheapest_e9s // 200, minor_unit_e9s)


def rank(
    candidates: Iterable[Candidate],
    *,
    offering_ref: str,
    week: str,
    minor_unit_e9s: int,
) -> list[Ranked]:
    """Order the offers of one offering; the first one is featured."""
    turns = {c: turn(offering_ref, week, c.reseller) for c in candidates}
    if not turns:
        return []
    unlocked = [c for c in turns if not c.locked]
    first_class = unlocked or list(turns)
    limit = band_limit(min(c.total_e9s for c in first_class), minor_unit_e9s)
    band = [c for c in first_class if c.total_e9s <= limit]
    in_band = set(band)
    band.sort(key=lambda c: (-c.sort_bucket, c.promised_hours, turns[c]))
    rest = sorted(
        (c for c in turns if c not in in_band),
        key=lambda c: (c.total_e9s, -c.sort_bucket, c.promised_hours, turns[c]),
    )
    why = reasons(band, list(turns))
    return [
        Ranked(c, turns[c], c in in_band, place == 0, why if place == 0 else [])
        for place, c in enumerate([*band, *rest])
    ]


def reasons(band: list[Candidate], everyone: list[Candidate]) -> list[str]:
    """Say why the first of the sorted band is featured, weightiest reason first."""
    first, *others = band
    if len(everyone) == 1:
        return ["only_seller"]
    why = []
    if first.total_e9s == min(c.total_e9s for c in everyone):
        why.append("lowest_price")
    if not others:
        return why or ["on_time"]
    second = others[0]
    if first.sort_bucket > second.sort_bucket:
        return [*why, "on_time"]
    if first.promised_hours < second.promised_hours:
        return [*why, "faster"]
    return [*why, "turn"]


def first_lost_key(mine: Ranked, first: Ranked) -> str:
    """Name the first key on which a candidate lost to the featured one."""
    ours, theirs = mine.candidate, first.candidate
    if ours.locked and not theirs.locked:
        return "locked"
    if not mine.in_band:
        return "lowest_price"
    if ours.sort_bucket < theirs.sort_bucket:
        return "on_time"
    if ours.promised_hours > theirs.promised_hours:
        return "faster"
    return "turn"
