"""Staff as the migration's groups of rights make them."""

from typing import Any

from django.contrib.auth.models import Group

from resellers.models import User
from tests.factories.resellers import StaffFactory


def member_of(group: str, **facts: Any) -> User:
    person: User = StaffFactory.create(**facts)
    person.groups.add(Group.objects.get(name=group))
    return person


def viewer(**facts: Any) -> User:
    return member_of("Reseller viewers", **facts)


def editor(**facts: Any) -> User:
    return member_of("Reseller editors", **facts)


def finance(**facts: Any) -> User:
    return member_of("Finance", **facts)


def plain_staff(**facts: Any) -> User:
    """Staff who are in no group."""
    person: User = StaffFactory.create(**facts)
    return person
