"""Hostile input on every route: 4xx or an honest answer, never 5xx; lists stay whole.

Every value is sent to some route of each kind, the sharpest to every route. Afterwards every
list is read again, since what was accepted must not break who reads it.
Source: 9-quality, section 8, "fast".
"""

import copy
import itertools
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django import forms
from django.test import Client

from config.api.schema import openapi
from tests.conftest import StrictClient
from tests.hostile import values
from tests.routes import Route, every_route
from tests.world import OWN, World, build_world, caller

pytestmark = pytest.mark.django_db

ROUTES = every_route()
API_WRITES = [
    (route, method)
    for route in ROUTES
    for method in route.methods
    if route.is_api and method in {"POST", "PUT", "PATCH"}
]
PAGES = [route for route in ROUTES if not route.is_api]
# The sharpest of each kind: every route meets them.
SHARP_QUERIES = ["q=%00", "q=%ED%A0%80", "q=%FF", "cursor=%00", "limit=" + "9" * 400]
SHARP_BODIES = [b'{"a":"\\u0000"}', b'{"a":"\\ud800"}', b"[" * 9999, b'{"a":1e999}']


@pytest.fixture(autouse=True)
def _many_calls(settings):
    settings.API_CALLS_PER_MINUTE = 10_000_000
    settings.STAFF_TOTP = False


@pytest.fixture
def world(db) -> World:
    return build_world("accepted")


class People:
    """Who sends: seller, buyer, staff and a visitor, in turn."""

    def __init__(self, world: World) -> None:
        self.world = world
        people = (world.owner, world.buyer, world.staff)
        self.browsers: list[Client] = [signed_in(person) for person in people]
        self.callers: list[Client] = [caller(person) for person in people]
        self.visitor: Client = StrictClient()
        self.turn = itertools.count()
        self.sent = 0

    def send(self, route: Route, method: str, address: str, **how: Any) -> Any:
        """Send as the next in turn; signed in anew where that ended."""
        crowd = self.callers if route.is_api else [*self.browsers, self.visitor]
        client = crowd[next(self.turn) % len(crowd)]
        saved = copy.deepcopy(client.cookies)
        response = client.generic(method, address, **how)
        client.cookies = saved
        self.sent += 1
        shown = (method, address[:200], how.get("data", b"")[:200])
        assert response.status_code < 500, (*shown, response.content[:300])
        return response

    def address(self, route: Route) -> str:
        own = {name: OWN[name](self.world, route) for name in route.parameters}
        return route.address(own)


def signed_in(person: Any) -> Client:
    client = StrictClient()
    client.force_login(person)
    return client


@pytest.fixture
def people(world: World) -> Iterator[People]:
    """The senders; when they are done, every list is read again."""
    people = People(world)
    yield people
    read_every_list_again(people)


def read_every_list_again(people: People) -> None:
    refused = []
    for route in ROUTES:
        if route.parameters or route.name in LEAVING:
            continue
        crowd = people.callers if route.is_api else people.browsers
        answers = [client.get(route.template) for client in crowd]
        assert all(answer.status_code < 500 for answer in answers), route.template
        if not any(answer.status_code in {200, 302, 405} for answer in answers):
            refused.append(route.template)
    assert set(refused) <= SWITCHED_OFF


LEAVING = {"account_logout", "admin:logout"}
SWITCHED_OFF = {"/metrics", "/demo/sign-in", "/admin/autocomplete/"}


def names_of_query(route: Route) -> list[str]:
    operation = openapi()["paths"].get(route.template, {}).get("get", {})
    given = operation.get("parameters", [])
    found = [parameter["name"] for parameter in given if parameter["in"] == "query"]
    return found or ["q", "cursor", "next", "status", "percent", "seller", "ordering"]


