"""The page of an export: the list's rows, counted first, written down, streamed."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from resellers.actions import exports
from resellers.admin import transfer_exports
from resellers.models import AuditEntry, Reseller
from tests.factories.profiles import ResellerFactory
from tests.resellers import people
from tests.resellers.admin.pages import words

pytestmark = pytest.mark.django_db
MODELS = ["reseller", "referral", "sale"]


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_TOTP = False
    settings.FRESH_ROUTES = set()


@pytest.fixture
def editing(client_for, editor):
    return client_for(editor)


def url(role, model="reseller"):
    return reverse(f"admin:resellers_{model}_{role}")


def body(answer):
    return b"".join(answer.streaming_content)


def records(answer):
    text = body(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def exported(browser, query="", model="reseller", **data):
    return browser.post(url("export", model) + query, {"file_format": "csv", **data})


def test_page_counts_the_filtered_rows_first(full, editing):
    told = words(editing.get(url("export") + "?status=suspended,applicant&p=7"))
    assert "2 resellers as the list is filtered" in told
    assert "status suspended,applicant" in told
    assert not AuditEntry.objects.filter(action="export.made").exists()


def test_file_holds_the_filtered_rows_in_the_lists_order(full, editing, editor):
    query = "?q=quill&status=active"
    listed = editing.get(url("changelist") + query).context["cl"]
    answer = exported(editing, query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == (
        'attachment; filename="resellers-2026-03-02.csv"'
    )
    found = records(answer)
    assert [row["id"] for row in found] == [
        str(pk) for pk in listed.queryset.values_list("pk", flat=True)
    ]
    assert 0 < len(found) < Reseller.objects.count()
    entry = AuditEntry.objects.get(action="export.made")
    assert (entry.actor, entry.object_ref) == (editor, "resellers")
    assert entry.after == {
        "format": "csv",
        "rows": len(found),
        "filters": {"q": "quill", "status": "active"},
    }


def test_workbook_holds_the_same(full, editing):
    answer = exported(editing, file_format="xlsx")
    assert answer["Content-Disposition"].endswith('-02.xlsx"')
    book = load_workbook(io.BytesIO(body(answer)))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][:4] == ("id", "code", "userId", "email")
    assert len(rows) == 1 + Reseller.objects.count()


@pytest.mark.parametrize("model", MODELS)
def test_every_list_is_exported(full, editing, model):
    assert "all there are" in words(editing.get(url("export", model)))
    found = records(exported(editing, model=model))
    entry = AuditEntry.objects.get(action="export.made")
    assert entry.after is not None
    assert (entry.object_ref, entry.after["rows"]) == (f"{model}s", len(found))
    assert found


def test_totals_are_in_the_lists_currency(full, editing):
    found = records(exported(editing, "?currency=jpy&q=avery@example.com"))
    assert found[0]["totalRevenueGenerated"] == "999"


def test_chosen_rows_are_exported(full, editing):
    chosen = list(Reseller.objects.order_by("pk")[:2])
    page = editing.post(
        url("changelist"),
        {"action": "export_selected", "_selected_action": [r.pk for r in chosen]},
    )
    assert "2 resellers chosen on the list" in words(page)
    ids = ",".join(str(row.pk) for row in chosen)
    assert 'name="chosen" value="' in page.content.decode()
    found = records(exported(editing, chosen=f"{ids},nonsense"))
    assert {row["id"] for row in found} == {str(row.pk) for row in chosen}
    entry = AuditEntry.objects.get(action="export.made")
    assert entry.after == {"format": "csv", "rows": 2, "filters": {"chosen": "by hand"}}


def test_too_many_chosen_are_refused(editing, monkeypatch):
    monkeypatch.setattr(transfer_exports, "CHOSEN_LIMIT", 1)
    chosen = [ResellerFactory.create().pk for _ in range(2)]
    data = {"action": "export_selected", "_selected_action": chosen}
    page = editing.post(url("changelist"), data, follow=True)
    assert "Choose at most 1 rows" in words(page)


def test_too_long_a_list_is_refused(editing, monkeypatch):
    monkeypatch.setattr(transfer_exports, "LIMIT", 1)
    monkeypatch.setattr(exports, "LIMIT", 1)
    for _ in range(2):
        ResellerFactory.create()
    assert "narrow the list first" in words(editing.get(url("export")))
    page = exported(editing)
    assert page.status_code == 422
    assert not AuditEntry.objects.filter(action="export.made").exists()


def test_nothing_found_is_nothing_to_export(editing):
    told = words(editing.get(url("export") + "?q=nobody"))
    assert "there is nothing to export" in told


def test_unknown_format_is_refused(full, editing):
    assert exported(editing, file_format="exe").status_code == 422
    assert not AuditEntry.objects.filter(action="export.made").exists()


def test_filter_that_means_nothing_leads_back_to_the_list(editing):
    answer = editing.get(url("export", "sale") + "?nonsense__x=1")
    assert answer.status_code == 302


@pytest.mark.parametrize("model", MODELS)
def test_buttons_and_pages_are_for_those_with_the_right(full, client_for, model):
    shown = {}
    for who in (people.viewer, people.plain_staff, people.editor, people.finance):
        browser = client_for(who())
        page = browser.get(url("changelist", model)).content.decode()
        shown[who.__name__] = (
            f'href="{url("export", model)}' in page,
            "export_selected" in page,
            browser.get(url("export", model)).status_code,
            exported(browser, model=model).status_code,
        )
    assert shown == {
        "viewer": (False, False, 403, 403),
        "plain_staff": (False, False, 403, 403),
        "editor": (True, True, 200, 200),
        "finance": (True, True, 200, 200),
    }
