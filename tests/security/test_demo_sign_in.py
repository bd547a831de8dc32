"""One click in a demo; no such address anywhere else."""

import pytest
from django.contrib.auth import get_user

from config import demo_people
from resellers.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer() -> User:
    email = "buyer@demo.example.com"
    return User.objects.create_user(email, demo_people.password_for(email))


def test_one_click_signs_in_and_counts_as_a_fresh_password(client, buyer, settings):
    settings.DEMO = True
    answer = client.post("/demo/sign-in", {"role": "buyer", "next": "/contracts"})
    assert answer["Location"] == "/contracts"
    assert get_user(client) == buyer
    assert client.get("/account/email").status_code == 200


def test_the_next_click_is_another_person(client, buyer, settings):
    settings.DEMO = True
    other = User.objects.create_user("staff@demo.example.com", is_staff=True)
    client.post("/demo/sign-in", {"role": "buyer"})
    client.post("/demo/sign-in", {"role": "staff"})
    assert get_user(client) == other


def test_without_demo_there_is_nothing_here(client, buyer):
    answer = client.post("/demo/sign-in", {"role": "buyer"})
    missing = client.post("/demo/none", {"role": "buyer"})
    assert answer.status_code == missing.status_code == 404
    assert get_user(client).is_anonymous


@pytest.mark.parametrize("role", ["", "root", "buyer@demo.example.com", "BUYER"])
def test_only_the_people_of_the_demo_are_known(client, buyer, settings, role):
    settings.DEMO = True
    assert client.post("/demo/sign-in", {"role": role}).status_code == 404


def test_it_is_a_post(client, settings):
    settings.DEMO = True
    assert client.get("/demo/sign-in").status_code == 405


def test_secrets_differ_by_person_purpose_and_installation(settings):
    people = demo_people.PEOPLE
    first = {demo_people.password_for(person.email) for person in people}
    settings.SECRET_KEY = "another" * 9
    second = {demo_people.password_for(person.email) for person in people}
    assert len(first) == len(second) == len(people)
    assert not first & second
    email = people[0].email
    secrets = {demo_people.password_for(email), demo_people.totp_secret_for(email)}
    assert len(secrets | {demo_people.key_secret_for(email)}) == 3
