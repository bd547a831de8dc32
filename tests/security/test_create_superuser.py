"""The first person of the staff is made by actions, and can sign in at once."""

import io

import pytest
from django.core.management import CommandError, call_command

from resellers.models import AuditEntry, User

PASSWORD = "a-long-sample-of-words"


@pytest.fixture
def password(db, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))


def test_a_superuser_can_sign_in_and_stands_in_the_trail(password, client):
    call_command("create_superuser", "First@example.com", name="First Person")

    person = User.objects.get(email="first@example.com")
    assert (person.is_staff, person.is_superuser, person.name) == (
        True,
        True,
        "First Person",
    )
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == [
        "user.created",
        "user.password_changed",
        "user.rights_changed",
    ]
    form = {"login": person.email, "password": PASSWORD}
    assert client.post("/account/login", form).status_code == 302


@pytest.mark.parametrize("weak", ["short", "password1234", "weak@example.com"])
def test_a_weak_password_makes_nobody(db, monkeypatch, weak):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{weak}\n"))
    with pytest.raises(CommandError):
        call_command("create_superuser", "weak@example.com")
    assert not User.objects.exists()


def test_an_address_is_used_once(password):
    call_command("create_superuser", "first@example.com")
    with pytest.raises(CommandError):
        call_command("create_superuser", "first@example.com")
