"""The pages of an import: ask, preview, confirm, result; for the uploader alone."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from resellers import clock
from resellers.importing import running
from resellers.models import HeldUpload, Reseller
from tests.factories.profiles import ResellerFactory
from tests.factories.resellers import AT
from tests.resellers import people
from tests.resellers.admin.pages import words
from tests.resellers.importing.desk import REASON, all_rows, file_of

pytestmark = pytest.mark.django_db
CONTENT = file_of(
    "email,first_name,code",
    "avery@example.com,Robin,RS-1",
    "kim@example.com,Kim,",
    "robin@example.com,Robin,",
)
KINDS = {"reseller": "resellers", "referral": "referrals", "sale": "sales"}


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_TOTP = False
    settings.FRESH_ROUTES = set()


@pytest.fixture
def rows(db):
    ResellerFactory.create(user__email="avery@example.com", first_name="Avery")
    ResellerFactory.create(user__email="robin@example.com", first_name="Robin")


@pytest.fixture
def editing(client_for, editor):
    return client_for(editor)


@pytest.fixture
def paying(client_for, finance):
    return client_for(finance)


def url(role, *args, model="reseller"):
    return reverse(f"admin:resellers_{model}_{role}", args=args)


def send(browser, content=CONTENT, model="reseller", **facts):
    upload = SimpleUploadedFile("people.csv", content)
    return browser.post(
        url("import", model=model), {"upload": upload, "reason": REASON, **facts}
    )


def form_of(page, button):
    """What the button sends."""
    assert button in words(page)
    return {"digest": re.findall(r'name="digest" value="(\w+)"', page.content.decode())}


def found(browser, address):
    """The page at an address; that of one that is not there has no slash."""
    return browser.get(address, follow=True)


def held_page(browser, content=CONTENT):
    """Where the preview of a sent file is."""
    return send(browser, content)["Location"]


@pytest.mark.parametrize("model", KINDS)
def test_page_says_what_is_read(paying, model):
    page = paying.get(url("import", model=model))
    assert page.status_code == 200
    told = words(page)
    assert f"Import {KINDS[model]}" in told
    assert ("Send invitations" in told) == (model == "reseller")
    assert ("ext.<key>" in told) == (model == "reseller")


def test_preview_tells_and_writes_nothing(rows, editing):
    before = all_rows()
    answer = send(editing)
    assert answer.status_code == 302
    page = editing.get(answer["Location"])
    assert page.status_code == 200
    told = words(page)
    assert "1 row is new, 1 would change, 1 stays as it is" in told
    assert "These columns are only read and were ignored: code." in told
    assert "2 Avery" not in told
    assert "kim@example.com" in told
    changed = words(editing.get(answer["Location"], {"show": "changed"}))
    assert "first_name Avery → Robin" in changed
    assert "robin@example.com" in words(
        editing.get(answer["Location"], {"show": "unchanged"})
    )
    assert all_rows() == before


def test_confirm_imports_and_shows_what_was_done(rows, editing, editor):
    address = held_page(editing)
    form = form_of(editing.get(address), "Import 2 rows")
    answer = editing.post(address, form)
    assert (answer.status_code, answer["Location"]) == (302, address)
    told = words(editing.get(address))
    assert "Imported 1 new, 1 changed, 1 unchanged" in told
    assert Reseller.objects.filter(user__email="kim@example.com").exists()
    again = editing.post(address, form)
    assert (again.status_code, Reseller.objects.count()) == (302, 3)
    held = HeldUpload.objects.get()
    assert f"batch_id__exact={held.pk}" in editing.get(address).content.decode()


def test_file_with_an_error_offers_no_import(rows, editing):
    before = all_rows()
    address = held_page(editing, CONTENT + b"\r\nbad,Bad,")
    page = editing.get(address)
    told = words(page)
    assert "1 row is wrong, so nothing can be imported" in told
    assert "email : Give an address" in told or "email: Give an address" in told
    assert b'name="digest"' not in page.content
    digest = HeldUpload.objects.get().digest
    refused = editing.post(address, {"digest": digest})
    assert refused.status_code == 422
    assert all_rows() == before


def test_what_changed_meanwhile_is_shown_again(rows, editing):
    address = held_page(editing)
    form = form_of(editing.get(address), "Import 2 rows")
    Reseller.objects.filter(first_name="Avery").update(first_name="Ave")
    page = editing.post(address, form)
    assert page.status_code == 422
    assert "Somebody changed these rows meanwhile" in words(page)
    assert not Reseller.objects.filter(user__email="kim@example.com").exists()
    page = editing.get(address, {"show": "changed"})
    assert "first_name Ave → Robin" in words(page)
    assert editing.post(address, form_of(page, "Import 2 rows")).status_code == 302
    assert Reseller.objects.filter(user__email="kim@example.com").exists()


def test_long_file_shows_its_progress(rows, editing, monkeypatch):
    monkeypatch.setattr(running, "AT_ONCE", 1)
    address = held_page(editing)
    editing.post(address, form_of(editing.get(address), "Import 2 rows"))
    page = editing.get(address)
    assert "Waiting for a worker." in words(page)
    assert b'data-again="2"' in page.content
    HeldUpload.objects.update(state="running")
    assert "Writing 2 rows; this may take up to a minute." in words(
        editing.get(address)
    )
    discard = editing.post(address, {"discard": "1"})
    assert (discard.status_code, HeldUpload.objects.count()) == (302, 1)


def test_discarded_file_is_gone(editing):
    address = held_page(editing)
    answer = editing.post(address, {"discard": "1"})
    assert answer["Location"] == url("import")
    assert not HeldUpload.objects.exists()
    assert found(editing, address).status_code == 404


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"upload": ""}, "This field is required."),
        ({"reason": "hm"}, "at least 5 characters"),
        ({"upload": SimpleUploadedFile("a.csv", b"")}, "The submitted file is empty."),
        ({"upload": SimpleUploadedFile("a.csv", b"x,y\n1,2")}, "“x” is not known"),
        ({"upload": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")}, "not an XLSX"),
        ({"upload": SimpleUploadedFile("a.csv", b"email\n\xff")}, "in UTF-8"),
    ],
)
def test_refused_file_is_named_on_the_form(editing, facts, said):
    page = send(editing, **facts)
    assert page.status_code == 422
    assert said in words(page)
    assert not HeldUpload.objects.exists()


def test_page_of_many_rows_is_short(editing, editor):
    rows = [f"p{n}@example.com,P" for n in range(250)]
    address = held_page(editing, file_of("email,first_name", *rows))
    page = editing.get(address, {"show": "new", "p": "3"})
    assert "Page 3 of 3" in words(page)
    assert page.content.decode().count('<th scope="row">') == 50
    assert len(editing.get(address).content) < 200_000


class TestWhoMay:
    @pytest.mark.parametrize("model", KINDS)
    @pytest.mark.parametrize("who", [people.viewer, people.plain_staff])
    def test_without_the_right_there_is_no_page_and_no_button(
        self, client_for, model, who
    ):
        browser = client_for(who())
        assert browser.get(url("import", model=model)).status_code == 403
        assert send(browser, model=model).status_code == 403
        assert (
            browser.get(url("upload", HeldUpload().pk, model=model)).status_code == 403
        )
        assert not HeldUpload.objects.exists()

    @pytest.mark.parametrize("model", KINDS)
    def test_buttons_are_for_those_with_the_right(self, client_for, model):
        shown = {}
        for who in (people.viewer, people.editor, people.finance):
            page = client_for(who()).get(url("changelist", model=model))
            link = f'href="{url("import", model=model)}"'
            shown[who.__name__] = link in page.content.decode()
        editors = model != "sale"
        assert shown == {"viewer": False, "editor": editors, "finance": True}

    def test_editors_import_no_sales(self, editing):
        assert editing.get(url("import", model="sale")).status_code == 403

    def test_strangers_file_is_as_if_there_were_none(self, editing, client_for):
        address = held_page(editing)
        stranger = client_for(people.editor())
        missing = found(stranger, url("upload", Reseller().pk))
        theirs = found(stranger, address)
        assert (missing.status_code, theirs.status_code) == (404, 404)
        assert missing.content == theirs.content
        assert stranger.post(address, {"discard": "1"}).status_code == 404
        digest = HeldUpload.objects.get().digest
        assert stranger.post(address, {"digest": digest}).status_code == 404

    def test_file_belongs_to_its_own_list(self, paying):
        address = held_page(paying).replace("/reseller/", "/sale/")
        assert found(paying, address).status_code == 404

    def test_file_is_there_for_an_hour(self, editing):
        address = held_page(editing)
        with clock.at(AT + timedelta(minutes=59)):
            assert editing.get(address).status_code == 200
        with clock.at(AT + timedelta(hours=1)):
            assert found(editing, address).status_code == 404
            digest = HeldUpload.objects.get().digest
            assert editing.post(address, {"digest": digest}).status_code == 404

    def test_other_methods_are_refused(self, editing):
        assert editing.put(url("import")).status_code == 405
