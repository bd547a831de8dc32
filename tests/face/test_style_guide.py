"""Every component in a real browser: contrast, names, keys, with and without script."""

import pytest
from django.urls import reverse

from tests.browsing import violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.face.urls"),
    pytest.mark.django_db(transaction=True),
]

PHONE, DESK = 360, 1280


@pytest.fixture
def address(live_server):
    return live_server.url + reverse("components")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_component_is_accessible(address, open_page, scheme, width):
    page = open_page(width, color_scheme=scheme)
    page.goto(address)
    for details in page.locator("details:not([data-menu])").all():
        details.evaluate("element => element.open = true")
    assert violations(page) == []
    page.locator("summary", has=page.locator("[aria-label=Colours]")).click()
    assert violations(page, "details[data-menu][open]") == []


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_nothing_is_wider_than_the_screen(address, open_page, width):
    page = open_page(width)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_page_is_four_requests(address, open_page):
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert len(set(asked)) == 4, asked  # the sprite is the favicon as well


def test_refused_form_has_the_focus(address, open_page):
    page = open_page()
    page.goto(address)
    focused = page.evaluate("document.activeElement.className")
    assert focused == "error-summary"


@pytest.mark.parametrize("script", [True, False])
def test_colours_change_with_and_without_script(address, open_page, script):
    page = open_page(java_script_enabled=script, color_scheme="light")
    page.goto(address)
    page.locator("summary", has=page.locator("[aria-label=Colours]")).click()
    page.get_by_role("button", name="Dark").click()
    page.wait_for_load_state("networkidle")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.goto(address)
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_queue_is_walked_by_keys(address, open_page):
    page = open_page()
    page.goto(address)
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    opened = page.locator(".queue-item:has(> details[open])")
    assert opened.get_attribute("id") == "order-b7710e4d"
    page.keyboard.press("?")
    assert page.locator("dialog.keys").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("dialog.keys").is_hidden()


def test_slider_and_number_say_the_same(address, open_page):
    page = open_page()
    page.goto(address)
    number = page.locator("[data-pair] input[type=number]")
    slider = page.get_by_label("Commission percent, slider")
    number.fill("25")
    assert slider.input_value() == "25"
    slider.fill("40")
    assert number.input_value() == "40"


def test_menu_closes_by_escape_and_returns_the_focus(address, open_page):
    page = open_page()
    page.goto(address)
    summary = page.locator("summary", has=page.locator("[aria-label=Colours]"))
    summary.click()
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="Dark").is_visible()
    assert summary.evaluate("element => element === document.activeElement")


def test_confirmation_works_without_script(address, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(address)
    question = page.get_by_text("Suspend reselling Halden Cloud?")
    assert question.is_hidden()
    page.locator("summary", has_text="Suspend reselling").click()
    assert question.is_visible()
