"""View-only staff change nothing: no form, inline, bulk action, address or endpoint.

Walked, not sampled: every admin address of the reseller models and every route of
`/api/admin`, by every method that could write, with everything any form takes. That
the same facts do change rows for others is shown in `test_matrix`.
"""

import itertools
from collections import ChainMap
from typing import Any

import pytest
from django.contrib import admin

from resellers.models import ContactGroup, Rate, Referral, Reseller, Sale
from tests.resellers import people
from tests.resellers.admin.deeds import BUTTONS, ENDPOINTS
from tests.resellers.admin.pages import url
from tests.resellers.admin.stage import set_stage
from tests.routes import Route, api_routes, every_route
from tests.world import MISSING, all_rows, caller

pytestmark = pytest.mark.django_db

MODELS: dict[str, Any] = {
    "reseller": Reseller,
    "referral": Referral,
    "rate": Rate,
    "sale": Sale,
    "contactgroup": ContactGroup,
}
ADMIN = [
    route
    for route in every_route()
    if route.name.startswith(tuple(f"admin:resellers_{each}_" for each in MODELS))
]
API = [route for route in api_routes() if route.template.startswith("/api/admin/")]
WRITING = ("post", "put", "patch", "delete")
# Everything any form here takes, and what Django's own forms and inlines look for.
FACTS = {
    **ChainMap(*(deed.facts for deed in BUTTONS)),
    "post": "yes",
    "_save": "Save",
    "confirm": "yes",
    "referrals-TOTAL_FORMS": "1",
    "referrals-INITIAL_FORMS": "0",
    "referrals-0-customer_ref": "C-77",
    "form-TOTAL_FORMS": "1",
    "form-INITIAL_FORMS": "1",
    "form-0-status": "inactive",
    "file_format": "0",
    "format": "csv",
}
BODY = dict(ChainMap(*(deed.facts for deed in ENDPOINTS)))


@pytest.fixture
def stage():
    return set_stage()


@pytest.fixture
def looking(client_for, stage):
    return client_for(people.viewer())


def rows_of(route: Route) -> list[str]:
    """Every row of the model that the route is about: each state has its buttons."""
    word = route.name.removeprefix("admin:resellers_").partition("_")[0]
    return [str(pk) for pk in MODELS[word].objects.values_list("pk", flat=True)]


def addresses(route: Route) -> list[str]:
    if "object_id" in route.parameters:
        return [route.address({"object_id": pk}) for pk in rows_of(route)]
    return [route.address({name: MISSING[name] for name in route.parameters})]


@pytest.mark.parametrize("route", ADMIN, ids=lambda route: route.name)
def test_no_address_of_the_admin_writes(looking, stage, route):
    facts = {**FACTS, "ids": stage.active.pk.hex, "contact_group": str(stage.group.pk)}
    before = all_rows()
    for address, method in itertools.product(addresses(route), WRITING):
        sent = {"data": facts} if method == "post" else {}
        answer = getattr(looking, method)(address, **sent)
        assert answer.status_code in {200, 301, 302, 403, 404, 405}, (method, address)
    assert all_rows() == before


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.__name__)
def test_no_bulk_action_writes(looking, stage, model, rf):
    boss = people.finance(is_superuser=True)
    request = rf.get("/")
    request.user = boss
    actions = admin.site.get_model_admin(model).get_actions(request)
    assert ("bulk_status" in actions) == (model is Reseller)
    chosen = [str(pk) for pk in model.objects.values_list("pk", flat=True)]
    before = all_rows()
    for action, across in itertools.product([*actions, "delete_selected"], "01"):
        sent = {
            **FACTS,
            "action": action,
            "index": "0",
            "select_across": across,
            "_selected_action": chosen,
        }
        answer = looking.post(url(model, "changelist"), sent)
        assert answer.status_code in {200, 302, 403}
        assert "names" not in (answer.context or {})
    assert all_rows() == before


@pytest.mark.parametrize("route", API, ids=lambda route: route.template)
@pytest.mark.parametrize("by", ["key", "session"])
def test_no_endpoint_writes(client_for, stage, route, by):
    person = people.viewer()
    client = caller(person) if by == "key" else client_for(person)
    known = {
        "reseller_id": str(stage.active.pk),
        "referral_id": str(stage.referral.pk),
        "sale_id": str(stage.unposted.pk),
        "slug": stage.group.slug,
    }
    before = all_rows()
    json = (
        {"content_type": "application/json"} if by == "session" else {"format": "json"}
    )
    for method in WRITING:
        answer = getattr(client, method)(route.address(known), BODY, **json)
        assert answer.status_code in {403, 405}, method
    assert all_rows() == before


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.__name__)
def test_no_page_offers_a_field_or_a_button(looking, stage, model):
    for row in model.objects.all():
        page = looking.get(url(row, "change"))
        shown = page.content.decode()
        assert page.status_code == 200
        assert 'name="_save"' not in shown
        assert 'class="deed"' not in shown
        assert page.context.get("buttons", []) == []
    listed = looking.get(url(model, "changelist"))
    assert listed.context["cl"].formset is None
    assert "addlink" not in listed.content.decode()
    assert "bulk_" not in listed.content.decode()


def test_the_walk_meets_every_table():
    assert {route.name.split("_")[1] for route in ADMIN} == set(MODELS)
    assert (len(ADMIN) > 50, len(API) > 15) == (True, True)
