"""API clients of the staff of reseller tests, each with a key of their own."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from resellers.actions.keys import issue_key
from resellers.models import User
from tests.resellers import people

SCOPES = ["resellers:read", "resellers:write", "sales:write", "finance"]
ApiFor = Callable[[str], APIClient]


@pytest.fixture
def api_of(api_for: ApiFor) -> Callable[..., APIClient]:
    """A client with a fresh key of the person."""

    def make(person: User, scopes: list[str] = SCOPES) -> APIClient:
        _, text = issue_key(
            principal_kind="user", user=person, scopes=scopes, actor=None
        )
        return api_for(text)

    return make


@pytest.fixture
def viewer(db, api_of):
    return api_of(people.viewer(email="viewer@example.com"))


@pytest.fixture
def editor(db, api_of):
    return api_of(people.editor(email="editor@example.com"))


@pytest.fixture
def finance(db, api_of):
    return api_of(people.finance(email="finance@example.com"))
