"""Bare arrays, keyset cursors in Link headers, counts where they are cheap."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from config.models import Counter
from resellers.models import User
from resellers.models.keyset import BadCursor, Keyset, count_up_to
from tests.factories.resellers import UserFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def rows(db):
    """Seven counters, of which several share a value."""
    values = [3, 1, 2, 2, 2, 5, 3]
    return [
        Counter.objects.create(
            name=f"c{n}", window=START + timedelta(hours=n), value=number
        )
        for n, number in enumerate(values)
    ]


def link(response, relation):
    match = re.search(rf'<([^>]+)>; rel="{relation}"', response.get("Link", ""))
    return match[1] if match else None


def test_following_next_reads_every_row_once_and_prev_the_way_back(client, rows):
    expected = [row.name for row in sorted(rows, key=lambda r: (-r.value, -r.pk))]
    response = client.get("/api/v1/counters?limit=2")
    assert link(response, "prev") is None
    pages = [response]
    while address := link(pages[-1], "next"):
        pages.append(client.get(address))
    names = [[row["name"] for row in page.json()] for page in pages]
    assert names == [expected[0:2], expected[2:4], expected[4:6], expected[6:]]
    back = [pages[-1]]
    while address := link(back[-1], "prev"):
        back.append(client.get(address))
    assert [[row["name"] for row in page.json()] for page in back] == names[::-1]
    assert pages[0]["X-Total-Count"] == "7"


def test_list_is_a_bare_array_and_keeps_the_query(client, rows):
    response = client.get("/api/v1/counters?limit=3")
    assert isinstance(response.json(), list)
    assert "limit=3" in link(response, "next")


@pytest.mark.parametrize(
    "limit", ["0", "201", "-1", "1e1", "5.0", "", "\uff11", "9" * 30]
)
def test_bad_limit_is_refused(client, limit):
    response = client.get("/api/v1/counters", {"limit": limit})
    assert response.status_code == 400
    assert response.json()["code"] == "limit_out_of_range"
    assert response.json()["errors"][0]["pointer"] == "?limit"


@pytest.mark.parametrize("cursor", ["x", "x:y", "x" * 3000, "é:é", "W10:1"])
def test_bad_cursor_is_refused(client, rows, cursor):
    response = client.get("/api/v1/counters", {"cursor": cursor})
    assert (response.status_code, response.json()["code"]) == (400, "bad_cursor")


def test_cursor_of_another_order_is_refused(rows):
    queryset = Counter.objects.all()
    cursor = Keyset("-value", "-id").page(queryset, limit=2).next
    with pytest.raises(BadCursor):
        Keyset("value", "id").page(queryset, limit=2, cursor=cursor)
    first = Keyset("value", "id").page_or_first(queryset, limit=2, cursor=cursor)
    assert [row.value for row in first.rows] == [1, 2]


def test_three_keys_of_both_directions_and_times(rows):
    keyset = Keyset("value", "-window", "id")
    expected = sorted(rows, key=lambda r: (r.value, -r.window.timestamp(), r.pk))
    seen: list[Counter] = []
    cursor: str | None = ""
    while cursor is not None:
        page = keyset.page(Counter.objects.all(), limit=1, cursor=cursor)
        seen += page.rows
        cursor = page.next
    assert seen == expected


@pytest.mark.parametrize(
    ("keys", "bound"),
    [
        (
            ("-value", "-id"),
            r"\(config_counter.value, config_counter.id\) < \(\d+, \d+\)",
        ),
        (
            ("value", "-id"),
            r"value >= \d+ AND \(config_counter.value > \d+ OR config_counter.id < \d+",
        ),
    ],
)
def test_bound_lets_an_index_start_where_the_page_does(rows, keys, bound):
    queryset = Counter.objects.all()
    keyset = Keyset(*keys)
    cursor = keyset.page(queryset, limit=2).next
    statement = str(
        keyset.filtered(queryset, cursor).order_by(*keyset.keys).query
    ).replace('"', "")
    assert re.search(bound, statement)


def test_counting_stops_past_the_ceiling(rows):
    assert count_up_to(Counter.objects.all(), ceiling=3) == 4
    assert count_up_to(Counter.objects.all(), ceiling=7) == 7


@pytest.mark.parametrize("keys", [("-created_at", "-id"), ("created_at", "-id")])
def test_ids_that_are_uuids(keys):
    people = [UserFactory.create(created_at=START) for _ in range(5)]
    expected = [p.pk for p in User.objects.order_by(*keys)]
    assert len(expected) == len(people)
    found: list[object] = []
    cursor: str | None = ""
    while cursor is not None:
        page = Keyset(*keys).page(User.objects.all(), limit=2, cursor=cursor)
        found += [person.pk for person in page.rows]
        cursor = page.next
    assert found == expected


def test_rows_without_names_are_told_their_keys(rows):
    keyset = Keyset("-value", "-id")
    tuples = Counter.objects.values_list("name", "value", "id")
    page = keyset.page(tuples, limit=3, values=lambda row: row[1:])
    named = keyset.page(Counter.objects.all(), limit=3)
    assert [row[0] for row in page.rows] == [row.name for row in named.rows]
    assert (page.next, page.previous) == (named.next, None)
