"""The catalogue of extended keys: counted, compared, renamed after a trial."""

import pytest
from django.urls import reverse

from resellers.models import AuditEntry, Reseller
from tests.factories.profiles import ResellerFactory
from tests.queries import assert_constant
from tests.resellers.admin.pages import sentences, url, words

pytestmark = pytest.mark.django_db

PAGE = "/admin/resellers/reseller/extended-keys/"
RENAME = f"{PAGE}rename/"


def profile(**values: str) -> Reseller:
    pairs = [{"key": key, "value": value} for key, value in values.items()]
    row: Reseller = ResellerFactory.create(extended_values=pairs)
    return row


def keys_of(row: Reseller) -> dict[str, str]:
    row.refresh_from_db()
    return {pair["key"]: pair["value"] for pair in row.extended_values}


@pytest.fixture
def rows():
    """Two who write vip_status, one who writes vipstatus, and one who writes both."""
    return [
        profile(vip_status="yes", level="Gold"),
        profile(vip_status="no"),
        profile(vipstatus="yes"),
        profile(vipstatus="maybe", vip_status="no"),
    ]


def test_each_key_is_told_with_its_use_and_its_likes(looking, rows):
    page = looking.get(PAGE)
    told = [
        (each.key, each.profiles, each.distinct, each.example, each.similar)
        for each in page.context["page"].object_list
    ]
    assert told == [
        ("level", 1, 1, "Gold", []),
        ("vip_status", 3, 2, "no", ["vipstatus"]),
        ("vipstatus", 2, 2, "maybe", ["vip_status"]),
    ]
    shown = page.content.decode()
    link = f"{url(Reseller, 'changelist')}?ext_has=vip_status"
    assert f'href="{link}"' in shown
    assert "3 profiles" in words(page)
    assert RENAME not in shown
    found = looking.get(link).context["cl"].result_list
    assert {row.pk for row in found} == {rows[n].pk for n in (0, 1, 3)}


def test_keys_are_searched(looking, rows):
    page = looking.get(PAGE, {"q": "VIPS"})
    assert [each.key for each in page.context["page"].object_list] == ["vipstatus"]
    assert "1 key " in words(page)
    assert "No key holds “zzz”" in words(looking.get(PAGE, {"q": "zzz"}))


def test_nothing_yet_says_what_to_do(looking):
    assert "No profile holds an extended value yet" in words(looking.get(PAGE))


def test_likely_names_are_one_click_away(editing, rows):
    shown = editing.get(PAGE).content.decode()
    assert f'href="{RENAME}?old=vipstatus&amp;new=vip_status"' in shown
    assert f'href="{RENAME}?old=level"' in shown


def test_a_trial_lists_whom_it_changes_and_skips_and_writes_nothing(editing, rows):
    before = list(Reseller.objects.order_by("pk").values())
    page = editing.get(RENAME, {"old": "vipstatus", "new": " VIP_Status "})
    told = {
        title: [row.pk for row in shown] for title, _, shown, _ in page.context["parts"]
    }
    assert told == {"To rename: 1": [rows[2].pk], "To skip: 1": [rows[3].pk]}
    assert 'value="Rename vipstatus to vip_status"' in page.content.decode()
    assert 'name="idempotency_key"' in page.content.decode()
    assert list(Reseller.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.count() == 0


def test_a_key_is_renamed(editing, editor, rows):
    names = {"old": "vipstatus", "new": "vip_status"}
    page = editing.post(RENAME, names, follow=True)
    assert sentences(page) == [
        "vipstatus is vip_status now: 1 profile. Skipped: 1 profile."
    ]
    assert [keys_of(row) for row in rows[2:]] == [
        {"vip_status": "yes"},
        {"vipstatus": "maybe", "vip_status": "no"},
    ]
    (batch,) = set(AuditEntry.objects.values_list("batch_id", flat=True))
    assert batch is not None
    assert {entry.actor for entry in AuditEntry.objects.all()} == {editor}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("new", ["phone", "_x", "", "vipstatus", "x" * 65, "two words"])
def test_a_name_that_cannot_be_is_refused_at_its_field(editing, rows, method, new):
    page = getattr(editing, method)(RENAME, {"old": "vipstatus", "new": new})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["new"])
    assert keys_of(rows[2]) == {"vipstatus": "yes"}


def test_a_key_of_nobody_changes_nothing(editing):
    page = editing.get(RENAME, {"old": "nobodys", "new": "other"})
    assert "No profile holds nobodys." in words(page)
    assert "Rename nobodys to other" not in page.content.decode()


def test_the_form_asks_for_the_name_first(editing):
    page = editing.get(RENAME, {"old": "level"})
    assert (page.status_code, page.context["tried"]) == (200, None)
    assert page.context["title"] == "Rename level"


def test_the_catalogue_needs_the_same_queries(looking):
    looking.get("/admin/jsi18n/")
    assert_constant(
        lambda: looking.get(PAGE),
        lambda number: profile(**{f"key_{number}": "x"}),
        sizes=(1, 3, 12),
        expected=5,
    )


def test_whoever_only_looks_renames_nothing(
    looking, staff_in_no_group, client_for, rows
):
    names = {"old": "vipstatus", "new": "level"}
    assert looking.get(RENAME, names).status_code == 403
    assert looking.post(RENAME, names).status_code == 403
    assert looking.post(PAGE, names).status_code == 405
    assert client_for(staff_in_no_group).get(PAGE).status_code == 403
    assert keys_of(rows[2]) == {"vipstatus": "yes"}


def test_the_list_leads_to_the_catalogue(looking):
    assert reverse("admin:resellers_reseller_extended-keys") == PAGE
    assert PAGE in looking.get(url(Reseller, "changelist")).content.decode()
