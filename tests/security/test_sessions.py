"""Sessions end when they were idle, when they are old; sensitive pages want them fresh."""

import pytest
from django.contrib.auth import get_user
from django.urls import NoReverseMatch, reverse

from config.signin import two_factor
from resellers import audit
from tests.security.conftest import PASSWORD
from tests.security.test_two_factor import SECRET, code_at

pytestmark = pytest.mark.django_db
HOUR = 3600
DAY = 24 * HOUR


@pytest.fixture(autouse=True)
def optional(settings):
    settings.STAFF_TOTP = False


DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("who", "idle"), [("person", 24 * HOUR), ("staff", HOUR)], ids=["person", "staff"]
)
def test_an_idle_session_ends(*, request, client, sign_in, clock, who, idle):
    someone = request.getfixturevalue(who)
    sign_in(someone.email)
    clock.shift(idle)
    assert client.get("/account/two-factor").status_code == 200
    clock.shift(idle + 1)
    answer = client.get("/account/two-factor")
    assert answer["Location"].startswith("/account/login?next=")
    assert get_user(client).is_anonymous


@pytest.mark.parametrize(
    ("who", "step", "total"),
    [("person", 12 * HOUR, 14 * DAY), ("staff", HOUR // 2, 12 * HOUR)],
    ids=["person", "staff"],
)
def test_a_busy_session_ends_all_the_same(
    *, request, client, sign_in, clock, who, step, total
):
    someone = request.getfixturevalue(who)
    sign_in(someone.email)
    for _ in range(total // step):
        clock.shift(step)
        assert client.get("/account/two-factor").status_code == 200
    clock.shift(1)
    assert client.get("/account/two-factor").status_code == 302
    assert get_user(client).is_anonymous


def test_the_limits_of_staff_hold_from_the_moment_of_becoming_staff(
    client, person, sign_in, clock
):
    sign_in(person.email)
    clock.shift(2 * HOUR)
    type(person).objects.filter(pk=person.pk).update(is_staff=True)
    assert client.get("/account/two-factor").status_code == 302


def test_a_person_who_is_deactivated_is_out_at_once(client, person, sign_in):
    sign_in(person.email)
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/account/two-factor").status_code == 302


@pytest.mark.parametrize("address", ["/account/email", "/account/two-factor/set-up"])
def test_a_sensitive_page_wants_the_password_after_ten_minutes(
    client, person, sign_in, clock, address
):
    sign_in(person.email)
    assert client.get(address).status_code == 200
    clock.shift(601)
    assert client.get(address)["Location"] == (
        f"/account/reauthenticate?next={address.replace('/', '%2F')}"
    )
    wrong = {"password": "guess", "next": address}
    assert client.post("/account/reauthenticate", wrong).status_code == 422
    right = {"password": PASSWORD, "next": address}
    assert client.post("/account/reauthenticate", right)["Location"] == address
    assert client.get(address).status_code == 200


def test_a_day_old_session_changes_nothing_and_is_audited(
    client, person, sign_in, clock
):
    sign_in(person.email)
    clock.shift(23 * HOUR)
    form = {"email": "new@example.com", "action_add": "1"}
    answer = client.post("/account/email", form)
    assert answer["Location"].startswith("/account/reauthenticate")
    assert person.emailaddress_set.count() == 1
    # What was sent is not kept for later: it may hold a secret.
    assert "new@example.com" not in str(dict(client.session))
    entry = audit.entries("resellers.user", str(person.pk)).get()
    assert (entry.action, entry.reason) == (
        "user.stale_session_refused",
        "account_email",
    )


def test_who_has_an_authenticator_proves_both(client, staff, sign_in, clock):
    two_factor.enrol(staff, SECRET, actor=None)
    sign_in(staff.email)
    client.post("/account/two-factor/code", {"code": code_at()})
    assert client.get("/account/email").status_code == 200
    clock.shift(900)
    asked = client.get("/account/email")["Location"]
    assert asked.startswith("/account/reauthenticate")
    facts = {"password": PASSWORD, "next": "/account/email"}
    client.post("/account/reauthenticate", facts)
    asked = client.get("/account/email")["Location"]
    assert asked.startswith("/account/two-factor/again")
    facts = {"code": code_at(900), "next": "/account/email"}
    assert client.post("/account/two-factor/again", facts).status_code == 302
    assert client.get("/account/email").status_code == 200


def address_of(route: str) -> str:
    """The address of a route; one that names an object gets some id."""
    try:
        return reverse(route)
    except NoReverseMatch:
        return reverse(route, args=["1"])


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_sensitive_page_sends_a_visitor_to_sign_in(db, client, settings, method):
    pages = [route for route in settings.FRESH_ROUTES if not route.startswith("api:")]
    for route in pages:
        address = address_of(route)
        answer = getattr(client, method)(address)
        target = f"/account/login?next={address.replace('/', '%2F')}"
        assert answer["Location"] == target


HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/page?tab=2"}


def test_a_fragment_is_not_filled_with_a_sign_in_page(client, person, sign_in, clock):
    """htmx is told to load the page; the page it stood on is the way back."""
    back = "next=%2Fpage%3Ftab%3D2"
    visitor = client.get("/account/two-factor", headers=HTMX)
    assert (visitor.status_code, visitor["HX-Redirect"]) == (
        200,
        f"/account/login?{back}",
    )
    sign_in(person.email)
    clock.shift(601)
    for answer in (
        client.get("/account/email", headers=HTMX),
        client.post("/account/email", headers=HTMX),
    ):
        assert (answer.status_code, answer["HX-Redirect"]) == (
            200,
            f"/account/reauthenticate?{back}",
        )


def test_the_page_a_fragment_names_is_of_this_host(client, person, sign_in, clock):
    sign_in(person.email)
    clock.shift(601)
    foreign = {**HTMX, "HX-Current-URL": "https://evil.example/page"}
    answer = client.get("/account/email", headers=foreign)
    assert answer["HX-Redirect"] == "/account/reauthenticate?next=%2Faccount%2Femail"
