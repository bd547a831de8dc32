"""Rights × operations: the key's scope and the person's permission, both, always.

Source: 5-resellers, section 8 (the column "right") and section 9 (the groups).
"""

import pytest

from resellers.actions.profiles import create_reseller
from resellers.actions.statuses import change_status
from resellers.models import AccessKey, Rate, Referral, Reseller, Sale
from tests.factories.profiles import ReferralFactory, SaleFactory
from tests.factories.resellers import UserFactory
from tests.problems import assert_error
from tests.resellers import people
from tests.resellers.api.conftest import SCOPES
from tests.routes import api_routes
from tests.world import browser

pytestmark = pytest.mark.django_db

R, W, S, F = "resellers:read", "resellers:write", "sales:write", "finance"
PERMISSION = {
    R: "resellers.view_reseller",
    W: "resellers.change_reseller",
    S: "resellers.add_sale",
    F: "resellers.finance_reseller",
}
ONE, CUSTOMER, FACT = "resellers/{reseller}", "referrals/{referral}", "sales/{sale}"
OPERATIONS = [
    ("GET", "resellers", R),
    ("POST", "resellers", W),
    ("GET", ONE, R),
    ("PATCH", ONE, W),
    ("POST", f"{ONE}/status", W),
    ("POST", f"{ONE}/invite", W),
    ("POST", f"{ONE}/email", W),
    ("POST", f"{ONE}/reveal-tax-id", F),
    ("GET", f"{ONE}/audit", R),
    ("GET", f"{ONE}/referrals", R),
    ("POST", f"{ONE}/referrals", W),
    ("GET", CUSTOMER, R),
    ("PATCH", CUSTOMER, W),
    ("POST", f"{CUSTOMER}/move", W),
    ("POST", f"{CUSTOMER}/end", W),
    ("GET", "rates", R),
    ("POST", "rates", F),
    ("GET", "sales", R),
    ("POST", "sales", S),
    ("GET", FACT, R),
    ("POST", f"{FACT}/post-again", F),
    ("GET", "contact-groups", R),
    ("POST", "contact-groups", W),
    ("PATCH", "contact-groups/info_seekers", W),
    ("GET", "extended-keys", R),
]
GROUPS = {
    "viewer": {R},
    "editor": {R, W},
    "finance": {R, W, S, F},
    "plain_staff": set(),
}
TABLES = (Rate, Referral, Reseller, Sale)


@pytest.fixture
def addresses():
    referral = ReferralFactory.create()
    sale = SaleFactory.create()
    ids = {
        "reseller": referral.reseller_id,
        "referral": referral.pk,
        "sale": sale.pk,
    }
    return lambda path: f"/api/admin/{path.format(**ids)}"


def send(client, method, address):
    """An empty body: whoever is let in is refused for it, or reads."""
    return client.generic(method, address, b"{}", "application/json")


def rows():
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def test_every_operation_is_in_the_table():
    ids = {name: f"{{{name}_id}}" for name in ("reseller", "referral", "sale")}
    told = {
        (method, "/api/admin/" + path.format(**ids).replace("info_seekers", "{slug}"))
        for method, path, _ in OPERATIONS
    }
    walked = {
        (method, route.template)
        for route in api_routes()
        if route.template.startswith("/api/admin/")
        for method in route.methods
        if method != "HEAD"
    }
    assert walked == told


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("by", ["key", "session"])
def test_permission_decides(api_of, addresses, settings, group, by):
    settings.STAFF_TOTP, settings.FRESH_ROUTES = False, set()
    person = getattr(people, group)()
    client = api_of(person) if by == "key" else browser(person)
    before, wrong = rows(), []
    for method, path, right in OPERATIONS:
        response = send(client, method, addresses(path))
        if right in GROUPS[group]:
            let_in = response.status_code in {200, 201, 400, 409}
        else:
            problem = assert_error(response, 403, "permission_denied")
            let_in = PERMISSION[right] not in problem["detail"]
            let_in = let_in and "resellers.add_reseller" not in problem["detail"]
        if let_in != (right in GROUPS[group]):
            wrong.append((method, path, response.status_code, response.content))
    assert not wrong
    if group != "finance":
        assert rows() == before


def test_scope_decides_as_well(api_of, addresses):
    person = people.finance()
    for scope in SCOPES:
        client = api_of(person, [scope])
        for method, path, right in OPERATIONS:
            response = send(client, method, addresses(path))
            if right == scope:
                assert response.status_code != 403, (method, path)
            else:
                problem = assert_error(response, 403, "insufficient_scope")
                assert right in problem["detail"]
        AccessKey.objects.all().delete()  # a person has two live keys at most


def test_who_is_not_staff_is_refused_whatever_the_permissions(
    api_of, addresses, settings
):
    settings.FRESH_ROUTES = set()
    person = people.finance()
    type(person).objects.filter(pk=person.pk).update(is_staff=False)
    customer = UserFactory.create()
    for client in (api_of(person), api_of(customer), browser(customer)):
        for method, path, right in OPERATIONS:
            problem = assert_error(
                send(client, method, addresses(path)), 403, "permission_denied"
            )
            assert PERMISSION[right] in problem["detail"] or (
                "resellers.add_reseller" in problem["detail"]
            )


FINANCE_BODIES = [
    ("PATCH", ONE, {"commissionRate": "10", "reason": "as agreed"}),
    ("PATCH", ONE, {"paymentTerms": "net15", "reason": "as agreed"}),
    ("PATCH", ONE, {"taxId": None, "reason": "as agreed"}),
    ("POST", "resellers", {"email": "b@example.com", "commissionRate": "10"}),
    ("POST", f"{ONE}/referrals", {"customerRef": "C-9", "commissionRate": "10"}),
]


@pytest.mark.parametrize(("method", "path", "body"), FINANCE_BODIES)
def test_a_body_with_money_needs_the_scope_of_finance(
    api_of, addresses, method, path, body
):
    person = people.finance()
    narrow, wide = api_of(person, [R, W]), api_of(person)
    call = getattr(narrow, method.lower())
    assert_error(call(addresses(path), body), 403, "insufficient_scope")
    editor = api_of(people.editor())
    call = getattr(editor, method.lower())
    assert_error(call(addresses(path), body), 403, "permission_denied")
    call = getattr(wide, method.lower())
    assert call(addresses(path), body).status_code in {200, 201}


def test_only_finance_ends_a_suspension(api_of):
    reseller = create_reseller(email="a@example.com", actor=None)
    change_status(reseller, status="suspended", reason="under review", actor=None)
    address = f"/api/admin/resellers/{reseller.pk}/status"
    body = {"status": "active", "reason": "cleared up"}
    finance = people.finance()
    narrow = api_of(finance, [R, W])
    assert_error(narrow.post(address, body), 403, "insufficient_scope")
    same = narrow.post(address, {**body, "status": "suspended"})
    assert same.status_code == 200
    editor = api_of(people.editor())
    assert_error(editor.post(address, body), 403, "permission_denied")
    ended = api_of(finance).post(address, body)
    assert (ended.status_code, ended.json()["status"]) == (200, "active")
