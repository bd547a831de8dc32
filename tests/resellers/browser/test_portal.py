"""The portal in a real browser: a number is followed down to its cent."""

import re

import pytest
from playwright.sync_api import expect

from resellers.models import LedgerEntry, Reseller
from tests.browsing import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

URL = "/dashboard/reseller"
PAGES = [
    "",
    "/referrals",
    "/commissions",
    "/commissions?tab=without",
    "/commissions?status=hold",
    "/statements",
    "/payouts",
    "/profile",
]


def test_a_number_is_followed_to_its_formula(page_of, reseller):
    page = page_of(reseller.user, URL)
    stat = page.locator(".stat", has_text="On hold")
    expect(stat).to_contain_text("10.08 USD")
    stat.get_by_role("link").click()
    expect(page.get_by_text("1 entry, 10.08 USD")).to_be_visible()
    page.locator("#entry-rows").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Commission of 10.08 USD")
    expect(page.locator(".entry-formula")).to_have_text(
        "15.5 % of USD 65.00 = 10.075, rounded half-up to 10.08."
    )
    expect(page.get_by_text("C-1001 disputes the payment")).to_be_visible()
    page.get_by_role("link", name="C-1001").click()
    expect(page.get_by_label("Customer")).to_have_value("C-1001")
    expect(page.get_by_role("link", name="Commissions").first).to_be_visible()


def test_the_code_is_copied_and_the_chart_is_a_table(page_of, reseller):
    page = page_of(
        reseller.user, URL, permissions=["clipboard-read", "clipboard-write"]
    )
    page.get_by_role("button", name="Copy your code").click()
    expect(page.locator("#live")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == reseller.code
    page.get_by_text("Show as table").click()
    expect(page.locator(".chart tbody tr")).to_have_count(12)


def test_every_place_is_within_reach_on_a_phone(page_of, reseller):
    page = page_of(reseller.user, URL, width=360)
    places = page.get_by_role("navigation", name="Earning").get_by_role("link")
    expect(places).to_have_count(6)
    for box in (place.bounding_box() for place in places.all()):
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360


def test_filters_apply_themselves_and_stay_in_the_address(page_of, reseller):
    page = page_of(reseller.user, f"{URL}/commissions")
    page.get_by_label("State").select_option("hold")
    page.wait_for_url(re.compile(r"\?status=hold$"))
    expect(page.locator("#entry-rows tr")).to_have_count(1)
    page.get_by_label("Customer").fill("C-2002")
    page.wait_for_url(re.compile("customer=C-2002"))
    expect(page.get_by_text("Nothing in this period")).to_be_visible()
    page.get_by_role("link", name="Clear the filters").click()
    expect(page.locator("#entry-rows tr[id^=entry]")).to_have_count(51)  # and the pager


def test_more_rows_join_the_list_and_take_the_focus(page_of, reseller):
    page = page_of(reseller.user, f"{URL}/commissions")
    page.get_by_role("link", name="Show more").click()
    rows = page.locator("#entry-rows tr[id^=entry]")
    expect(rows).to_have_count(LedgerEntry.objects.exclude(kind="payout").count())
    focused = page.evaluate("document.activeElement.closest('tr').id")
    assert focused == rows.nth(50).get_attribute("id")


def test_the_portal_works_without_scripts(page_of, reseller):
    page = page_of(reseller.user, f"{URL}/commissions", java_script_enabled=False)
    page.get_by_label("State").select_option("hold")
    page.get_by_role("button", name="Show results").click()
    expect(page.locator("#entry-rows tr")).to_have_count(1)
    page.goto(page.url.partition("/commissions")[0] + "/commissions")
    page.get_by_role("link", name="Show more").click()
    expect(page.locator("#entry-rows tr").first).to_be_visible()
    page.get_by_role("link", name="Profile").click()
    page.get_by_label("City").fill("Exampleton")
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    assert Reseller.objects.get(pk=reseller.pk).city == "Exampleton"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_refused_profile_is_accessible(page_of, reseller, scheme):
    page = page_of(reseller.user, f"{URL}/profile", color_scheme=scheme)
    page.locator("#id_phone").fill("12")
    page.get_by_role("button", name="Save profile").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("Give 10 to 20 characters with 7 to 15 digits")
    assert page.locator("#id_phone").input_value() == "12"
    assert violations(page) == []


@pytest.mark.parametrize("status", ["active", "suspended"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_is_accessible_and_fits(page_of, reseller, width, status):
    Reseller.objects.update(status=status)
    page = page_of(reseller.user, URL, width=width)
    site = page.url.removesuffix(URL)
    entries = LedgerEntry.objects.filter(key__in=["sale:inv-59", "sale:r-1"])
    details = [f"/commissions/{pk}" for pk in entries.values_list("pk", flat=True)]
    month = f"/statements/{LedgerEntry.objects.latest('posted_at').posted_at:%Y-%m}"
    for path in [*PAGES, *details, month]:
        page.goto(f"{site}{URL}{path}")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == [], (path, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_phone_shows_where_one_is_in_the_side_bar(page_of, reseller):
    page = page_of(reseller.user, f"{URL}/profile", width=360)
    here = page.locator(".side-bar a[aria-current=page]")
    expect(here).to_be_in_viewport(ratio=0.9)
    boxes = [each.bounding_box() for each in page.locator(".side-bar a").all()]
    ends = [(box["x"], box["x"] + box["width"]) for box in boxes if box]
    assert all(ends[i][1] <= ends[i + 1][0] + 1 for i in range(len(ends) - 1))


def test_a_statement_prints_as_a_paper(page_of, reseller):
    posted = LedgerEntry.objects.latest("posted_at").posted_at
    page = page_of(reseller.user, f"{URL}/statements/{posted:%Y-%m}")
    page.emulate_media(media="print")
    for hidden in (".side-bar", ".top-bar", ".foot", ".button"):
        assert not page.locator(hidden).first.is_visible(), hidden
    expect(page.get_by_text(f"Statement {reseller.code}")).to_be_visible()
    expect(page.get_by_text("Opening balance")).to_be_visible()
