"""`/contact-groups` and `/extended-keys`."""

import pytest

from resellers.models import AuditEntry, ContactGroup
from tests.factories.profiles import ResellerFactory
from tests.problems import assert_error
from tests.queries import CLOCK_QUERIES, assert_constant

pytestmark = pytest.mark.django_db
GROUPS, KEYS = "/api/admin/contact-groups", "/api/admin/extended-keys"
NEW = {
    "slug": "fair_2026",
    "name": "Fair 2026",
    "description": "From the spring fair",
    "position": 5,
    "suggestedKeys": ["Booth_Number", "event_name"],
}


def test_groups_are_the_sources_three_in_order(viewer):
    assert viewer.get(GROUPS).json() == [
        {
            "slug": slug,
            "name": name,
            "description": description,
            "position": position,
            "isActive": True,
            "suggestedKeys": keys.split(),
        }
        for slug, name, description, position, keys in [
            (
                "event_registrants",
                "Event Registrants",
                "From conferences, webinars and other events",
                10,
                "event_name event_date booth_number contact_at_event",
            ),
            (
                "info_seekers",
                "Info Seekers",
                "Asked for information; maybe leads",
                20,
                "inquiry_topic follow_up_date interests lead_source",
            ),
            (
                "pennies_peace_of_mind",
                "Pennies Peace of Mind",
                "Premium or special partners",
                30,
                "membership_level renewal_date referral_commission_tier vip_status",
            ),
        ]
    ]


def test_group_is_made_and_stands_in_its_place(editor):
    made = editor.post(GROUPS, NEW)
    assert (made.status_code, made["Location"]) == (201, f"{GROUPS}/fair_2026")
    expected = {**NEW, "isActive": True}
    expected["suggestedKeys"] = ["booth_number", "event_name"]
    assert made.json() == expected
    assert editor.get(GROUPS).json()[0] == expected
    assert_error(editor.post(GROUPS, NEW), 409, "already_exists")


@pytest.mark.parametrize(
    ("facts", "code", "pointer"),
    [
        ({"slug": "A b"}, "invalid_slug", "slug"),
        ({"slug": "x" * 41}, "invalid_slug", "slug"),
        ({"slug": "x"}, "invalid_slug", "slug"),
        ({"name": ""}, "blank", "name"),
        ({"name": "x" * 101}, "too_long", "name"),
        ({"description": "x" * 501}, "too_long", "description"),
        ({"position": -1}, "out_of_range", "position"),
        ({"position": 32_768}, "out_of_range", "position"),
        ({"position": "5"}, "not_an_integer", "position"),
        ({"suggestedKeys": "abc"}, "invalid", "suggestedKeys"),
        ({"suggestedKeys": ["phone"]}, "reserved_key", "suggestedKeys/0"),
        ({"suggestedKeys": ["_"]}, "invalid_key", "suggestedKeys/0"),
        ({"suggestedKeys": ["a", "A"]}, "duplicate_key", "suggestedKeys/1"),
        ({"suggestedKeys": [1]}, "not_a_string", "suggestedKeys/0"),
        ({"isActive": False}, "unknown_field", "isActive"),
    ],
)
def test_bad_groups_are_refused(editor, facts, code, pointer):
    problem = assert_error(editor.post(GROUPS, {**NEW, **facts}), 400, code)
    assert [error["pointer"] for error in problem["errors"]] == [f"#/{pointer}"]
    assert ContactGroup.objects.count() == 3


def test_group_is_changed_but_never_its_slug(editor):
    address = f"{GROUPS}/info_seekers"
    changed = editor.patch(address, {"isActive": False, "description": None})
    assert changed.json()["isActive"] is False
    assert changed.json()["description"] is None
    assert changed.json()["name"] == "Info Seekers"
    assert_error(editor.patch(address, {"slug": "x_x"}), 400, "read_only_field")
    again = editor.patch(address, {"isActive": False})
    assert again["ETag"] == changed["ETag"]
    assert AuditEntry.objects.filter(action="contact_group.changed").count() == 1
    stale = editor.patch(address, {"position": 1}, headers={"If-Match": '"old"'})
    assert_error(stale, 412, "stale_version")
    fresh = {"If-Match": again["ETag"]}
    assert editor.patch(address, {"position": 1}, headers=fresh).status_code == 200
    assert_error(editor.patch(f"{GROUPS}/nobody", {}), 404, "not_found")


def test_keys_are_told_with_their_use_and_what_they_resemble(viewer):
    pairs = [("vip_status", "yes"), ("vip_status", "no"), ("vipstatus", "yes")]
    for key, value in pairs:
        ResellerFactory.create(extended_values=[{"key": key, "value": value}])
    shown = viewer.get(KEYS).json()
    assert [row.pop("example") in {"yes", "no"} for row in shown] == [True, True]
    assert shown == [
        {
            "key": "vip_status",
            "profiles": 2,
            "distinctValues": 2,
            "similar": ["vipstatus"],
            "resellers": "/api/admin/resellers?ext_has=vip_status",
        },
        {
            "key": "vipstatus",
            "profiles": 1,
            "distinctValues": 1,
            "similar": ["vip_status"],
            "resellers": "/api/admin/resellers?ext_has=vipstatus",
        },
    ]
    assert len(viewer.get(shown[0]["resellers"]).json()) == 2
    assert_error(viewer.get(f"{KEYS}?limit=1"), 400, "unknown_parameter")


@pytest.mark.parametrize("address", [GROUPS, KEYS])
def test_lists_cost_the_same_queries(viewer, address):
    assert_constant(
        lambda: viewer.get(address),
        lambda number: ResellerFactory.create(
            extended_values=[{"key": f"k{number}", "value": ""}]
        ),
        sizes=(1, 3),
        expected=4 + CLOCK_QUERIES,
    )
