"""Own data only, in every status; everybody else is led to sign in or to apply."""

import pytest

from resellers.models import Reseller
from tests.resellers.views.pages import PAGES, URL, words

pytestmark = pytest.mark.django_db

BANNERS = {
    "applicant": "We are reviewing your application.",
    "active": "",
    "inactive": "No new referrals; existing customers keep earning.",
    "suspended": "Your account is under review. Commission is kept on hold; contact us.",
}


@pytest.mark.parametrize("page", PAGES)
def test_visitor_signs_in_and_comes_back(client, page):
    response = client.get(page)
    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={page}")


@pytest.mark.parametrize("page", PAGES)
def test_somebody_without_a_profile_is_led_to_apply(client_for, passer_by, page):
    response = client_for(passer_by).get(page)
    assert (response.status_code, response["Location"]) == (302, f"{URL}/apply")


@pytest.mark.parametrize("status", BANNERS)
def test_pages_are_read_in_every_status_under_its_banner(browser, reseller, status):
    Reseller.objects.filter(pk=reseller.pk).update(status=status)
    for page in PAGES:
        response = browser.get(page)
        assert response.status_code == 200, page
        if response.streaming:
            continue
        shown = {
            text
            for text in BANNERS.values()
            if text and text in words(response.content)
        }
        assert shown == {BANNERS[status]} - {""}, page


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("page", PAGES)
def test_what_is_only_read_takes_nothing_else(browser, page, method):
    if method == "post" and page.endswith("/profile"):
        pytest.skip("a form")
    assert getattr(browser, method)(page).status_code == 405


def test_titles_say_where_one_is(browser):
    titles = [
        browser.get(page)
        .content.decode()
        .partition("<title>")[2]
        .partition("</title>")[0]
        for page in PAGES
        if not page.endswith(".csv")
    ]
    assert titles == [
        "Earning · Consign",
        "Customers · Earning · Consign",
        "Commissions · Earning · Consign",
        "Statements · Earning · Consign",
        "Payouts · Earning · Consign",
        "Profile · Earning · Consign",
    ]


def test_the_workspace_is_shown_to_those_who_earn(client_for, reseller, passer_by):
    place = f'<a href="{URL}" '
    assert place in client_for(reseller.user).get("/contracts").content.decode()
    assert place not in client_for(passer_by).get("/contracts").content.decode()
