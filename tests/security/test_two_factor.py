"""Staff reach nothing but the set-up until a second factor stands; no code twice."""

import itertools

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings as project
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.urls import URLPattern, URLResolver, get_resolver

from config.signin import sealing, two_factor
from resellers import audit
from resellers.errors import Invalid
from tests.conftest import NOW
from tests.security.conftest import PASSWORD

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SETUP = "/account/two-factor/set-up"


@pytest.fixture(autouse=True)
def required(settings):
    settings.STAFF_TOTP = True


def code_at(seconds: int = 0, secret: str = SECRET) -> str:
    step = (int(NOW.timestamp()) + seconds) // 30
    return format_hotp_value(hotp_value(secret, step))


def routes(resolver: URLResolver, prefix: str = "") -> list[str]:
    """Every address of the administration, its parameters filled in."""
    found = []
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            found.append(route)
    return found


def filled(route: str) -> str:
    words = {"<path:object_id>": "1", "<int:content_type_id>": "1", "<id>": "1"}
    for parameter, value in words.items():
        route = route.replace(parameter, value)
    return "/" + route.replace("^", "").replace("$", "")


def admin_routes() -> list[str]:
    every = routes(get_resolver())
    return [filled(r) for r in every if r.startswith("admin/") and "(" not in r]


def test_every_admin_address_leads_to_the_set_up(staff, client_for):
    client = client_for(staff)
    addresses = admin_routes()
    assert len(addresses) > 10
    for address, method in itertools.product(addresses, ("get", "post")):
        answer = getattr(client, method)(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith(f"{SETUP}?next="), address


def test_so_does_every_other_page_but_sign_out(staff, client_for):
    client = client_for(staff)
    for address in (
        "/account/email",
        "/account/password/change",
        "/account/two-factor",
    ):
        assert client.get(address)["Location"].startswith(SETUP)
    assert client.post("/account/logout").status_code == 302
    assert get_user(client).is_anonymous


def test_an_api_call_of_the_session_is_a_problem(staff, client_for):
    answer = client_for(staff).get("/api/schema")
    if answer.status_code != 404:
        assert answer.status_code == 403
        assert answer.json()["code"] == "two_factor_required"


def test_people_who_are_no_staff_need_none(person, client_for):
    assert client_for(person).get("/account/two-factor").status_code == 200


def test_a_demo_and_a_developers_machine_need_none(staff, client_for, settings):
    settings.STAFF_TOTP = False
    assert client_for(staff).get("/admin/").status_code == 200


def test_setting_up_signing_in_and_no_code_twice(client, staff, sign_in, clock):
    assert sign_in(staff.email, next="/admin/")["Location"] == "/admin/"
    secret = client.get(SETUP).context["form"].secret
    assert client.post(SETUP, {"code": "000000"}).status_code == 422
    answer = client.post(SETUP, {"code": code_at(secret=secret)})
    assert answer["Location"] == "/account/two-factor/recovery-codes"
    codes = client.get(answer["Location"]).context["unused_codes"]
    assert len(set(codes)) == 10
    assert client.get("/admin/").status_code == 200

    client.post("/account/logout")
    answer = sign_in(staff.email, next="/admin/")
    assert answer["Location"] == "/account/two-factor/code"
    assert get_user(client).is_anonymous
    used = {"code": code_at(secret=secret)}
    assert client.post("/account/two-factor/code", used).status_code == 422
    clock.shift(30)
    later = {"code": code_at(30, secret)}
    assert client.post("/account/two-factor/code", later)["Location"] == "/admin/"
    assert get_user(client) == staff

    actions = [e.action for e in audit.entries("resellers.user", str(staff.pk))]
    assert actions == ["user.two_factor_enabled"]


def test_a_clock_that_is_set_back_brings_no_code_back(staff, clock):
    two_factor.enrol(staff, SECRET, actor=None)
    clock.shift(30)
    assert two_factor.accept_code(staff, code_at(30))
    clock.shift(-30)
    assert two_factor.accept_code(staff, code_at(0)) is None
    clock.shift(30)
    assert two_factor.accept_code(staff, code_at(30)) is None


@pytest.mark.parametrize(("seconds", "taken"), [(-30, False), (0, True), (30, False)])
def test_a_code_lives_thirty_seconds(staff, clock, seconds, taken):
    two_factor.enrol(staff, SECRET, actor=None)
    assert bool(two_factor.accept_code(staff, code_at(seconds))) is taken


@pytest.mark.parametrize(
    "code",
    ["", "abc", "\uff11\uff12\uff13\uff14\uff15\uff16", "12345", "0" * 400, "é" * 6],
)
def test_what_is_no_code_is_refused(staff, clock, code):
    two_factor.enrol(staff, SECRET, actor=None)
    assert two_factor.accept_code(staff, code) is None


def test_a_recovery_code_opens_once(client, staff, sign_in, clock):
    two_factor.enrol(staff, SECRET, actor=None)
    own = Authenticator.objects.get(type="recovery_codes")
    code = {"code": RecoveryCodes(own).generate_codes()[0]}
    for expected in (302, 422):
        sign_in(staff.email)
        answer = client.post("/account/two-factor/code", code)
        assert answer.status_code == expected
        client.post("/account/logout")


def test_codes_are_counted_tries(client, staff, sign_in, clock):
    two_factor.enrol(staff, SECRET, actor=None)
    sign_in(staff.email)
    wrong = {"code": "000000"}
    answers = [
        client.post("/account/two-factor/code", wrong).status_code for _ in range(11)
    ]
    assert answers == [422] * 10 + [429]


def test_secrets_are_sealed_in_rows_and_sessions(client, staff, sign_in):
    sign_in(staff.email)
    secret = client.get(SETUP).context["form"].secret
    sessions = [s.get_decoded() for s in Session.objects.all()]
    assert secret not in str(sessions)
    two_factor.enrol(staff, secret, actor=staff)
    assert secret not in str(list(Authenticator.objects.values("data")))


def test_a_seal_opens_with_a_retired_key_and_no_other(settings):
    sealed = sealing.seal("text")
    settings.SECRET_KEY_FALLBACKS = [project.SECRET_KEY]
    settings.SECRET_KEY = "another" * 9
    assert sealing.unseal(sealed) == "text"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(sealed)


def test_staff_cannot_remove_theirs_but_a_superuser_resets_it(
    client, staff, make_person, sign_in, clock
):
    two_factor.enrol(staff, SECRET, actor=None)
    sign_in(staff.email)
    client.post("/account/two-factor/code", {"code": code_at()})
    assert client.post("/account/two-factor/remove").status_code == 422
    assert two_factor.enrolled(staff)

    helper = make_person("helper@example.com", is_staff=True)
    with pytest.raises(Invalid):
        two_factor.reset(staff, reason="lost phone", actor=helper)
    with pytest.raises(Invalid):
        two_factor.reset(staff, reason=" ", actor=staff)
    two_factor.reset(staff, reason="lost phone", actor=staff)
    assert not two_factor.enrolled(staff)
    entries = audit.entries("resellers.user", str(staff.pk))
    assert [(entry.action, entry.reason) for entry in entries] == [
        ("user.two_factor_enabled", ""),
        ("user.two_factor_reset", "lost phone"),
    ]


def test_the_administration_has_no_sign_in_of_its_own(client, person, sign_in):
    answer = client.get("/admin/login/?next=/admin/")
    assert answer["Location"].startswith("/account/login?next=")
    assert client.post("/admin/login/", {"username": "x"}).status_code == 302
    sign_in(person.email, PASSWORD)
    assert client.get("/admin/login/").status_code == 403
