"""A POST sent twice is done once: by header in the API, by hidden field in forms."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.utils import timezone

from config.api import idempotency
from config.models import Counter, IdempotentCall
from resellers.actions.keys import issue_key
from tests.config import urls

pytestmark = pytest.mark.django_db


def add(api, counter, amount=3, key="k-1"):
    return api.post(
        f"/api/v1/counters/{counter.pk}/add",
        {"amount": amount},
        headers={"Idempotency-Key": key},
    )


def value(counter):
    return Counter.objects.get(pk=counter.pk).value


def test_same_key_and_body_is_done_once_and_answered_twice(api, counter):
    first = add(api, counter)
    second = add(api, counter)
    assert (first.status_code, first.content) == (200, second.content)
    assert second.status_code == 200
    assert second["Location"] == "/somewhere"
    assert second["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert value(counter) == 4


def test_quoted_key_is_the_bare_one(api, counter):
    add(api, counter, key="k-1")
    assert add(api, counter, key='"k-1"')["Idempotent-Replayed"] == "true"
    assert value(counter) == 4


def test_other_body_with_the_same_key_is_refused(api, counter):
    add(api, counter)
    response = add(api, counter, amount=4)
    assert response.status_code == 422
    assert response.json()["code"] == "idempotency_key_reused"
    assert value(counter) == 4


def test_other_path_is_another_scope(api, counter):
    other = Counter.objects.create(name="b", window=counter.window, value=1)
    add(api, counter)
    assert add(api, other).json() == {"name": "b", "value": 4}


def test_other_principal_is_another_scope(api, counter, api_for, django_user_model):
    stranger = django_user_model.objects.create_user("other@example.com", "x" * 20)
    scopes = ["marketplace:write"]
    _, text = issue_key(principal_kind="user", user=stranger, scopes=scopes, actor=None)
    add(api, counter)
    assert add(api_for(text), counter).json()["value"] == 7


def test_two_keys_of_one_person_share_the_answer(api, counter, api_for, person):
    _, text = issue_key(
        principal_kind="user", user=person, scopes=["marketplace:write"], actor=None
    )
    add(api, counter)
    assert add(api_for(text), counter)["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("key", ["a b", "x" * 256])
def test_bad_key_is_refused(api, counter, key):
    response = add(api, counter, key=key)
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_idempotency_key"
    assert value(counter) == 1


def test_refusal_is_remembered_and_rolls_the_effect_back(api, counter):
    first = add(api, counter, amount=51)
    second = add(api, counter, amount=51)
    assert (first.status_code, second.status_code) == (400, 400)
    assert second["Idempotent-Replayed"] == "true"
    assert second["Content-Type"] == "application/problem+json"


def test_conflict_is_forgotten_and_leaves_nothing(api, counter):
    Counter.objects.filter(pk=counter.pk).update(value=99)
    refused = add(api, counter)
    assert (refused.status_code, refused.json()["state"]) == (409, "full")
    assert value(counter) == 99
    assert not IdempotentCall.objects.exists()
    Counter.objects.filter(pk=counter.pk).update(value=1)
    assert add(api, counter).status_code == 200


def test_bad_credentials_are_never_remembered(api_for, counter):
    assert add(api_for("cs_live_wrong"), counter).status_code == 401
    assert not IdempotentCall.objects.exists()


def test_form_is_done_once(client_for, person, counter):
    client = client_for(person)
    form = {"idempotency_key": "f-1", "note": "a"}
    first, second = (client.post(f"/forms/{counter.pk}/add", form) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert second["Location"] == "/done"
    assert value(counter) == 2
    other = client.post(f"/forms/{counter.pk}/add", {**form, "note": "b"})
    assert other.status_code == 422
    assert value(counter) == 2


def test_refused_form_can_be_sent_again_corrected(client_for, person, counter):
    client = client_for(person)
    address = f"/forms/{counter.pk}/add"
    refused = client.post(address, {"idempotency_key": "f-1", "refuse": "1"})
    assert (refused.status_code, value(counter)) == (422, 1)
    assert client.post(address, {"idempotency_key": "f-1"}).status_code == 302
    assert value(counter) == 2


def test_visitors_form_is_not_remembered(client, counter):
    for _ in range(2):
        client.post(f"/forms/{counter.pk}/add", {"idempotency_key": "f-1"})
    assert value(counter) == 3


def test_old_answers_are_purged(api, counter):
    add(api, counter, key="old")
    IdempotentCall.objects.update(created_at=timezone.now() - timedelta(hours=49))
    add(api, counter, key="new")
    assert idempotency.purge_calls(timezone.now()) == "1 answers"
    assert [call.key for call in IdempotentCall.objects.all()] == ["new"]


class Deadlock(Exception):
    sqlstate = "40P01"


def deadlock():
    exc = OperationalError("deadlock detected")
    exc.__cause__ = Deadlock()
    return exc


def test_deadlock_runs_the_outermost_transaction_again(monkeypatch):
    outermost = SimpleNamespace(in_atomic_block=False)
    monkeypatch.setattr(idempotency, "connection", outermost)
    done = HttpResponse()
    outcomes = [deadlock(), deadlock(), done]

    def call():
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert idempotency.run(call) is done


def test_deadlock_that_stays_is_unavailable(client, counter):
    urls.EXCEPTIONS.extend([deadlock()])
    response = client.get("/api/raising")
    assert response.status_code == 503
    assert response.json()["code"] == "database_unavailable"
    assert response["Retry-After"] == "1"
