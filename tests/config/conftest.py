"""A person, their access key, and the addresses of `tests.config.urls`."""

import pytest
from django.utils import timezone

from config import counters
from config.models import Counter
from resellers.actions.keys import issue_key
from resellers.models import User


@pytest.fixture(autouse=True)
def door_urls(settings):
    from config.api.schema import (  # noqa: PLC0415 -- needs settings
        generated,
        published_parameters,
    )

    settings.ROOT_URLCONF = "tests.config.urls"
    generated.cache_clear()
    published_parameters.cache_clear()
    counters.forget_shares()
    yield
    generated.cache_clear()
    published_parameters.cache_clear()
    counters.forget_shares()


@pytest.fixture
def person(db):
    return User.objects.create_user("person@example.com", "a long pass phrase")


@pytest.fixture
def key_text(person, settings):
    settings.ACCESS_KEY_SCOPES = {"user": ["marketplace:read", "marketplace:write"]}
    _, text = issue_key(
        principal_kind="user",
        user=person,
        scopes=["marketplace:read", "marketplace:write"],
        actor=None,
    )
    return text


@pytest.fixture
def api(api_for, key_text):
    return api_for(key_text)


@pytest.fixture
def counter(db):
    return Counter.objects.create(name="a", window=timezone.now(), value=1)
