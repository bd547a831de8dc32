"""Exceptions become problems: the same table for API and pages."""

import pytest
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, IntegrityError, OperationalError, transaction
from django.http import Http404
from django.test import Client

from config.models import Counter, IdempotentCall
from resellers.errors import DomainError, NotFound
from tests.config.urls import EXCEPTIONS

pytestmark = pytest.mark.django_db

TABLE = [
    (DomainError("Wait."), 409, "domain_error"),
    (NotFound(), 404, "not_found"),
    (Http404("No Secret matches"), 404, "not_found"),
    (PermissionDenied(), 403, "permission_denied"),
    (ValidationError("No.", code="details_not_object"), 400, "details_not_object"),
    (RequestDataTooBig(), 413, "too_large"),
    (SuspiciousOperation(), 400, "bad_input"),
    (DataError(), 400, "out_of_range"),
    (OverflowError(), 400, "out_of_range"),
    (IntegrityError("FOREIGN KEY constraint failed"), 400, "unknown_reference"),
    (OperationalError("database is locked"), 503, "database_unavailable"),
]
CASES = [pytest.param(*row, id=type(row[0]).__name__) for row in TABLE]


@pytest.mark.parametrize(("exception", "status", "code"), CASES)
def test_api_answers_with_a_problem(client, exception, status, code):
    EXCEPTIONS.append(exception)
    response = client.get("/api/raising")
    assert (response.status_code, response["Content-Type"]) == (
        status,
        "application/problem+json",
    )
    body = response.json()
    assert body["code"] == code
    assert body["type"] == f"/problems/{code}"
    assert body["status"] == status
    assert body["instance"] == "/api/raising"
    assert "Secret" not in response.text


@pytest.mark.parametrize(("exception", "status", "code"), CASES)
def test_page_answers_with_the_same_status(
    client, django_assert_num_queries, exception, status, code
):
    EXCEPTIONS.append(exception)
    with django_assert_num_queries(0):
        response = client.get("/raising")
    assert response.status_code == status
    assert response["Content-Type"].startswith("text/html")
    assert "Secret" not in response.text


def test_unexpected_exception_tells_only_the_request_id(server_errors):
    client = Client(raise_request_exception=False)
    EXCEPTIONS.append(RuntimeError("password=hunter2"))
    response = client.get("/api/raising", headers={"X-Request-ID": "abc-1"})
    server_errors.clear()
    assert response.status_code == 500
    assert response.json() == {
        "type": "/problems/internal_error",
        "title": "Something went wrong",
        "status": 500,
        "code": "internal_error",
        "detail": "The fault is ours and has been noted. Give the request id when you ask.",
        "instance": "/api/raising",
        "request_id": "abc-1",
    }


def raised_by(statement) -> IntegrityError:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        statement()
    return caught.value


def test_unique_violation_is_a_conflict(client, counter):
    twin = Counter(name=counter.name, window=counter.window, value=1)
    EXCEPTIONS.append(raised_by(twin.save))
    response = client.get("/api/raising")
    assert (response.status_code, response.json()["code"]) == (409, "already_exists")


def test_check_violation_carries_the_constraints_code(client, counter, monkeypatch):
    constraint = next(
        found
        for found in IdempotentCall._meta.constraints
        if found.name == "idempotentcall_status_is_final"
    )
    monkeypatch.setattr(constraint, "violation_error_code", "status_not_final")
    call = IdempotentCall(
        principal="p", method="POST", path="/", key="k", fingerprint="f",
        status=500, created_at=counter.window,
    )  # fmt: skip
    EXCEPTIONS.append(raised_by(call.save))
    response = client.get("/api/raising")
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {
            "code": "status_not_final",
            "detail": "The values do not fit together.",
            "pointer": "#",
        }
    ]


def test_unknown_api_path_is_a_problem(client):
    response = client.get("/api/v1/nothing/here")
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


def test_api_path_with_a_slash_is_not_found(client, counter):
    assert client.get("/api/v1/counters/").status_code == 404


def test_page_with_a_slash_moves_to_the_one_without(client):
    response = client.get("/raising/?a=1")
    assert response.status_code == 301
    assert response["Location"] == "http://testserver/raising?a=1"


def test_unknown_page_with_a_slash_is_not_found(client):
    assert client.get("/nothing/").status_code == 404
    assert client.get("//evil.example/").status_code == 404


def test_page_that_takes_post_only_names_its_methods(client, counter):
    response = client.get(f"/forms/{counter.pk}/add")
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "POST" in response.text
