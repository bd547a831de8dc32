"""Rule pick/1, case by case: who is featured, and why."""

import ast
import random
from itertools import permutations
from pathlib import Path

import pytest

import marketplace
from marketplace import pick

CENT = 10**7
OFFERING = "supplier/cloud-1"
WEEK = "2026-W10"


def one(letters, total_cents, hours=48, counted=0, on_time=0):
    return pick.Candidate(letters * 32, total_cents * CENT, hours, counted, on_time)


def ranked(*candidates, week=WEEK):
    return pick.rank(candidates, offering_ref=OFFERING, week=week, minor_unit_e9s=CENT)


def order(*candidates, **facts):
    return [each.candidate.reseller[:2] for each in ranked(*candidates, **facts)]


def test_no_candidate_no_offer():
    assert ranked() == []


def test_one_seller_is_the_only_one():
    (only,) = ranked(one("aa", 459))

    assert (only.featured, only.why, only.in_band) == (True, ["only_seller"], True)


def test_the_cheapest_wins_outside_the_band():
    first, second = ranked(one("aa", 700), one("bb", 459))

    assert (first.candidate.reseller[:2], first.why) == ("bb", ["lowest_price"])
    assert (second.in_band, second.why) == (False, [])


@pytest.mark.parametrize(
    ("cheapest", "limit"),
    [(100, 101), (199, 200), (200, 201), (400, 402), (459, 461), (60_000, 60_300)],
)
def test_the_edge_of_the_band(cheapest, limit):
    """Half a percent rounded down, at least one minor unit."""
    trusted = {"counted": 10, "on_time": 10}

    inside = order(one("aa", cheapest), one("bb", limit, **trusted))
    outside = order(one("aa", cheapest), one("bb", limit + 1, **trusted))

    assert (inside, outside) == (["bb", "aa"], ["aa", "bb"])


def test_in_the_band_reliability_comes_first():
    first, _ = ranked(
        one("aa", 200, counted=5, on_time=4), one("bb", 201, counted=5, on_time=5)
    )

    assert (first.candidate.reseller[:2], first.why) == ("bb", ["on_time"])


def test_then_promised_hours():
    first, _ = ranked(one("aa", 459, hours=48), one("bb", 459, hours=24))

    assert (first.candidate.reseller[:2], first.why) == (
        "bb",
        ["lowest_price", "faster"],
    )


def test_then_the_turn_of_the_week():
    weeks = {
        order(one("aa", 459), one("bb", 459), week=f"2026-W{n}")[0]
        for n in range(10, 30)
    }

    assert weeks == {"aa", "bb"}


@pytest.mark.parametrize(
    ("veteran", "first"),
    [((10, 10), "aa"), ((9, 10), "tie"), ((4, 5), "bb"), ((7, 8), "bb")],
)
def test_a_newcomer_sorts_as_75_among_veterans(veteran, first):
    on_time, counted = veteran
    names = order(
        one("aa", 459, hours=48, counted=counted, on_time=on_time),
        one("bb", 459, hours=48),
    )

    turns = {name: pick.turn(OFFERING, WEEK, name * 32) for name in ("aa", "bb")}
    tie = min(turns, key=lambda name: turns[name])
    assert names[0] == (tie if first == "tie" else first)


def test_a_locked_seller_is_not_featured_beside_an_unlocked_one():
    late = one("aa", 400, counted=10, on_time=4)
    fine = one("bb", 700)

    first, second = ranked(late, fine)

    assert (late.locked, fine.locked) == (True, False)
    assert (first.candidate, first.featured) == (fine, True)
    assert (second.candidate, second.in_band) == (late, False)
    assert pick.first_lost_key(second, first) == "locked"


def test_a_locked_seller_alone_is_featured():
    (only,) = ranked(one("aa", 400, counted=10, on_time=4))

    assert only.featured


@pytest.mark.parametrize(
    ("counted", "on_time", "locked"), [(9, 0, False), (10, 6, True), (10, 7, False)]
)
def test_the_lock_counts_from_ten(counted, on_time, locked):
    assert one("aa", 400, counted=counted, on_time=on_time).locked is locked


def test_zero_percent_is_an_offer_like_any_other():
    assert order(one("aa", 459), one("bb", 417)) == ["bb", "aa"]


def test_the_input_order_does_not_matter():
    sellers = [
        one("aa", 200, counted=12, on_time=11),
        one("bb", 201),
        one("cc", 201, hours=24),
        one("dd", 250, counted=20, on_time=3),
        one("ee", 199, counted=5, on_time=4),
    ]

    assert {tuple(order(*mixed)) for mixed in permutations(sellers)} == {
        tuple(order(*sellers))
    }


def test_every_bucket_is_the_floored_wilson_bound():
    """Against the formula in exact squares, for up to 60 orders."""
    chance = random.Random(1)  # noqa: S311 -- a reproducible sample
    for _ in range(500):
        counted = chance.randint(5, 60)
        on_time = chance.randint(0, counted)
        bucket = pick.wilson_bucket(on_time, counted)

        assert reaches(on_time, counted, bucket) or bucket == 0
        assert bucket == 100 or not reaches(on_time, counted, bucket + 5)


def reaches(k, n, points):
    """(k + ½ - √(k(n-k)/n + ¼)) / (n + 1) ≥ points %, by squaring."""
    left = 2 * k + 1 - points * 2 * (n + 1) / 100
    return left >= 0 and left**2 >= 4 * k * (n - k) / n + 1 - 1e-9


def test_nothing_but_make_offer_rounds():
    """Only `pricing` may use the rounding arithmetic in this room."""
    users = set()
    for path in Path(marketplace.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                names = {alias.name for alias in node.names}
                if names & {"half_up", "markup", "share", "standing_markup"}:
                    users.add(path.name)
    assert users <= {"pricing.py"}
