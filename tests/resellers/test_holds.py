"""Who holds an extended value: equal answers on both databases, by an index."""

import json

import pytest
from django.db import connection

from resellers.models import Reseller
from tests.factories.profiles import ResellerFactory

pytestmark = pytest.mark.django_db

PROFILES: dict[str, list[tuple[str, str]]] = {
    "gold": [("membership_level", "Gold"), ("vip_status", "yes")],
    "silver": [("membership_level", "Silver"), ("vip_status", "")],
    "swapped": [("other", "membership_level"), ("gold", "vip_status")],
    "small": [("membership_level", "gold")],
    "longer": [("membership_level", "Golden"), ("vip_status2", "Gold")],
    "quoted": [("q", 'say "hi" \\ %s %% {0} \' ?')],
    "world": [("city", "Zoë 東京 \U0001f600")],
    "number": [("n", "1"), ("b", "true"), ("z", "null")],
    "none": [],
}


@pytest.fixture
def names():
    made = {}
    for name, pairs in PROFILES.items():
        values = [{"key": key, "value": value} for key, value in pairs]
        made[ResellerFactory(extended_values=values).pk] = name
    return made


def found(names, key, value=None):
    rows = Reseller.objects.filter(extended_values__holds=(key, value))
    return {names[pk] for pk in rows.values_list("pk", flat=True)}


CASES = [
    ("membership_level", "Gold", {"gold"}),
    ("membership_level", "gold", {"small"}),
    ("membership_level", "Gol", set()),
    ("membership_level", "", set()),
    ("vip_status", "", {"silver"}),
    ("vip_status", None, {"gold", "silver"}),
    ("membership_level", None, {"gold", "silver", "small", "longer"}),
    ("Membership_Level", None, set()),
    ("nobody", None, set()),
    ("nobody", "Gold", set()),
    ("q", 'say "hi" \\ %s %% {0} \' ?', {"quoted"}),
    ("city", "Zoë 東京 \U0001f600", {"world"}),
    ("city", "Zoe\u0308 東京 \U0001f600", set()),
    ("n", "1", {"number"}),
    ("b", "true", {"number"}),
    ("z", "null", {"number"}),
    ("$.key", None, set()),
    ("n", "1' OR 1=1 --", set()),
]


@pytest.mark.parametrize(("key", "value", "expected"), CASES)
def test_the_same_profiles_on_both_databases(names, key, value, expected):
    assert found(names, key, value) == expected


def test_several_are_combined_with_and(names):
    rows = Reseller.objects.holding("MEMBERSHIP_LEVEL", "Gold").holding("vip_status")
    assert [names[row.pk] for row in rows] == ["gold"]
    assert not rows.holding("vip_status", "no").exists()
    others = Reseller.objects.exclude(extended_values__holds=("vip_status", None))
    assert others.count() == len(PROFILES) - 2


def test_it_stands_beside_other_conditions(names):
    ResellerFactory(status="inactive", extended_values=[{"key": "n", "value": "1"}])
    rows = Reseller.objects.with_status("active").holding("n", "1")
    assert [names[row.pk] for row in rows] == ["number"]


SOURCE_QUERIES = [
    ([{"key": "membership_level", "value": "Gold"}], {"gold"}),
    ([{"key": "vip_status"}], {"gold", "silver"}),
]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the source's SQL")
@pytest.mark.parametrize(("element", "expected"), SOURCE_QUERIES)
def test_the_sources_two_queries(names, element, expected):
    sql = "SELECT id FROM resellers WHERE extended_values @> %s::jsonb"
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(element)])
        assert {names[pk] for (pk,) in cursor.fetchall()} == expected
    key, value = element[0]["key"], element[0].get("value")
    assert found(names, key, value) == expected


@pytest.mark.skipif(connection.vendor != "postgresql", reason="GIN is PostgreSQL's")
@pytest.mark.parametrize("value", ["Gold", None])
def test_an_index_answers(value):
    rows = Reseller.objects.holding("membership_level", value)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "reseller_extended_values" in rows.order_by().explain()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="GIN is PostgreSQL's")
@pytest.mark.parametrize(
    ("words", "digits", "index"),
    [(["muller", "quill"], "", "search_text"), ([], "7275550142", "search_digits")],
)
def test_an_index_answers_the_search(words, digits, index):
    rows = Reseller.objects.filter(search_digits__contains=digits)
    if words:
        rows = Reseller.objects.found_by(words)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert f"reseller_{index}" in rows.order_by().explain()
