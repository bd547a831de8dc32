"""Keys, scopes, sessions, methods, parameters, limits and tags of the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from config.models import Counter
from resellers.actions.keys import revoke_key
from resellers.models import AccessKey

pytestmark = pytest.mark.django_db


def problem(response):
    return response.status_code, response.json()["code"]


def test_key_names_the_person_behind_it(api, counter, person):
    response = api.get(f"/api/v1/counters/{counter.pk}")
    assert response.status_code == 200
    assert response.json() == {"name": "a", "value": 1}
    assert response.wsgi_request.user == person
    assert response.wsgi_request.auth == AccessKey.objects.get()


def test_visitor_reads_open_actions_only(client, counter):
    assert client.get("/api/v1/counters").status_code == 200
    response = client.get(f"/api/v1/counters/{counter.pk}")
    assert problem(response) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == 'Bearer realm="consign"'


@pytest.mark.parametrize("state", ["wrong", "revoked", "expired", "inactive"])
def test_dead_key_is_one_and_the_same_refusal(api, key_text, person, counter, state):
    key = AccessKey.objects.get()
    if state == "wrong":
        api.credentials(HTTP_AUTHORIZATION=f"Bearer {key_text[:-1]}")
    if state == "revoked":
        revoke_key(key, actor=None)
    if state == "expired":
        AccessKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if state == "inactive":
        type(person).objects.update(is_active=False)
    response = api.get("/api/v1/counters")
    assert problem(response) == (401, "bad_credentials")
    assert key_text not in response.text


@pytest.mark.parametrize("header", ["Basic abc", "Bearer", "Bearer  ", "cs_live_a_b"])
def test_other_schemes_are_refused(client, header):
    response = client.get("/api/v1/counters", headers={"Authorization": header})
    assert problem(response) == (401, "bad_credentials")


def test_key_is_taken_from_no_other_place(client, key_text, counter):
    address = f"/api/v1/counters/{counter.pk}"
    places = [
        client.get(address, headers={"X-API-Key": key_text}),
        client.get(address, HTTP_X_API_KEY=key_text),
        client.get(f"{address}?access_token={key_text}"),
    ]
    assert [response.status_code for response in places] == [401, 401, 400]


def test_key_without_the_scope_is_told_which(api_for, person, counter, key_text):
    AccessKey.objects.update(scopes=["marketplace:read"])
    api = api_for(key_text)
    assert api.get(f"/api/v1/counters/{counter.pk}").status_code == 200
    response = api.post(f"/api/v1/counters/{counter.pk}/add", {"amount": 1})
    assert problem(response) == (403, "insufficient_scope")
    assert "marketplace:write" in response.json()["detail"]


def test_session_reads_without_and_writes_with_the_csrf_token(person, counter):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    address = f"/api/v1/counters/{counter.pk}"
    body: dict[str, Any] = {
        "data": {"amount": 1},
        "content_type": "application/json",
    }
    assert client.get(address).status_code == 200
    refused = client.post(f"{address}/add", **body)
    assert problem(refused) == (403, "csrf_failed")
    token = "a" * 32
    client.cookies["csrf"] = token
    accepted = client.post(f"{address}/add", **body, headers={"X-CSRFToken": token})
    assert accepted.status_code == 200


def test_wrong_method_names_the_right_ones(api, counter):
    response = api.delete(f"/api/v1/counters/{counter.pk}")
    assert problem(response) == (405, "method_not_allowed")
    assert response["Allow"] == "GET, HEAD"
    override = {"X-HTTP-Method-Override": "GET"}
    response = api.put(f"/api/v1/counters/{counter.pk}", headers=override)
    assert response.status_code == 405


def test_wrong_method_comes_before_credentials(client, counter):
    assert client.options("/api/v1/counters").status_code == 405
    response = client.get(f"/api/v1/counters/{counter.pk}/add")
    assert (response.status_code, response["Allow"]) == (405, "POST")


def test_unknown_parameter_is_refused_by_name(api, counter):
    response = api.get("/api/v1/counters?limit=1&offset=3")
    assert problem(response) == (400, "unknown_parameter")
    assert response.json()["errors"] == [
        {
            "code": "unknown_parameter",
            "detail": "This parameter is not known here.",
            "pointer": "?offset",
        }
    ]
    assert api.get(f"/api/v1/counters/{counter.pk}?limit=1").status_code == 400


def test_calls_are_counted_and_stopped(api, counter, settings):
    settings.API_CALLS_PER_MINUTE = 3
    answers = [api.get("/api/v1/counters") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == list("2100")
    assert answers[-1].json()["code"] == "too_many_requests"
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert answers[0]["RateLimit-Limit"] == "3"


def test_wrong_keys_stop_the_address(client, clock):
    wrong = {"Authorization": "Bearer cs_live_nothing"}
    answers = [
        client.get("/api/v1/counters", headers=wrong).status_code for _ in range(101)
    ]
    assert answers == [401] * 100 + [429]


def test_unchanged_answer_is_304(api, counter):
    first = api.get(f"/api/v1/counters/{counter.pk}")
    again = {"If-None-Match": first["ETag"]}
    second = api.get(f"/api/v1/counters/{counter.pk}", headers=again)
    assert (second.status_code, second.content) == (304, b"")
    Counter.objects.update(value=7)
    third = api.get(f"/api/v1/counters/{counter.pk}", headers=again)
    assert third.status_code == 200


def test_unknown_and_read_only_fields_are_refused(api, counter):
    response = api.post(
        f"/api/v1/counters/{counter.pk}/add", {"amount": 1, "value": 9, "a/b": 1}
    )
    assert problem(response) == (400, "unknown_field")
    pointers = [error["pointer"] for error in response.json()["errors"]]
    assert pointers == ["#/value", "#/a~1b"]
    assert Counter.objects.get(pk=counter.pk).value == 1


@pytest.mark.parametrize("amount", [True, 1.0, "1", None, [1], {}])
def test_integer_field_takes_integers_only(api, counter, amount):
    response = api.post(f"/api/v1/counters/{counter.pk}/add", {"amount": amount})
    assert response.status_code == 400
    assert Counter.objects.get(pk=counter.pk).value == 1
    code = "null" if amount is None else "not_an_integer"
    assert response.json()["code"] == code


@pytest.mark.parametrize("amount", [-1, 51, 2**70])
def test_integer_field_names_its_range(api, counter, amount):
    response = api.post(f"/api/v1/counters/{counter.pk}/add", {"amount": amount})
    assert problem(response) == (400, "amount_out_of_range")
    assert response.json()["detail"] == "Give a whole number from 0 to 50."


def test_huge_id_in_a_path_is_missing(api):
    assert api.get(f"/api/v1/counters/{10**30}").status_code == 404
