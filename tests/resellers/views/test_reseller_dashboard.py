"""`/dashboard/reseller`: numbers first, each leading to what makes it."""

import re

import pytest

from resellers import clock as time
from resellers import ledger
from resellers.actions import statuses
from resellers.models import LedgerEntry, Rate, Reseller
from tests.factories.profiles import RateFactory, ReferralFactory
from tests.factories.resellers import AT
from tests.queries import assert_constant
from tests.resellers.earning import DAY, follow, record
from tests.resellers.people import finance
from tests.resellers.views.pages import URL, rows, words

pytestmark = pytest.mark.django_db


def strip(page: bytes) -> list[str]:
    """The four numbers of each currency with their notes."""
    found = re.findall(r'<div class="stat".*?</div>', page.decode(), re.DOTALL)
    return [words(each) for each in found]


def links(page: bytes) -> list[str]:
    found = re.findall(r'<div class="stat".*?href="([^"]+)"', page.decode(), re.DOTALL)
    return [each.replace("&amp;", "&").removeprefix(URL) for each in found]


def card(page: bytes, title: str) -> str:
    found = re.search(rf"<h2>{title}</h2>.*?</section>", page.decode(), re.DOTALL)
    assert found, title
    return words(found[0])


def test_nothing_yet_says_what_to_do(browser, reseller, clock):
    page = browser.get(URL).content

    assert strip(page) == [
        "Available 0.00 USD nothing for a payout yet",
        "Pending 0.00 USD nothing on its way",
        "On hold 0.00 USD nothing held",
        "Paid 0.00 USD no payout yet",
    ]
    assert "Give your code to a customer; sales appear here." in words(page)
    assert f'data-copy="{reseller.code}"' in page.decode()


def test_the_four_numbers_lead_to_their_entries(browser, clock):
    with time.at(AT - 60 * DAY):
        record("old", occurred_at=AT - 60 * DAY)
    record("inv-1")
    record("inv-2", 2900)
    follow("d-1", "disputed", "inv-2", occurred_at=AT)
    ledger.settle_due(AT)

    page = browser.get(URL).content
    assert strip(page) == [
        "Available 10.08 USD for your next payout",
        "Pending 10.08 USD the first on 1 Apr 2026",
        "On hold 4.50 USD while the customer disputes the payment",
        "Paid 0.00 USD no payout yet",
    ]
    assert links(page) == [
        "/commissions?currency=USD&status=approved",
        "/commissions?currency=USD&status=pending",
        "/commissions?currency=USD&status=hold",
        "/payouts",
    ]
    for link, sum_ in zip(links(page), ["10.08", "10.08", "4.50"], strict=False):
        assert f"1 entry, {sum_} USD" in words(browser.get(URL + link).content)


def test_currencies_stay_apart_the_programmes_first(browser, clock):
    record("inv-1", 10_000, "EUR")
    record("inv-2", 999, "JPY")
    record("inv-3")

    page = browser.get(URL).content
    assert [each for each in strip(page) if "Pending" in each] == [
        "Pending 10.08 USD the first on 1 Apr 2026",
        "Pending 15.50 EUR the first on 1 Apr 2026",
        "Pending 155 JPY the first on 1 Apr 2026",
    ]
    titles = re.findall(r"Commission by month, (\w+)</figcaption>", page.decode())
    assert titles == ["USD", "EUR", "JPY"]


def test_a_debt_says_that_it_comes_off(browser, reseller, clock):
    sale = record("inv-1")
    own = LedgerEntry.objects.filter(source_ref=str(sale.pk))
    own.update(status="approved")
    own.update(status="paid")
    follow("r-1", "refunded", "inv-1", 1300, occurred_at=AT)

    available = strip(browser.get(URL).content)[0]
    assert (
        available == "Available -2.02 USD you owe this; it comes off your next payout"
    )


def test_a_suspended_reseller_sees_what_is_held(browser, reseller, clock):
    record("inv-1")
    statuses.change_status(
        reseller, status="suspended", reason="under review", actor=None
    )
    assert strip(browser.get(URL).content)[:3] == [
        "Available 0.00 USD payouts are stopped at present",
        "Pending 0.00 USD nothing on its way",
        "On hold 10.08 USD while your account is under review",
    ]


def test_months_are_a_chart_and_a_table(browser, clock):
    with time.at(AT - 40 * DAY):
        record("jan", occurred_at=AT - 40 * DAY)
    record("march", 10_000)

    page = browser.get(URL).content.decode()
    table = page.partition("Show as table")[2].partition("</table>")[0]
    assert words(table).endswith(
        "January 2026 10.08 USD February 2026 0.00 USD March 2026 15.50 USD"
    )
    assert words(table).count("0.00 USD") == 10
    assert page.count('<text x="') == 12


