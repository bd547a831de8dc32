"""Every route of the API: errors, schema, paging. Walked, not sampled.

What an operation may answer is what the schema publishes for it: each refusal met on
the way is looked up there. A walk shares its rows, since every call in it is refused
or reads; it collects what is wrong and shows all of it at once.
Source: 8-api; 3-style, "Contracts are walked".
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from config.api.door import methods_of
from config.api.schema import openapi
from resellers.models import AccessKey
from tests.problems import assert_error, assert_problem
from tests.routes import Route, api_routes
from tests.world import MISSING, OWN, World, browser, build_world, caller

pytestmark = pytest.mark.django_db

OPERATIONS = [(route, method) for route in api_routes() for method in route.methods]
WRITES = [(route, method) for route, method in OPERATIONS if method != "GET"]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]
BAD_BODIES = [b"{", b"[]", b"1", b"null", b'{"a": NaN}', b'{"unheard_of": 1}']
# What any field of a body or query may be refused with.
FIELD_CODES = {
    "bad_cursor",
    "blank",
    "invalid",
    "invalid_character",
    "invalid_choice",
    "limit_out_of_range",
    "not_a_string",
    "not_an_integer",
    "null",
    "required",
    "timezone_required",
    "too_long",
}

Check = Callable[[Route, str], None]


@pytest.fixture
def world(db) -> World:
    return build_world("accepted")


@pytest.fixture
def clients(world: World) -> list[Client]:
    """Somebody who sells, who rents, and staff: each route belongs to one."""
    return [caller(world.owner), caller(world.buyer), caller(world.staff)]


def walk(operations: list[tuple[Route, str]], check: Check) -> None:
    """Check each operation, and fail with all that went wrong."""
    wrong = []
    for route, method in operations:
        try:
            check(route, method)
        except (AssertionError, KeyError) as exc:
            wrong.append(f"{method} {route.template}: {exc!r}"[:400])
    assert not wrong, "\n".join(wrong)


def published(route: Route, method: str) -> dict[str, Any]:
    operation: dict[str, Any] = openapi()["paths"][route.template][method.lower()]
    return operation


def own(world: World, route: Route) -> str:
    return route.address({name: OWN[name](world, route) for name in route.parameters})


def send(client: Client, method: str, address: str, body: bytes = b"{}", **how: Any):
    if method == "GET":
        return client.get(address, **how)
    return client.generic(method, address, body, "application/json", **how)


def assert_published(route: Route, method: str, response: Any) -> None:
    """The refusal is one that the schema names for this operation."""
    problem = assert_problem(response)
    responses = published(route, method)["responses"]
    named = responses[str(problem["status"])]["content"]["application/problem+json"]
    errors = {error["code"] for error in problem.get("errors", [])}
    assert errors | {problem["code"]} <= {*named["examples"], *FIELD_CODES}, problem


def lists() -> Iterator[tuple[Route, str]]:
    """Operations whose pages are cut: those that take a cursor."""
    for route, method in OPERATIONS:
        names = {p["name"] for p in published(route, method).get("parameters", [])}
        if method == "GET" and "cursor" in names:
            yield route, method


def test_schema_holds_every_operation_and_nothing_else():
    walked = {(route.template, method.lower()) for route, method in OPERATIONS}
    assert len(walked) >= 20
    paths = openapi()["paths"].items()
    assert {(path, method) for path, item in paths for method in item} == walked


def test_operation_ids_are_unique():
    paths = openapi()["paths"].values()
    ids = [operation["operationId"] for item in paths for operation in item.values()]
    assert sorted(ids) == sorted(set(ids))


def test_names_and_paths_follow_the_convention():
    for route in api_routes():
        assert re.fullmatch(r"api:\w+:[a-z]+(-[a-z]+)+", route.name), route.name
        assert not route.template.endswith("/")


def test_operations_are_described():
    def check(route: Route, method: str) -> None:
        operation = published(route, method)
        assert 5 <= len(operation["summary"]) <= 100, operation["summary"]
        assert operation["security"]
        answers = operation["responses"]
        assert any(status.startswith("2") for status in answers)
        assert {"400", "429", "503"} <= answers.keys()
        named = {(p["in"], p["name"]) for p in operation.get("parameters", [])}
        assert (("header", "Idempotency-Key") in named) == (method == "POST")
        assert {("path", name) for name in route.parameters} <= named
        assert ("404" in answers) or not route.parameters

    walk(OPERATIONS, check)


def test_visitor_is_served_where_it_is_published_else_asked_to_sign_in(world):
    def check(route: Route, method: str) -> None:
        response = send(browser(None), method, own(world, route))
        if {} in published(route, method)["security"]:
            assert (method, response.status_code) in {("GET", 200), ("GET", 404)}
        else:
            assert_error(response, 401, "not_authenticated")

    walk(OPERATIONS, check)


def test_wrong_key_is_refused_even_where_visitors_may_read(world):
    headers = {"Authorization": "Bearer cs_live_nobody"}

    def check(route: Route, method: str) -> None:
        response = send(browser(None), method, own(world, route), headers=headers)
        assert_error(response, 401, "bad_credentials")

    walk(OPERATIONS, check)


def test_key_without_scopes_is_refused(world, clients):
    AccessKey.objects.update(scopes=[])

    def check(route: Route, method: str) -> None:
        response = send(clients[0], method, own(world, route))
        assert_error(response, 403, "insufficient_scope")

    walk(OPERATIONS, check)


def test_wrong_methods_are_405_and_name_the_right_ones(world, clients):
    def check(route: Route, method: str) -> None:
        allowed = methods_of(route.view) or []
        for wrong in sorted(set(METHODS) - set(allowed)):
            response = clients[0].generic(wrong, own(world, route))
            assert_error(response, 405, "method_not_allowed")
            assert response["Allow"] == ", ".join(allowed)

    walk(OPERATIONS, check)


def test_unknown_parameters_are_refused(world, clients):
    def check(route: Route, method: str) -> None:
        response = send(clients[0], method, f"{own(world, route)}?unheard_of=1")
        assert_error(response, 400, "unknown_parameter")

    walk(OPERATIONS, check)


def test_missing_objects_are_404_in_the_same_words(clients):
    def check(route: Route, method: str) -> None:
        missing = route.address({name: MISSING[name] for name in route.parameters})
        answers = [send(client, method, missing) for client in clients]
        found = [answer for answer in answers if answer.status_code == 404]
        assert found, [answer.status_code for answer in answers]
        for answer in found:
            assert_error(answer, 404, "not_found")

    walk([(r, m) for r, m in OPERATIONS if r.parameters], check)


def test_bad_bodies_are_refused_as_published(world, clients):
    def check(route: Route, method: str) -> None:
        for body in BAD_BODIES:
            answers = [send(c, method, own(world, route), body) for c in clients]
            for answer in answers:
                assert 400 <= answer.status_code < 500, (body, answer.content)
                assert_published(route, method, answer)
            if b"unheard_of" in body:
                problems = [answer.json() for answer in answers]
                codes = {e["code"] for p in problems for e in p.get("errors", [])}
                assert "unknown_field" in codes, problems

    walk([(r, m) for r, m in WRITES if m != "DELETE"], check)


def test_other_content_types_are_415(world, clients):
    def check(route: Route, method: str) -> None:
        for kind in ("text/plain", "application/json; charset=utf-16"):
            answer = clients[0].generic(method, own(world, route), b"{}", kind)
            assert_error(answer, 415, "unsupported_media_type")

    walk(WRITES, check)


def test_lists_are_bare_arrays_of_bounded_pages(world, clients):
    def check(route: Route, method: str) -> None:
        address = own(world, route)
        answers = [(client, client.get(address)) for client in clients]
        served = [(c, answer) for c, answer in answers if answer.status_code == 200]
        assert served
        for client, answer in served:
            assert isinstance(answer.json(), list)
            assert len(client.get(address, {"limit": "1"}).json()) <= 1
            for limit in ("0", "1001", "-1", "1e1", "x"):
                refused = client.get(address, {"limit": limit})
                assert_error(refused, 400, "limit_out_of_range")
            for cursor in ("x", "x:y", "W10:x"):
                refused = client.get(address, {"cursor": cursor})
                assert_error(refused, 400, "bad_cursor")

    found = list(lists())
    assert len(found) >= 4
    walk(found, check)


def test_schema_is_served_to_everybody(client):
    response = client.get("/api/schema")
    assert response.status_code == 200
    assert response.json()["info"]["version"] == "2026-03-01"


def test_docs_page_names_every_operation_and_loads_nothing_foreign(client):
    page = client.get("/api/docs")
    assert page.status_code == 200
    for path, operations in openapi()["paths"].items():
        for method, operation in operations.items():
            assert f"{method.upper()} {path}" in page.text
            assert f'id="{operation["operationId"]}"' in page.text
    assert "style=" not in page.text
    assert re.findall(r"<script(?![^>]*\bsrc=)", page.text) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page.text) == []
    anchors = set(re.findall(r'href="#([\w.-]+)"', page.text)) - {"main"}
    assert anchors <= set(re.findall(r'id="([\w.-]+)"', page.text))
