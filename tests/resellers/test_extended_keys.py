"""The catalogue of extended keys, and one name for what was written in two."""

import json
from typing import Any

import pytest

from resellers.actions.extended_keys import rename_key
from resellers.errors import Invalid, PermissionRefused
from resellers.errors.profiles import InvalidKey, ReservedKey, TooManyExtendedKeys
from resellers.extended import BYTES
from resellers.extended_catalogue import (
    SHORTEST_ALIKE,
    KeyFacts,
    catalogue,
    near_duplicates,
    one_edit_apart,
)
from resellers.models import AuditEntry, Reseller
from tests.factories.profiles import ResellerFactory
from tests.queries import queries_of
from tests.resellers import people

pytestmark = pytest.mark.django_db


def holding(**values):
    pairs = [{"key": key, "value": value} for key, value in values.items()]
    return ResellerFactory(extended_values=pairs)


def values_of(row):
    pairs = Reseller.objects.get(pk=row.pk).extended_values
    return [(pair["key"], pair["value"]) for pair in pairs]


def test_each_key_with_its_numbers_and_look_alikes():
    holding(vip_status="yes", vipstatus="no", zone="b")
    holding(vip_status="no")
    holding(vip_status="no", zones="a")
    ResellerFactory()
    assert catalogue() == [
        KeyFacts("vip_status", 3, 2, "no", ["vipstatus"]),
        KeyFacts("vipstatus", 1, 1, "no", ["vip_status"]),
        KeyFacts("zone", 1, 1, "b", ["zones"]),
        KeyFacts("zones", 1, 1, "a", ["zone"]),
    ]
    assert [each.key for each in catalogue(" VIP_")] == ["vip_status"]
    assert catalogue("status of nobody") == []
    assert queries_of(catalogue) == 1


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("zone", "zones", True),
        ("zone", "zine", True),
        ("zone", "one", True),
        ("zone", "zzone", True),
        ("zone", "zone", False),
        ("zone", "znoe", False),
        ("zone", "zo", False),
        ("zones", "zone_s", True),
    ],
)
def test_one_edit_apart(one, other, expected):
    assert one_edit_apart(one, other) == one_edit_apart(other, one) == expected
    long = min(len(one), len(other)) >= SHORTEST_ALIKE
    assert (near_duplicates({one, other})[one] == [other]) == (expected and long)


def test_short_keys_look_alike_only_without_their_signs():
    assert near_duplicates(["a", "b", "c", "xy", "x_y", "zy", "vip", "vips"]) == {
        "a": [],
        "b": [],
        "c": [],
        "xy": ["x_y"],
        "x_y": ["xy"],
        "zy": [],
        "vip": ["vips"],
        "vips": ["vip"],
    }


def test_equal_without_dots_and_dashes():
    keys = ["a_b_c", "a.b-c", "abc", "x"]
    assert near_duplicates(keys) == {
        "a_b_c": ["a.b-c", "abc"],
        "a.b-c": ["a_b_c", "abc"],
        "abc": ["a.b-c", "a_b_c"],
        "x": [],
    }


def test_renaming_keeps_value_and_place_and_skips_who_holds_both():
    first = holding(a="1", vip="yes", z="2")
    both = holding(vip="yes", vip_status="no")
    other = holding(zone="b")
    facts: dict[str, Any] = {
        "old": "VIP",
        "new": "Vip_Status",
        "actor": people.editor(),
    }
    dry = rename_key(**facts, dry_run=True)
    assert (dry.changed, dry.skipped) == ([first], [both])
    assert not AuditEntry.objects.exists()
    done = rename_key(**facts, dry_run=False)
    assert (done.changed, done.skipped) == ([first], [both])
    assert values_of(first) == [("a", "1"), ("vip_status", "yes"), ("z", "2")]
    assert values_of(both) == [("vip", "yes"), ("vip_status", "no")]
    assert values_of(other) == [("zone", "b")]


def test_the_entries_of_a_renaming_are_one_batch():
    row = holding(vip="yes")
    rename_key(old="vip", new="vip_status", actor=None, dry_run=False)
    rename_key(old="vip", new="vip_status", actor=None, dry_run=False)
    profile, deed = AuditEntry.objects.order_by("id")
    assert (profile.action, profile.object_ref) == ("reseller.updated", str(row.pk))
    assert profile.before == {
        "extended_values.vip": "yes",
        "extended_values.vip_status": None,
    }
    assert profile.after == {
        "extended_values.vip": None,
        "extended_values.vip_status": "yes",
    }
    assert (deed.action, deed.object_type, deed.object_ref) == (
        "extended_key.renamed",
        "resellers.extended_key",
        "vip",
    )
    assert deed.after == {"key": "vip_status", "profiles": 1, "skipped": 0}
    assert deed.batch_id == profile.batch_id
    assert deed.batch_id is not None


@pytest.mark.parametrize(
    ("new", "refusal"),
    [("a b", InvalidKey), ("tier", ReservedKey), ("VIP", Invalid)],
)
def test_a_bad_name_is_refused(new, refusal):
    holding(vip="yes")
    with pytest.raises(refusal) as refused:
        rename_key(old="vip", new=new, actor=None, dry_run=False)
    assert refused.value.field == "new"


def test_one_profile_too_full_refuses_all():
    holding(vip="yes")
    keys = ["vip", *(f"k{number}" for number in range(32))]
    bare = [{"key": key, "value": ""} for key in keys]
    room = BYTES - len(json.dumps(bare, separators=(",", ":")))
    row = holding(**dict.fromkeys(keys, "v" * (room // len(keys))))
    with pytest.raises(TooManyExtendedKeys) as refused:
        rename_key(old="vip", new="v" * 64, actor=None, dry_run=False)
    assert refused.value.field == "new"
    assert "vip" in dict(values_of(row))
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("who", [people.viewer, people.plain_staff])
def test_others_rename_nothing(who):
    holding(vip="yes")
    for dry_run in (True, False):
        with pytest.raises(PermissionRefused):
            rename_key(old="vip", new="vips", actor=who(), dry_run=dry_run)
