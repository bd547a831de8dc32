"""Tries are counted in the database, before they are checked."""

import pytest
from django.contrib.auth import get_user
from django.test import Client

from config.models import Counter
from config.signin import lockout
from resellers import audit
from resellers.models import User
from tests.security.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_an_account_is_locked_after_ten_tries_even_for_the_right_password(
    client, person, sign_in, clock
):
    answers = [sign_in(person.email, f"guess {n}").status_code for n in range(10)]
    assert answers == [422] * 10
    locked = sign_in(person.email)
    assert locked.status_code == 429
    assert locked["Retry-After"] == "900"
    assert get_user(client).is_anonymous
    clock.shift(901)
    assert sign_in(person.email).status_code == 302


def test_an_unknown_address_is_locked_the_same_way(sign_in, clock):
    answers = [sign_in("nobody@example.com", "guess") for _ in range(11)]
    assert [a.status_code for a in answers] == [422] * 10 + [429]


def test_the_lock_of_one_account_is_not_that_of_another(make_person, sign_in, clock):
    make_person()
    make_person("bob@example.com")
    for _ in range(11):
        sign_in("ann@example.com", "guess")
    assert sign_in("bob@example.com").status_code == 302


def test_a_network_has_fifty_tries_whatever_it_forges(client, person, clock):
    statuses = []
    for number in range(60):
        facts = {"login": f"p{number}@example.com", "password": "guess"}
        header = {"X-Forwarded-For": f"198.51.100.{number}"}
        statuses.append(
            client.post("/account/login", facts, headers=header).status_code
        )
    assert statuses == [422] * 50 + [429] * 10
    # The locked network did not use up the account's own tries.
    counter = lockout.ACCOUNT.counter("p59@example.com")
    assert not Counter.objects.filter(name=counter).exists()


def test_behind_a_trusted_proxy_each_network_has_its_own(person, clock, settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(60):
        facts = {"login": f"p{number}@example.com", "password": "guess"}
        header = {"X-Forwarded-For": f"1.2.3.4, 198.51.100.{number}"}
        answer = Client().post("/account/login", facts, headers=header)
        assert answer.status_code == 422


def test_addresses_of_one_ipv6_network_count_together(rf, settings):
    settings.TRUSTED_PROXIES = 0
    networks = {
        lockout.network_of(rf.get("/", REMOTE_ADDR=address))
        for address in ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:0:9::2")
    }
    assert networks == {"2001:db8::/64"}
    assert lockout.network_of(rf.get("/", REMOTE_ADDR="192.0.2.7")) == "192.0.2.7"


def test_a_right_password_gives_its_try_back(person, clock):
    for _ in range(60):
        answer = Client().post(
            "/account/login", {"login": person.email, "password": PASSWORD}
        )
        assert answer.status_code == 302


def test_support_lifts_a_lock_and_it_is_audited(person, sign_in, staff, clock):
    for _ in range(11):
        sign_in(person.email, "guess")
    assert lockout.lift_lock(person.email.upper(), actor=staff)
    assert sign_in(person.email).status_code == 302
    entry = audit.entries("resellers.user", str(person.pk)).get()
    assert (entry.action, entry.actor) == ("user.lock_lifted", staff)
    assert not lockout.lift_lock("nobody@example.com", actor=staff)


def test_no_address_stands_in_a_counter(person, sign_in):
    sign_in(person.email, "guess")
    assert "ann" not in str(list(Counter.objects.values_list("name", flat=True)))


def test_one_address_gets_five_mails_of_a_kind_an_hour(client, clock):
    form = {"email": "nobody@example.com"}
    answers = [
        client.post("/account/password/reset", form).status_code for _ in range(6)
    ]
    assert answers == [302] * 5 + [429]
    assert not User.objects.exists()


def test_a_key_of_a_form_takes_no_try_back(client, person, sign_in, clock):
    """A remembered answer would roll back what a refused form wrote."""
    sign_in(person.email)
    answers = []
    for number in range(11):
        facts = {"oldpassword": "guess", "password1": "x", "password2": "x"}
        facts["idempotency_key"] = f"key-{number}"
        answers.append(client.post("/account/password/change", facts).status_code)
    assert answers == [422] * 10 + [429]
