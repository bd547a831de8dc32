"""`…/profile`, `…/profile/email` and `…/apply`: what people write of themselves."""

import re

import pytest
from allauth.account.models import EmailAddress

from resellers.models import AuditEntry, Job, Reseller, User
from resellers.models.versions import version_of
from tests.factories.resellers import PASSWORD, UserFactory
from tests.resellers.views.pages import URL, words

pytestmark = pytest.mark.django_db

PROFILE, EMAIL, APPLY = f"{URL}/profile", f"{URL}/profile/email", f"{URL}/apply"
TYPED = {
    "title": "Dr.",
    "first_name": "Avery",
    "last_name": "Quill",
    "organization": "Quill Events",
    "industry": "Event Management",
    "web_site_url": "quill.example.com",
    "phone": "727-555-0142",
    "mobile_phone": "",
    "fax": "",
    "address_1": "12 Sample Street",
    "address_2": "",
    "city": "Exampleton",
    "state": "florida",
    "zip_code": "33707",
    "country": "US",
}


def own(reseller) -> Reseller:
    return Reseller.objects.get(pk=reseller.pk)


def test_a_reseller_edits_contact_address_web_and_industry(browser, reseller):
    response = browser.post(PROFILE, TYPED)
    assert (response.status_code, response["Location"]) == (302, PROFILE)
    row = own(reseller)
    stored = {name: getattr(row, name) for name in TYPED}
    assert stored == {
        **TYPED,
        "state": "FL",
        "web_site_url": "https://quill.example.com",
    }
    assert row.state_name == "Florida"
    entry = AuditEntry.objects.get(action="reseller.updated")
    assert (entry.actor, entry.object_ref) == (reseller.user, str(reseller.pk))
    assert "Your profile is saved." in words(browser.get(PROFILE).content)


def test_the_form_starts_from_what_is_stored(browser, reseller):
    browser.post(PROFILE, TYPED)
    page = browser.get(PROFILE).content.decode()
    for name, value in TYPED.items():
        if value and name not in {"country", "state", "web_site_url"}:
            assert re.search(rf'name="{name}" value="{value}"', page), name
    assert 'name="state" value="Florida"' in page
    assert '<option value="US" selected>United States</option>' in page


def test_nothing_else_can_be_written(browser, reseller):
    own_before = own(reseller)
    browser.post(
        PROFILE,
        {
            **TYPED,
            "status": "suspended",
            "partner_tier": "premium",
            "payment_terms": "immediate",
            "tax_id": "12-3456789",
            "notes": "mine",
            "email": "other@example.com",
            "commission_rate": "99",
        },
    )
    row = own(reseller)
    for name in ("status", "partner_tier", "payment_terms", "tax_id", "notes"):
        assert getattr(row, name) == getattr(own_before, name), name
    assert row.user.email == "avery@example.com"


def test_what_was_agreed_is_only_read(browser, reseller):
    Reseller.objects.update(notes="a word between colleagues", tax_id="12-3456789")
    page = browser.get(PROFILE).content
    text = words(page)
    assert (
        "Agreed with us Status Active Rate 15.5 %. Your own rate. Tier Standard Payment"
        " terms Net 30 days: available 30 days after the sale Since 1 Jan 2025"
    ) in text
    assert reseller.code in text
    assert "colleagues" not in page.decode()
    assert "3456789" not in page.decode()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("phone", "12", "Give 10 to 20 characters with 7 to 15 digits"),
        ("zip_code", "1", "Give 3 to 10 letters"),
        ("state", "Bavaria", "Give the two-letter code or the name of a state"),
        ("web_site_url", "ftp://quill.example.com", "Give an address that begins"),
        ("country", "XX", "Select a valid choice"),
        ("first_name", "x" * 101, "at most 100 characters"),
        ("city", "a\x00b", "cannot be stored"),
    ],
)
def test_a_refused_field_says_so_and_keeps_the_input(
    browser, reseller, field, value, said
):
    before = own(reseller)
    response = browser.post(PROFILE, {**TYPED, "industry": "Kept", field: value})
    page = response.content.decode()
    assert response.status_code == (400 if "\x00" in value else 422)
    assert own(reseller).industry == before.industry
    if response.status_code == 422:
        assert said in words(page)
        assert f'href="#id_{field}"' in page
        assert 'value="Kept"' in page