def test_a_month_below_zero_is_said_under_the_chart(browser, clock):
    with time.at(AT - 40 * DAY):
        record("jan", occurred_at=AT - 40 * DAY)
    assert "taken back than earned" not in words(browser.get(URL).content)
    follow("refund", "refunded", "jan", 1300, occurred_at=AT)
    assert "March 2026: -2.02 USD. More was taken back than earned." in words(
        browser.get(URL).content
    )


def test_the_last_five_entries_newest_first(browser, clock):
    for number in range(7):
        record(f"inv-{number}", 6500 + number * 100, description=f"Plan {number}")
    shown = rows(browser.get(URL).content, "entry")
    assert [re.findall(r"Plan \d", row)[0] for row in shown] == [
        f"Plan {number}" for number in (6, 5, 4, 3, 2)
    ]
    assert shown[0] == (
        "2 Mar 2026 , why this number C-1001 Commission Plan 6 Pending"
        " 1 Apr 2026 11.01 USD"
    )


def test_the_rate_says_whose_it_is_and_since_when(browser, reseller, clock):
    title = "Your rate"
    assert card(browser.get(URL).content, title) == (
        "Your rate 15.5 % share of what was paid, before tax Your own rate."
    )
    RateFactory.create(
        scope="reseller",
        reseller=reseller,
        rate_bp=2000,
        valid_from=AT - 5 * DAY,
        created_at=AT - 5 * DAY,
    )
    assert card(browser.get(URL).content, title).endswith(
        "20 % share of what was paid, before tax Your own rate since 25 Feb 2026."
    )
    RateFactory.create(rate_bp=1000)
    RateFactory.create(
        scope="reseller", reseller=reseller, rate_bp=None, valid_from=AT, created_at=AT
    )
    assert card(browser.get(URL).content, title).endswith(
        "10 % share of what was paid, before tax The programme’s rate."
    )


def test_no_rate_is_said_honestly(browser, client_for, passer_by, clock):
    profile = ReferralFactory.create(reseller__user=passer_by).reseller
    assert not Rate.objects.filter(reseller=profile).exists()
    assert "N/A" in card(client_for(passer_by).get(URL).content, "Your rate")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("applicant", "It works as soon as your application is approved."),
        ("active", "Customers give it when they buy; their sales are yours."),
        ("inactive", "It brings no new customers at present."),
        ("suspended", "It brings no new customers at present."),
    ],
)
def test_the_code_says_what_it_does_now(browser, reseller, status, said):
    Reseller.objects.filter(pk=reseller.pk).update(status=status)
    assert card(browser.get(URL).content, "Your code") == (
        f"Your code {reseller.code} {said}"
    )


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("applicant", "Sales appear here once your application is approved."),
        ("active", "Give your code to a customer; sales appear here."),
        ("inactive", "Sales of your customers appear here."),
        ("suspended", "Sales of your customers appear here."),
    ],
)
@pytest.mark.parametrize("page", [URL, f"{URL}/commissions"])
def test_an_empty_account_says_what_it_waits_for(browser, reseller, page, status, said):
    Reseller.objects.filter(pk=reseller.pk).update(status=status)
    assert f"Nothing earned yet {said}" in words(browser.get(page).content)


def test_customers_ever_and_at_present(browser, reseller, clock):
    ended = {"ended_at": AT, "end_reason": "customer_left"}
    ReferralFactory.create(reseller=reseller, **ended)
    ReferralFactory.create(reseller=reseller, ended_at=AT, end_reason="mistake")
    said = card(browser.get(URL).content, "Your customers")
    assert said.startswith("Your customers 2 referred, 1 at present")


def test_a_stranger_sees_nothing_of_it(client_for, stranger, reseller, clock):
    record("inv-1")
    page = client_for(stranger.user).get(URL).content.decode()
    assert "Nothing earned yet" in words(page)
    assert reseller.code not in page
    assert "C-1001" not in page


def test_staff_see_no_portal_of_others(client_for, reseller, settings):
    settings.STAFF_TOTP = False
    response = client_for(finance()).get(URL)
    assert (response.status_code, response["Location"]) == (302, f"{URL}/apply")


def test_it_costs_the_same_at_any_size(browser, clock):
    def grow(number: int) -> None:
        record(f"inv-{number}", currency="USD" if number % 2 else "EUR")

    assert_constant(lambda: browser.get(URL), grow, sizes=[2, 4, 9], expected=11)
