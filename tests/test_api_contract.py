"""Every route of the API: errors, schema, paging. Walked, not sampled.

What an operation may answer is what the schema publishes for it: each refusal met on
the way is looked up there. Source: 8-api; 3-style, "Contracts are walked".
"""

import re
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from config.api.door import methods_of
from tests.problems import assert_error, assert_problem
from tests.routes import Route, api_routes
from tests.world import MISSING, OWN, World, browser, build_world, caller

pytestmark = pytest.mark.django_db

OPERATIONS = [(route, method) for route in api_routes() for method in route.methods]
WALK = [
    pytest.param(route, method, id=f"{method} {route.template}")
    for route, method in OPERATIONS
]
OTHERS = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"}


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture
def world(db) -> World:
    return build_world("accepted")


@pytest.fixture
def clients(world):
    return [caller(world.owner), caller(world.buyer)]


def operation_of(schema, route: Route, method: str) -> dict[str, Any]:
    operation: dict[str, Any] = schema["paths"][route.template][method.lower()]
    return operation


def address_of(world: World, route: Route) -> str:
    return route.address({name: OWN[name](world, route) for name in route.parameters})


def send(client, method, address, body=b"{}", **extra):
    if method == "GET":
        return client.get(address, **extra)
    return client.generic(method, address, body, "application/json", **extra)


def assert_published(schema, route: Route, method: str, response) -> None:
    """The refusal is one that the schema names for this operation."""
    if response.status_code < 400:
        return
    problem = assert_problem(response)
    published = operation_of(schema, route, method)["responses"]
    assert str(response.status_code) in published, problem
    content = published[str(response.status_code)]["content"]
    codes = content["application/problem+json"]["examples"].keys()
    assert {problem["code"], *(e["code"] for e in problem.get("errors", []))} - {
        "invalid",
        *FIELD_CODES,
    } <= codes, problem


# What any field of a body or query may be refused with.
FIELD_CODES = {
    "required",
    "blank",
    "null",
    "invalid",
    "invalid_choice",
    "not_an_integer",
    "not_a_string",
    "invalid_character",
    "too_long",
    "timezone_required",
    "limit_out_of_range",
    "bad_cursor",
}


def test_there_are_routes_to_walk():
    assert len(OPERATIONS) >= 20


def test_schema_holds_every_operation_and_nothing_else(schema):
    walked = {(route.template, method.lower()) for route, method in OPERATIONS}
    published = {
        (path, method)
        for path, operations in schema["paths"].items()
        for method in operations
    }
    assert published == walked


def test_operation_ids_are_unique(schema):
    ids = [
        operation["operationId"]
        for operations in schema["paths"].values()
        for operation in operations.values()
    ]
    assert sorted(ids) == sorted(set(ids))


def test_names_follow_the_convention():
    for route in api_routes():
        assert re.fullmatch(r"api:\w+:[a-z]+(-[a-z]+)+", route.name), route.name


def test_no_route_ends_in_a_slash():
    assert [route for route in api_routes() if route.template.endswith("/")] == []


@pytest.mark.parametrize(("route", "method"), WALK)
def test_operation_is_described(schema, route, method):
    operation = operation_of(schema, route, method)
    assert 5 <= len(operation["summary"]) <= 100
    assert operation["security"]
    responses = operation["responses"]
    assert any(status.startswith("2") for status in responses)
    assert {"400", "429", "503"} <= responses.keys()
    parameters = {(p["in"], p["name"]) for p in operation.get("parameters", [])}
    assert (("header", "Idempotency-Key") in parameters) == (method == "POST")
    for name in route.parameters:
        assert ("path", name) in parameters
    if route.parameters:
        assert "404" in responses


@pytest.mark.parametrize(("route", "method"), WALK)
def test_visitor_is_asked_to_sign_in_or_served(schema, world, route, method):
    response = send(browser(None), method, address_of(world, route))
    security = operation_of(schema, route, method)["security"]
    if {} in security or response.status_code < 400:
        assert method == "GET"
        assert response.status_code in {200, 404}
    else:
        assert_error(response, 401, "not_authenticated")


@pytest.mark.parametrize(("route", "method"), WALK)
def test_wrong_key_is_refused_even_where_visitors_may_read(world, route, method):
    headers = {"Authorization": "Bearer cs_live_nobody"}
    address = address_of(world, route)
    response = send(browser(None), method, address, headers=headers)
    assert_error(response, 401, "bad_credentials")


@pytest.mark.parametrize(("route", "method"), WALK)
def test_key_without_scopes_is_refused(world, route, method):
    from resellers.models import AccessKey  # noqa: PLC0415 -- of this test

    client = caller(world.owner)
    AccessKey.objects.update(scopes=[])
    response = send(client, method, address_of(world, route))
    assert_error(response, 403, "insufficient_scope")


