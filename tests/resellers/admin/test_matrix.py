"""Editors against finance: every button, form and endpoint, with what makes it act.

Each is sent what it takes, so that whoever is let in does change something, and
whoever is not changes nothing at all.
"""

from typing import Any

import pytest
from django.urls import reverse

from resellers.models.versions import version_of
from tests.factories.profiles import ResellerFactory
from tests.resellers import people
from tests.resellers.admin.deeds import BUTTONS, EDITOR, ENDPOINTS, FINANCE, Deed
from tests.resellers.admin.pages import labels
from tests.resellers.admin.stage import Stage, set_stage
from tests.routes import api_routes, every_route
from tests.world import all_rows, caller

pytestmark = pytest.mark.django_db

MODELS = ("reseller", "referral", "rate", "sale", "contactgroup")
READ = {"changelist", "history", "keys", "batch", "extended-keys"}
REFUSED_TO_ALL = {"delete"}
NEVER_CHANGED = {"admin:resellers_rate_change", "admin:resellers_sale_change"}
TRANSFERS = {"import", "upload", "export"}
"""Proved beside the files themselves."""
LET_IN = {
    "viewer": set(),
    "plain_staff": set(),
    "editor": {EDITOR},
    "finance": {EDITOR, FINANCE},
}
WHO = pytest.mark.parametrize("who", LET_IN)


@pytest.fixture
def stage():
    ResellerFactory.create(code="RS-0000ZZ")
    return set_stage()


def sent(deed: Deed, stage: Stage) -> dict[str, Any]:
    """The facts with the ids they stand for."""
    known = {
        "ACTIVE": stage.active.pk.hex,
        "GROUP": str(stage.group.pk),
        "VERSION": version_of(stage.active),
        "OTHER": str(type(stage.active).objects.get(code="RS-0000ZZ").pk),
    }
    return {
        name: known.get(fact, fact) if isinstance(fact, str) else fact
        for name, fact in deed.facts.items()
    }


def address(deed: Deed, stage: Stage) -> str:
    if not deed.row:
        return reverse(deed.name)
    row = stage.row(deed.row)
    return reverse(deed.name, args=[getattr(row, "slug", row.pk)])


def admin_address(deed: Deed, stage: Stage) -> str:
    args = [stage.row(deed.row).pk] if deed.row else []
    return reverse(deed.name, args=args)


def role(name: str) -> str:
    return name.removeprefix("admin:resellers_").partition("_")[2]


def test_every_button_and_form_is_in_the_table():
    routes = {
        route.name
        for route in every_route()
        if route.name.startswith(tuple(f"admin:resellers_{each}_" for each in MODELS))
    }
    written = {
        name
        for name in routes - NEVER_CHANGED
        if role(name) not in READ | REFUSED_TO_ALL | TRANSFERS
    }
    assert written == {deed.name for deed in BUTTONS}


def test_every_endpoint_is_in_the_table():
    written = {
        (route.name, method.lower())
        for route in api_routes()
        if route.template.startswith("/api/admin/")
        for method in route.methods
        if method not in {"GET", "HEAD"}
    }
    assert written == {(deed.name, deed.method) for deed in ENDPOINTS}


@WHO
@pytest.mark.parametrize("deed", BUTTONS, ids=str)
def test_buttons_and_forms(client_for, stage, deed, who):
    browser = client_for(getattr(people, who)())
    before = all_rows()
    answer = browser.post(admin_address(deed, stage), sent(deed, stage))
    if deed.least in LET_IN[who]:
        assert answer.status_code in {200, 302}, answer.content
        assert all_rows() != before
    else:
        assert answer.status_code == 403
        assert all_rows() == before


@WHO
@pytest.mark.parametrize("deed", ENDPOINTS, ids=str)
def test_endpoints(stage, deed, who):
    client = caller(getattr(people, who)())
    before = all_rows()
    call = getattr(client, deed.method)
    answer = call(address(deed, stage), sent(deed, stage), format="json")
    if deed.least in LET_IN[who]:
        assert answer.status_code in {200, 201, 202, 204}, answer.content
        assert all_rows() != before
    else:
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
        assert all_rows() == before


BY_ROW = {
    "active": ["Make inactive", "Suspend", "Mail an invitation", "Change e-mail"],
    "applicant": ["Approve", "Decline", "Change e-mail"],
    "inactive": ["Make active", "Suspend", "Change e-mail"],
    "suspended": ["Change e-mail"],
    "referral": ["Move", "End"],
    "nobodys": ["Attribute customer"],
    "unposted": [],
    "group": [],
}
ONLY_FINANCE = {
    "active": ["Change rate", "Change terms", "Change tax id", "Reveal tax id"],
    "suspended": ["End suspension", "End suspension, inactive", "Change rate"],
    "referral": ["Change rate", "Post 2 earlier sales"],
    "unposted": ["Post again", "Post 2 earlier sales"],
    "nobodys": [],
    "group": [],
}


@pytest.mark.parametrize("row", BY_ROW)
def test_a_missing_right_hides_the_button(client_for, stage, row):
    shown = {
        who: labels(client_for(getattr(people, who)()), stage.row(row))
        for who in ("viewer", "editor", "finance")
    }
    assert shown["viewer"] == []
    assert set(BY_ROW[row]) <= set(shown["editor"])
    assert not set(ONLY_FINANCE.get(row, [])) & set(shown["editor"])
    assert set(ONLY_FINANCE.get(row, [])) | set(shown["editor"]) <= set(
        shown["finance"]
    )
