"""No form, button or address writes a row past its action; who only looks, never."""

from typing import Any

import pytest
from django.urls import reverse

from marketplace.models import (
    Contract,
    FulfilmentAttempt,
    Offering,
    Payment,
    Provider,
    ProviderMember,
    ResellerOrder,
    ResellerRelationship,
)
from resellers.models import AccessKey, Account, AuditEntry, Job, LedgerEntry, User
from tests.factories.marketplace import order_in, placed_order
from tests.factories.resellers import AccessKeyFactory, JobFactory
from tests.marketplace.admin.pages import url
from tests.routes import every_route
from tests.world import MISSING, admin_object, all_rows

pytestmark = pytest.mark.django_db

READ_ONLY = [Contract, Payment, ResellerOrder, FulfilmentAttempt]
EDITED = [Provider, ProviderMember, Offering, ResellerRelationship]
TRUNK = [AccessKey, Account, AuditEntry, Job, LedgerEntry, User]
ADMIN = [
    route
    for route in every_route()
    if route.name.startswith(("admin:marketplace_", "admin:resellers_"))
]
WORLD: Any = None  # the rows of the fixture stand for it
# Everything a form or button might take, true or not.
FACTS = {
    "reason": "They asked us to do so.",
    "reason_code": "other",
    "reference": "CS-1",
    "note": "It was put right.",
    "external_order_id": "EXT-1",
    "host": "192.0.2.1",
    "name": "Renamed",
    "offer_name": "Renamed",
    "role": "viewer",
    "state": "completed",
    "status": "retired",
    "commission_percent": "50",
    "accept_within_hours": "1",
    "fulfil_within_hours": "1",
    "monthly_price": "0.01",
    "email": "new@example.com",
    "is_superuser": "on",
    "days": "5",
}


@pytest.fixture
def rows(relationship, owner):
    """Something in every table and in states that have buttons."""
    order_in("fulfilled", relationship)
    placed_order(relationship)
    JobFactory.create(state="dead")
    AccessKeyFactory.create()
    return all_rows()


@pytest.mark.parametrize("model", READ_ONLY + EDITED, ids=lambda m: m.__name__)
def test_nothing_is_deleted(browser, rows, model):
    row = model.objects.first()
    answer = browser.post(url(row, "delete"), {"post": "yes"})
    assert answer.status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    browser.post(url(model, "changelist"), bulk)
    assert all_rows() == rows


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda m: m.__name__)
def test_sales_are_neither_added_nor_edited(browser, rows, model):
    row = model.objects.first()
    assert browser.get(url(model, "add")).status_code == 403
    assert browser.post(url(model, "add"), FACTS).status_code == 403
    assert browser.post(url(row, "change"), FACTS).status_code == 403
    assert all_rows() == rows


@pytest.mark.parametrize("model", [Offering, ResellerRelationship])
def test_what_imports_and_providers_make_is_not_added(browser, rows, model):
    assert browser.post(url(model, "add"), FACTS).status_code == 403
    assert all_rows() == rows


def test_the_walk_meets_every_table_and_button():
    names = {route.name for route in ADMIN}
    assert {url_name(model, "change") for model in READ_ONLY + EDITED + TRUNK} <= names
    buttons = {name for name in names if name.rpartition("_")[2] not in STOCK}
    assert len(buttons) >= 18


STOCK = {"change", "changelist", "add", "delete", "history"}


def url_name(model, role: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{role}"


@pytest.mark.parametrize("route", ADMIN, ids=lambda route: route.name)
def test_whoever_only_looks_changes_nothing(looking, rows, route):
    values = dict(MISSING)
    if "object_id" in route.parameters:
        values["object_id"] = admin_object(WORLD, route)
    before = all_rows()
    answer = looking.post(route.address(values), FACTS)
    assert answer.status_code in {200, 302, 403, 405}
    assert all_rows() == before


@pytest.mark.parametrize("model", EDITED + READ_ONLY + TRUNK, ids=lambda m: m.__name__)
def test_whoever_only_looks_sees_no_button(looking, rows, model):
    row = model.objects.first()
    page = looking.get(url(row, "change"))
    assert page.status_code == 200
    assert page.context.get("buttons") == []
    assert b'class="deed"' not in page.content
    assert b'name="_save"' not in page.content


@pytest.mark.parametrize(
    ("model", "action"),
    [
        (Offering, "check_selected"),
        (Offering, "retire_selected"),
        (ResellerRelationship, "suspend_selected"),
        (ResellerRelationship, "resume_selected"),
        (Job, "try_again"),
    ],
)
def test_bulk_actions_are_for_whoever_may_change(looking, rows, model, action):
    chosen = [row.pk for row in model.objects.all()]
    bulk = {"action": action, "_selected_action": chosen, "index": 0}
    looking.post(url(model, "changelist"), bulk)
    assert all_rows() == rows


def test_people_without_rights_see_no_table(client_for, staff, rows):
    for model in READ_ONLY + EDITED:
        page = client_for(staff).get(url(model, "changelist"))
        assert page.status_code == 403
    front = client_for(staff).get(reverse("admin:index"))
    assert front.context["tasks"] == []