def names_of_body(route: Route, method: str) -> list[str]:
    operation = openapi()["paths"][route.template][method.lower()]
    content = operation.get("requestBody", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    name = reference.rpartition("/")[2]
    shape = openapi()["components"]["schemas"].get(name, {})
    return list(shape.get("properties", {})) or ["a"]


def names_of_forms() -> list[str]:
    """The fields of every form of ours."""
    waiting: list[Any] = [forms.Form, forms.ModelForm]
    names: set[str] = set()
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.startswith(("marketplace", "resellers", "config")):
            names |= form.base_fields.keys()
    return sorted(names | {"idempotency_key", "version", "next"})


def test_there_are_more_than_a_thousand_values():
    assert values.count() >= 1_000
    assert len(ROUTES) >= 50


def test_queries(people):
    gets = [route for route in ROUTES if "GET" in route.methods]
    for number, make in enumerate(values.queries()):
        route = gets[number % len(gets)]
        names = names_of_query(route)
        query = make(names[number // len(gets) % len(names)])
        people.send(route, "GET", people.address(route), QUERY_STRING=query)
    for route, query in itertools.product(gets, SHARP_QUERIES):
        response = people.send(route, "GET", people.address(route), QUERY_STRING=query)
        assert response.status_code >= 300 or query.startswith("limit"), route.template


def test_paths(people):
    routes = [route for route in ROUTES if route.parameters]
    for number, text in enumerate(values.texts()):
        route = routes[number % len(routes)]
        filled = {name: quote(text, safe="") for name in route.parameters}
        method = route.methods[number % len(route.methods)]
        people.send(route, method, route.address(filled))
    for route in routes:
        for raw in values.BROKEN_UTF8:
            filled = {name: quote(raw) for name in route.parameters}
            people.send(route, "GET", route.address(filled))


def test_json_bodies(people):
    for number, make in enumerate(values.bodies()):
        route, method = API_WRITES[number % len(API_WRITES)]
        names = names_of_body(route, method)
        body = make(names[number // len(API_WRITES) % len(names)])
        send_json(people, route, method, body)
    for (route, method), body in itertools.product(API_WRITES, SHARP_BODIES):
        assert send_json(people, route, method, body).status_code >= 400


def send_json(people: People, route: Route, method: str, body: bytes) -> Any:
    address = people.address(route)
    how = {"data": body, "content_type": "application/json"}
    return people.send(route, method, address, **how)


def test_forms(people):
    names = names_of_forms()
    encoded = [quote(text).encode() for text in values.texts()]
    encoded += [quote(raw).encode() for raw in values.BROKEN_UTF8]
    kind = "application/x-www-form-urlencoded"
    pages = [page for page in PAGES if page.name not in LEAVING]
    for number, value in enumerate(encoded):
        page = pages[number % len(pages)]
        name = names[number % len(names)].encode()
        others = b"&".join(b"%s=1" % n.encode() for n in names if n.encode() != name)
        data = b"%s=%s&%s" % (name, value, others)
        people.send(page, "POST", people.address(page), data=data, content_type=kind)
    for page, body in itertools.product(PAGES, (b"a=%00", b"a=%FF", b"\xff=1")):
        address = people.address(page)
        response = people.send(page, "POST", address, data=body, content_type=kind)
        assert response.status_code >= 300


def test_cookies(people):
    for number, cookie in enumerate(values.COOKIES):
        sharp = '"\\0' in cookie
        routes = ROUTES if sharp else ROUTES[number % 3 :: 3]
        for route in routes:
            client = people.visitor
            response = client.get(people.address(route), HTTP_COOKIE=cookie)
            assert response.status_code < 500, (route.template, cookie)
            if sharp:
                assert response.status_code == 400, (route.template, cookie)


def test_headers(people):
    for number, headers in enumerate(values.HEADERS):
        for route in ROUTES[number % 4 :: 4]:
            people.send(route, "GET", people.address(route), **headers)


def test_methods(people):
    for route in ROUTES:
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"):
            if method not in route.methods:
                people.send(route, method, people.address(route))
