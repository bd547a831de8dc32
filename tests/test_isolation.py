"""Every route with an id answers a stranger byte for byte as a missing id.

Walked, not sampled: routes come from the URL configuration, ids from `tests.world`.
Source: 8-api, "404 for every object of another tenant"; 9-quality, "Isolation".
"""

import re
from urllib.parse import quote

import pytest

from tests.routes import Route, every_route
from tests.world import MISSING, OWN, World, all_rows, browser, build_world, caller

pytestmark = pytest.mark.django_db

OBJECT_ROUTES = [route for route in every_route() if route.parameters]
ROUTES = [pytest.param(route, id=route.template) for route in OBJECT_ROUTES]
# Routes whose id is public: any provider may resell any external provider.
OPEN_TO_ALL = {
    "marketplace:relationship-create",
    "marketplace:relationship-form",
    "marketplace:relationship-preview",
}
# Not an object of a tenant: the admin (staff only) and proofs from mails.
OTHER_DOORS = ("/admin/", "/account/")
# Of staff alone: whoever is not is refused with 403 before anything is looked up.
STAFF_DOOR = "/api/admin/"
PER_ANSWER = re.compile(
    rb'(csrfmiddlewaretoken" value="|idempotency_key" value="|X-CSRFToken": ")[^"]+'
)
VOLATILE = {
    "x-request-id",
    "ratelimit-remaining",
    "ratelimit-reset",
    "content-length",
    "expires",
}


@pytest.fixture(autouse=True)
def _staff_without_a_second_factor(settings):
    settings.STAFF_TOTP = False


def answer(client, route: Route, method: str, values: dict[str, str]):
    """Status, headers and body, with the address that was asked for taken out."""
    address = route.address(values)
    body = {"data": b"{}", "content_type": "application/json"} if route.is_api else {}
    response = client.generic(method, address, **body)
    content = b"" if response.streaming else response.content
    headers = {
        name.lower(): value
        for name, value in response.items()
        if name.lower() not in VOLATILE
    }
    shown = PER_ANSWER.sub(rb"\1", content) + repr(sorted(headers.items())).encode()
    for asked in (address, quote(address), quote(address, safe="")):
        shown = shown.replace(asked.encode(), b"ADDRESS")
    return response.status_code, shown


def people(world: World, route: Route):
    clients = {
        "visitor": browser(None),
        "passer-by": browser(world.passer_by),
        "rival": browser(world.rival),
    }
    if route.is_api:
        clients["rival's key"] = caller(world.rival)
    return clients


def test_every_parameter_is_registered():
    used = {name for route in OBJECT_ROUTES for name in route.parameters}
    assert used - OWN.keys() == set()
    assert OWN.keys() == MISSING.keys()


@pytest.mark.parametrize("route", ROUTES)
def test_stranger_sees_what_is_missing(route):
    world = build_world()
    own = {name: OWN[name](world, route) for name in route.parameters}
    missing = {name: MISSING[name] for name in route.parameters}
    clients = people(world, route)
    before = all_rows()
    for who, client in clients.items():
        for method in route.methods:
            if route.name in OPEN_TO_ALL and who.startswith("rival"):
                continue
            theirs = answer(client, route, method, own)
            nothing = answer(client, route, method, missing)
            assert theirs == nothing, (who, method)
            is_tenants = not route.template.startswith((*OTHER_DOORS, STAFF_DOOR))
            if who.startswith("rival") and is_tenants:
                assert theirs[0] in {404, 405}, (who, method)
    assert all_rows() == before


@pytest.mark.parametrize(
    "route",
    [
        pytest.param(route, id=route.template)
        for route in OBJECT_ROUTES
        if not route.template.startswith(OTHER_DOORS)
    ],
)
def test_somebody_does_reach_the_object(route):
    """Without this, a route that is always 404 would look well isolated."""
    world = build_world()
    own = {name: OWN[name](world, route) for name in route.parameters}
    people = (world.owner, world.buyer, world.staff, world.referral.reseller.user)
    is_api = route.template.startswith(STAFF_DOOR)
    clients = [caller(person) if is_api else browser(person) for person in people]
    statuses = {
        answer(client, route, method, own)[0]
        for client in clients
        for method in route.methods
    }
    assert statuses - {404, 405, 401, 403} != set()


def test_a_filter_that_is_off_would_be_seen(monkeypatch):
    """Negative control: without the tenant's filter the walk reports the order."""
    from marketplace.models.contract import ContractQuerySet  # noqa: PLC0415 -- patched

    monkeypatch.setattr(ContractQuerySet, "for_buyer", lambda self, buyer: self)
    world = build_world()
    route = next(r for r in OBJECT_ROUTES if r.name == "marketplace:contract-detail")
    client = browser(world.rival)
    theirs = answer(client, route, "GET", {"contract_id": world.order.contract_id})
    nothing = answer(client, route, "GET", {"contract_id": MISSING["contract_id"]})
    assert theirs != nothing
