"""People who sign in, and how they do it in a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from resellers.models import User

PASSWORD = "plum kettle orbit 93"


@pytest.fixture
def make_person(db: None) -> Callable[..., User]:
    """A person with a confirmed address and the password of these tests."""

    def make(email: str = "ann@example.com", **facts: Any) -> User:
        person = User.objects.create_user(email, PASSWORD, **facts)
        EmailAddress.objects.create(
            user=person, email=person.email, verified=True, primary=True
        )
        return person

    return make


@pytest.fixture
def person(make_person: Callable[..., User]) -> User:
    return make_person()


@pytest.fixture
def staff(make_person: Callable[..., User]) -> User:
    return make_person("sam@example.com", is_staff=True, is_superuser=True)


@pytest.fixture
def sign_in(client: Client) -> Callable[..., Any]:
    """Send the sign-in form."""

    def send(email: str, password: str = PASSWORD, **more: str) -> Any:
        facts = {"login": email, "password": password, **more}
        return client.post(reverse("account_login"), facts)

    return send