def test_somebody_was_faster(browser, reseller):
    """The second of two saves is refused once, and replaces when sent again."""
    seen = version_of(own(reseller))
    browser.post(PROFILE, {**TYPED, "city": "First", "version": seen})
    response = browser.post(PROFILE, {**TYPED, "city": "Second", "version": seen})
    assert response.status_code == 422
    assert "Somebody changed this meanwhile." in words(response.content)
    assert own(reseller).city == "First"
    carried = re.search(r'name="version" value="(\w+)"', response.content.decode())
    assert carried
    browser.post(PROFILE, {**TYPED, "city": "Second", "version": carried[1]})
    assert own(reseller).city == "Second"


def test_nobody_edits_the_profile_of_another(client_for, stranger, reseller):
    client_for(stranger.user).post(PROFILE, TYPED)
    assert own(reseller).city == ""
    assert own(stranger).city == "Exampleton"


def test_every_status_may_edit(browser, reseller):
    Reseller.objects.update(status="suspended")
    assert browser.post(PROFILE, TYPED).status_code == 302
    assert own(reseller).city == "Exampleton"


# The login


@pytest.fixture
def proved(client, reseller):
    """The reseller's browser, the password given just now."""
    email = reseller.user.email
    EmailAddress.objects.create(
        user=reseller.user, email=email, verified=True, primary=True
    )
    client.post("/account/login", {"login": email, "password": PASSWORD})
    return client


def test_another_address_is_proved_by_a_link(proved, reseller):
    response = proved.post(EMAIL, {"email": "New@example.com"})
    assert (response.status_code, response["Location"]) == (302, PROFILE)
    user = User.objects.get(pk=reseller.user_id)
    assert (user.email, user.pending_email) == ("avery@example.com", "new@example.com")
    assert Job.objects.filter(kind="mail").count() == 2
    assert proved.get(EMAIL).status_code == 200
    page = words(proved.get(PROFILE).content)
    assert "A link was sent to new@example.com. Until it is opened" in page


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("avery@example.com", "You sign in with this address."),
        ("taken@example.com", "Somebody uses this e-mail address already"),
        ("nothing", "Give an address such as name@example.com"),
        ("", "This field is required."),
    ],
)
def test_a_refused_address(proved, reseller, email, said):
    UserFactory.create(email="taken@example.com")
    response = proved.post(EMAIL, {"email": email})
    assert response.status_code == 422
    assert said in words(response.content)
    assert User.objects.get(pk=reseller.user_id).pending_email == ""


def test_a_session_without_a_fresh_proof_asks_for_the_password(browser, reseller):
    for answer in (browser.get(EMAIL), browser.post(EMAIL, {"email": "n@example.com"})):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/reauthenticate")
    assert User.objects.get(pk=reseller.user_id).pending_email == ""


# Applying


def test_somebody_applies(client_for, passer_by):
    browser = client_for(passer_by)
    page = browser.get(APPLY).content.decode()
    assert 'name="first_name" value="Robin"' in page
    assert 'name="last_name" value="Sample"' in page

    response = browser.post(
        APPLY,
        {
            "first_name": "Robin",
            "last_name": "Sample",
            "organization": "Sample Ltd",
            "phone": "727-555-0143",
            "message": "I know\nmany people.",
        },
    )
    assert (response.status_code, response["Location"]) == (302, URL)
    row = Reseller.objects.get(user=passer_by)
    assert (row.status, row.full_name, row.organization, row.phone) == (
        "applicant",
        "Robin Sample",
        "Sample Ltd",
        "727-555-0143",
    )
    assert "many people." in row.notes
    page = words(browser.get(URL).content)
    assert "We are reviewing your application." in page


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"first_name": ""}, "This field is required."),
        ({"phone": "12"}, "Give 10 to 20 characters"),
        ({"message": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_a_refused_application_keeps_the_input(client_for, passer_by, facts, said):
    typed = {"first_name": "Robin", "organization": "Kept Ltd", **facts}
    response = client_for(passer_by).post(APPLY, typed)
    assert response.status_code == 422
    assert said in words(response.content)
    assert 'value="Kept Ltd"' in response.content.decode()
    assert not Reseller.objects.filter(user=passer_by).exists()


def test_whoever_has_a_profile_is_led_to_it(browser, reseller):
    for answer in (browser.get(APPLY), browser.post(APPLY, {"first_name": "Again"})):
        assert (answer.status_code, answer["Location"]) == (302, URL)
    assert own(reseller).first_name == reseller.first_name


def test_visitor_signs_in_before_applying(client):
    response = client.get(APPLY)
    assert response["Location"].endswith(f"?next={APPLY}")