@pytest.mark.parametrize("route", api_routes(), ids=lambda route: route.template)
def test_wrong_methods_are_405_and_name_the_right_ones(world, route):
    client = caller(world.owner)
    allowed = methods_of(route.view) or []
    for method in sorted(OTHERS - set(allowed)):
        response = client.generic(method, address_of(world, route))
        assert_error(response, 405, "method_not_allowed")
        assert response["Allow"] == ", ".join(allowed)


@pytest.mark.parametrize(("route", "method"), WALK)
def test_unknown_parameter_is_refused(schema, clients, world, route, method):
    address = f"{address_of(world, route)}?unheard_of=1"
    for client in clients:
        response = send(client, method, address)
        assert_error(response, 400, "unknown_parameter")


@pytest.mark.parametrize(("route", "method"), WALK)
def test_missing_object_is_404_in_the_same_words(schema, world, route, method):
    if not route.parameters:
        pytest.skip("names no object")
    address = route.address({name: MISSING[name] for name in route.parameters})
    answers = [
        send(caller(person), method, address) for person in (world.owner, world.buyer)
    ]
    found = [response for response in answers if response.status_code == 404]
    assert found, [response.status_code for response in answers]
    for response in found:
        assert_error(response, 404, "not_found")


WRITES = [case for case in WALK if case.values[1] in {"POST", "PUT", "PATCH"}]
BAD_BODIES = {
    "unreadable": b"{",
    "list": b"[]",
    "number": b"1",
    "null": b"null",
    "NaN": b'{"a": NaN}',
    "unknown": b'{"unheard_of": 1}',
}


@pytest.mark.parametrize(("route", "method"), WRITES)
@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_bad_body_is_refused(route, method, body, request):
    schema, clients, world = map(
        request.getfixturevalue, ["schema", "clients", "world"]
    )
    for client in clients:
        response = send(client, method, address_of(world, route), body)
        assert 400 <= response.status_code < 500
        assert_published(schema, route, method, response)


@pytest.mark.parametrize(("route", "method"), WRITES)
def test_some_caller_is_told_of_the_unknown_field(clients, world, route, method):
    answers = [
        send(client, method, address_of(world, route), b'{"unheard_of": 1}')
        for client in clients
    ]
    problems = [assert_problem(response) for response in answers]
    codes = {error["code"] for p in problems for error in p.get("errors", [])}
    assert "unknown_field" in codes, problems


@pytest.mark.parametrize(("route", "method"), WRITES)
def test_other_content_type_is_415(clients, world, route, method):
    address = address_of(world, route)
    for content_type in ("text/plain", "application/json; charset=utf-16"):
        response = clients[0].generic(method, address, b"{}", content_type)
        assert_error(response, 415, "unsupported_media_type")


def is_list(schema, route: Route, method: str) -> bool:
    if method != "GET":
        return False
    parameters = operation_of(schema, route, method).get("parameters", [])
    return any(parameter["name"] == "cursor" for parameter in parameters)


@pytest.mark.parametrize(("route", "method"), WALK)
def test_list_is_a_bare_array_with_bounded_pages(route, method, request):
    schema = request.getfixturevalue("schema")
    if not is_list(schema, route, method):
        pytest.skip("is no list")
    clients = request.getfixturevalue("clients")
    address = address_of(request.getfixturevalue("world"), route)
    answers = [client.get(address) for client in clients]
    assert any(response.status_code == 200 for response in answers)
    for client, response in zip(clients, answers, strict=True):
        if response.status_code != 200:
            continue
        assert isinstance(response.json(), list)
        for limit in ("0", "1001", "-1", "1e1", "x"):
            refused = client.get(address, {"limit": limit})
            assert_error(refused, 400, "limit_out_of_range")
        for cursor in ("x", "x:y", "W10:x"):
            refused = client.get(address, {"cursor": cursor})
            assert_error(refused, 400, "bad_cursor")
        assert len(client.get(address, {"limit": "1"}).json()) <= 1


def test_schema_is_served_offline_to_everybody(client):
    response = client.get("/api/schema")
    assert response.status_code == 200
    assert response.json()["info"]["version"] == "2026-03-01"


def test_docs_page_names_every_operation_and_loads_nothing_foreign(client, schema):
    page = client.get("/api/docs")
    assert page.status_code == 200
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert f"{method.upper()} {path}" in page.text
            assert f'id="{operation["operationId"]}"' in page.text
    assert "style=" not in page.text
    assert re.findall(r"<script(?![^>]*\bsrc=)", page.text) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page.text) == []
    anchors = set(re.findall(r'href="#([\w.-]+)"', page.text)) - {"main"}
    assert anchors <= set(re.findall(r'id="([\w.-]+)"', page.text))
