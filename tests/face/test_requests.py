"""Requests in a real browser: once, announced, tried again, the focus kept."""

import pytest

from tests.face.tried import acts

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.face.urls"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def page(live_server, open_page):
    acts.clear()
    page = open_page()
    page.goto(f"{live_server.url}/try")
    return page


def test_double_click_acts_once_and_is_announced(page):
    page.get_by_role("button", name="Act", exact=True).dblclick()
    page.get_by_text("Done 1").first.wait_for()
    page.wait_for_function("document.querySelector('#live').textContent === 'Done 1'")
    assert acts == ["POST"]


def test_double_click_on_a_plain_form_sends_it_once(page):
    with page.expect_navigation(url="**/try/act"):
        page.get_by_role("button", name="Plain act").dblclick(no_wait_after=True)
    page.wait_for_load_state()
    assert acts == ["POST"]


def test_failed_request_says_so_and_is_tried_again(live_server, open_page):
    acts.clear()
    page = open_page(faults_expected=True)
    page.goto(f"{live_server.url}/try")
    page.get_by_role("link", name="Break").click()
    notice = page.locator("#notice")
    notice.get_by_text("The server could not do this.").wait_for()
    notice.get_by_role("button", name="Try again").click()
    page.get_by_text("there", exact=True).wait_for()
    assert notice.is_hidden()
    assert acts == ["broken", "broken"]


def test_next_rows_take_the_focus(page):
    page.get_by_role("link", name="Show more").click()
    page.get_by_text("row 2").wait_for()
    page.wait_for_function("document.activeElement.textContent === 'row 2'")
    assert page.locator("#rows > li").count() == 3


def test_filters_apply_themselves_without_empty_ones(page):
    page.get_by_label("Place", exact=True).select_option("DE")
    page.wait_for_url("**/try?place=DE")
    page.get_by_label("Search").fill("vps")
    page.wait_for_url("**/try?q=vps")
