"""API clients of the people of a marketplace test, each with a key of their own."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from marketplace.models import Provider
from resellers.actions.keys import issue_key
from resellers.models import User

SCOPES = ["marketplace:read", "marketplace:write"]
ApiFor = Callable[[str], APIClient]


@pytest.fixture
def api_of(api_for: ApiFor) -> Callable[..., APIClient]:
    """A client with a fresh key: of a person, or of a provider itself."""

    def make(who: User | Provider, scopes: list[str] = SCOPES) -> APIClient:
        facts: dict[str, Any] = {"scopes": scopes, "actor": None}
        if isinstance(who, Provider):
            facts |= {"principal_kind": "provider", "principal_ref": who.pubkey}
        else:
            facts |= {"principal_kind": "user", "user": who}
        _, text = issue_key(**facts)
        return api_for(text)

    return make
