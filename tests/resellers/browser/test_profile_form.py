"""Staff in a real browser: rows of extended values, two at once, a phone's width."""

import pytest
from playwright.sync_api import expect

from resellers.models import Reseller
from tests.browsing import violations
from tests.factories.profiles import ReferralFactory, ResellerFactory
from tests.resellers import people
from tests.resellers.admin.pages import url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 360


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    """What the sign-in asks of staff is proved in tests/security."""
    settings.STAFF_TOTP = False
    settings.FRESH_ROUTES = set()


@pytest.fixture(autouse=True)
def _rights(transactional_db, django_db_serialized_rollback):
    """Groups of rights and of contacts as the migrations planted them."""


@pytest.fixture
def row(_rights) -> Reseller:
    made: Reseller = ResellerFactory.create(
        last_name="Quill",
        phone="727-555-0142",
        extended_values=[
            {"key": "vip_status", "value": "yes"},
            {"key": "note", "value": "Ring twice,\nthen wait."},
        ],
    )
    ReferralFactory.create(reseller=made, customer_email="kim@example.net")
    return made


@pytest.fixture
def editor(_rights):
    return people.editor(email="editor@example.com")


def stored(row: Reseller) -> list[tuple[str, str]]:
    row.refresh_from_db()
    return [(pair["key"], pair["value"]) for pair in row.extended_values]


def test_rows_are_added_moved_and_removed(page_of, row, editor):
    page = page_of(editor, url(row, "change"))
    rows = page.locator(".pairs-row")
    expect(rows).to_have_count(2)  # the blank ones are for who has no script
    page.get_by_label("Contact group").select_option("info_seekers")
    page.get_by_role("button", name="+ lead_source").click()
    page.keyboard.type("Web form")
    rows.nth(2).get_by_role("button", name="Move up").click()
    rows.nth(0).get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Save profile").click()
    expect(page.locator(".messagelist")).to_have_text("Avery Quill was saved.")
    assert stored(row) == [
        ("lead_source", "Web form"),
        ("note", "Ring twice,\nthen wait."),
    ]


def test_without_a_script_numbers_and_boxes_do_the_same(page_of, row, editor):
    page = page_of(editor, url(row, "change"), java_script_enabled=False)
    rows = page.locator(".pairs-row")
    expect(rows).to_have_count(5)
    rows.nth(2).get_by_label("Key 3").fill("membership_level")
    rows.nth(2).get_by_label("Value 3").fill("Gold")
    rows.nth(2).get_by_label("Place 3").fill("1")
    rows.nth(0).get_by_label("Remove 1").check()
    page.get_by_role("button", name="Save profile").click()
    expect(page.locator(".messagelist")).to_have_text("Avery Quill was saved.")
    assert stored(row) == [
        ("membership_level", "Gold"),
        ("note", "Ring twice,\nthen wait."),
    ]


def test_two_at_once_see_both_values(page_of, row, editor):
    first, second = (page_of(editor, url(row, "change")) for _ in range(2))
    first.get_by_label("Phone", exact=True).fill("727-555-0166")
    first.get_by_role("button", name="Save profile").click()
    expect(first.locator(".messagelist")).to_be_visible()
    second.get_by_label("Phone", exact=True).fill("727-555-0155")
    second.get_by_role("button", name="Save profile").click()
    told = second.get_by_role("alert")
    expect(told).to_contain_text("Changed by editor@example.com")
    expect(told.locator("tbody tr")).to_have_text(["Phone 727-555-0166 727-555-0155"])
    expect(told).to_be_focused()
    row.refresh_from_db()
    assert row.phone == "727-555-0166"
    second.get_by_role("button", name="Save profile").click()
    expect(second.locator(".messagelist")).to_be_visible()
    row.refresh_from_db()
    assert row.phone == "727-555-0155"


@pytest.mark.parametrize("path", ["change", "history", "suspend", "attribute"])
def test_no_page_is_wider_than_a_phone(page_of, row, editor, path):
    page = page_of(editor, url(row, path), width=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert violations(page) == []


def test_the_list_fits_a_phone(page_of, row, editor):
    page = page_of(editor, url(Reseller, "changelist"), width=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert violations(page) == []
    page.get_by_text("More filters").click()
    page.get_by_label("Extended key").fill("vip_status")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(f"{page.url.partition('?')[0]}?ext_has=vip_status")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
