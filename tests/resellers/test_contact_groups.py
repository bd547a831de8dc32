"""Segments: written by editors, kept for ever."""

from typing import Any

import pytest

from resellers.actions.contact_groups import change_group, make_group
from resellers.errors import AlreadyExists, Invalid, PermissionRefused
from resellers.errors.profiles import (
    InvalidKey,
    InvalidSlug,
    ReadOnlyField,
    ReservedKey,
    TextTooLong,
)
from resellers.models import AuditEntry, ContactGroup
from resellers.models.versions import VersionChanged, version_of
from tests.resellers import people

pytestmark = pytest.mark.django_db

FACTS: dict[str, Any] = {"slug": "night_owls", "name": "Night Owls"}


def test_the_migration_plants_the_three_of_the_source():
    found = ContactGroup.objects.values_list("slug", "name", "suggested_keys")
    assert list(found) == [
        (
            "event_registrants",
            "Event Registrants",
            ["event_name", "event_date", "booth_number", "contact_at_event"],
        ),
        (
            "info_seekers",
            "Info Seekers",
            ["inquiry_topic", "follow_up_date", "interests", "lead_source"],
        ),
        (
            "pennies_peace_of_mind",
            "Pennies Peace of Mind",
            [
                "membership_level",
                "renewal_date",
                "referral_commission_tier",
                "vip_status",
            ],
        ),
    ]


def test_a_new_group():
    actor = people.editor()
    group = make_group(
        **FACTS, suggested_keys=["Shift", "city.code"], position=5, actor=actor
    )
    after = {
        "slug": "night_owls",
        "name": "Night Owls",
        "description": "",
        "position": 5,
        "suggested_keys": ["shift", "city.code"],
    }
    assert {name: getattr(group, name) for name in after} == after
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_ref, entry.actor, entry.after) == (
        "contact_group.created",
        "night_owls",
        actor,
        after,
    )
    with pytest.raises(AlreadyExists):
        make_group(**FACTS, actor=actor)


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"slug": "Night"}, InvalidSlug, "slug"),
        ({"slug": "n"}, InvalidSlug, "slug"),
        ({"slug": "n" * 41}, InvalidSlug, "slug"),
        ({"name": " "}, Invalid, "name"),
        ({"name": "n" * 101}, TextTooLong, "name"),
        ({"description": "d" * 501}, TextTooLong, "description"),
        ({"position": -1}, Invalid, "position"),
        ({"suggested_keys": ["a b"]}, InvalidKey, "suggested_keys"),
        ({"suggested_keys": ["first_name"]}, ReservedKey, "suggested_keys"),
    ],
)
def test_bad_input_is_refused_at_its_field(facts, refusal, field):
    with pytest.raises(refusal) as refused:
        make_group(**{**FACTS, **facts}, actor=None)
    assert refused.value.field == field
    assert ContactGroup.objects.count() == 3


def test_a_change_tells_what_differs_once():
    group, actor = ContactGroup.objects.get(slug="info_seekers"), people.editor()
    seen = version_of(group)
    for _ in range(2):
        change_group(group, name="Seekers", is_active=False, position=20, actor=actor)
    entry = AuditEntry.objects.get()
    assert entry.action == "contact_group.changed"
    assert entry.before == {"name": "Info Seekers", "is_active": True}
    assert entry.after == {"name": "Seekers", "is_active": False}
    with pytest.raises(VersionChanged):
        change_group(group, name="Leads", versions=[seen], actor=actor)
    with pytest.raises(ReadOnlyField):
        change_group(group, slug="other", actor=actor)


@pytest.mark.parametrize("who", [people.viewer, people.plain_staff])
def test_others_write_no_group(who):
    group = ContactGroup.objects.get(slug="info_seekers")
    with pytest.raises(PermissionRefused):
        make_group(**FACTS, actor=who())
    with pytest.raises(PermissionRefused):
        change_group(group, name="Mine", actor=who())
    assert not AuditEntry.objects.exists()
