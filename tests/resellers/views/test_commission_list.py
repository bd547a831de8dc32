"""`…/commissions`: every entry, narrowed by the address; sales without one say why."""

import re

import pytest

from resellers import clock as time
from resellers import ledger
from resellers.actions.referrals import end_referral
from resellers.models import LedgerEntry, Sale
from tests.factories.profiles import RateFactory, ReferralFactory
from tests.factories.resellers import AT, LedgerEntryFactory
from tests.queries import assert_constant
from tests.resellers.earning import DAY, follow, record
from tests.resellers.views.pages import HTMX, URL, rows, words

pytestmark = pytest.mark.django_db

LIST = f"{URL}/commissions"


def shown(browser, query: str = "") -> list[str]:
    """What identifies each row: its amount."""
    page = browser.get(f"{LIST}?{query}").content
    return [re.findall(r"-?[\d,.]+ \w{3}$", row)[0] for row in rows(page, "entry")]


def select(page: bytes, name: str) -> str:
    found = re.search(rf'<select name="{name}".*?</select>', page.decode(), re.DOTALL)
    assert found, name
    return words(found[0])


def test_nothing_earned_says_what_to_do(browser):
    page = words(browser.get(LIST).content)
    assert "Nothing earned yet Give your code to a customer; sales appear here." in page


def test_a_row_says_when_whose_what_and_when_it_is_free(
    browser, client_for, reseller, clock
):
    record("inv-1", description="Annual plan")
    (row,) = rows(browser.get(LIST).content, "entry")
    assert row == (
        "2 Mar 2026 , why this number C-1001 Commission Annual plan Pending"
        " 1 Apr 2026 10.08 USD"
    )
    clock.shift(10 * DAY)
    (row,) = rows(client_for(reseller.user).get(LIST).content, "entry")
    assert "Pending 1 Apr 2026 in 20 days 10.08 USD" in row


def test_a_refund_links_its_sale(browser, clock):
    record("inv-1")
    follow("r-1", "refunded", "inv-1", 1300, occurred_at=AT)
    page = browser.get(LIST).content
    refund, sale = rows(page, "entry")
    assert refund == (
        "2 Mar 2026 , why this number C-1001 Taken back of the sale of 2 Mar 2026"
        " Pending 1 Apr 2026 -2.02 USD"
    )
    assert "Commission" in sale
    root = LedgerEntry.objects.get(key="sale:inv-1")
    assert page.decode().count(f'href="{LIST}/{root.pk}"') == 2


def test_states_say_what_holds_or_when_it_was_paid(browser, reseller, clock):
    record("inv-1")
    record("inv-2")
    follow("d-1", "disputed", "inv-1", occurred_at=AT)
    LedgerEntry.objects.filter(key="sale:inv-2").update(status="approved")
    LedgerEntry.objects.filter(key="sale:inv-2").update(status="paid", status_at=AT)
    paid, held = rows(browser.get(LIST).content, "entry")
    assert "Paid paid 2 Mar 2026" in paid
    assert "On hold while the customer disputes the payment" in held


def test_an_adjustment_says_its_reason_and_never_its_memo(browser, reseller):
    LedgerEntryFactory.create(
        account=reseller.account,
        kind="adjustment",
        amount_minor=-500,
        status="approved",
        reason="goodwill",
        memo="a word between colleagues",
        actor=reseller.user,
        source="staff",
    )
    page = browser.get(LIST).content
    (row,) = rows(page, "entry")
    assert "Adjustment Adjustment goodwill Deduction off your next payout" in row
    assert "between colleagues" not in page.decode()


def test_payouts_stand_on_their_own_page(browser, reseller):
    LedgerEntryFactory.create(
        account=reseller.account, kind="payout", amount_minor=-500, status="paid"
    )
    assert shown(browser) == []


@pytest.fixture
def several(browser, reseller, clock):
    """10.08 USD of January, available; 4.50 USD and 15.50 EUR of March, pending."""
    with time.at(AT - 45 * DAY):
        record("jan", occurred_at=AT - 45 * DAY)
    other = ReferralFactory.create(reseller=reseller, customer_ref="C-2002")
    record("mar", 2900, customer_ref=other.customer_ref)
    record("eur", 10_000, "EUR", customer_ref=other.customer_ref)
    ledger.settle_due(AT)
    return browser


@pytest.mark.parametrize(
    ("query", "found", "sums"),
    [
        ("", ["15.50 EUR", "4.50 USD", "10.08 USD"], "1 entry, 15.50 EUR · 2 entries, 14.58 USD"),
        ("status=approved", ["10.08 USD"], "1 entry, 10.08 USD"),
        ("status=pending&currency=USD", ["4.50 USD"], "1 entry, 4.50 USD"),
        ("period=2026-01", ["10.08 USD"], "1 entry, 10.08 USD"),
        ("period=2026", ["15.50 EUR", "4.50 USD", "10.08 USD"], "2 entries, 14.58 USD"),
        ("customer=C-2002&currency=EUR", ["15.50 EUR"], "1 entry, 15.50 EUR"),
        ("customer=C-2002", ["15.50 EUR", "4.50 USD"], "1 entry, 4.50 USD"),
    ],
)  # fmt: skip
def test_filters_stand_in_the_address(several, query, found, sums):
    page = several.get(f"{LIST}?{query}").content
    assert shown(several, query) == found
    assert sums in words(page)
    assert f"Commissions {len(found)} " in words(page)


@pytest.mark.parametrize(
    "query", ["customer=C-404", "period=2025", "status=hold", "customer=c-2002"]
)
def test_nothing_found_offers_the_way_back(several, query):
    page = words(several.get(f"{LIST}?{query}").content)
    assert "Nothing in this period" in page
    assert "Clear the filters" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("status=rich", "rich is not one of the available choices"),
        ("period=yesterday", "Give a year or a month such as 2026 or 2026-05."),
        ("currency=XXX", "XXX is not one of the available choices"),
        (f"customer={'x' * 300}", "at most 255 characters"),
    ],
)
def test_a_refused_filter_says_so_and_narrows_nothing(several, query, said):
    response = several.get(f"{LIST}?{query}")
    assert response.status_code == 200
    assert said in words(response.content)
    assert len(rows(response.content, "entry")) == 3


def test_selects_offer_what_there_is(several):
    page = several.get(f"{LIST}?period=2024").content
    assert select(page, "period") == (
        "All time All of 2026 March 2026 February 2026 January 2026 2024"
    )
    assert select(page, "currency") == "Any currency EUR USD"
    several_in_one = several.get(LIST).content
    assert "2024" not in select(several_in_one, "period")


def test_one_currency_needs_no_choice(browser, clock):
    record("inv-1")
    assert b'name="currency"' not in browser.get(LIST).content


def test_customers_of_others_are_not_found(client_for, stranger, several):
    record("theirs", customer_ref="C-9009")
    page = client_for(stranger.user).get(f"{LIST}?customer=C-2002").content
    assert "Nothing in this period" in words(page)
    assert "Commissions 0 " in words(page)
    assert "C-9009" not in words(page)


def test_sales_without_commission_say_why(browser, reseller, clock):
    record("small", 3, description="Trial")
    free = ReferralFactory.create(reseller=reseller, customer_ref="C-3003")
    RateFactory.create(scope="referral", referral=free, rate_bp=0)
    record("free", customer_ref="C-3003")
    record("earns")

    page = browser.get(f"{LIST}?tab=without").content
    assert sorted(rows(page, "sale")) == [
        "2 Mar 2026 C-1001 Trial 0.03 USD 15.5 % of USD 0.03 = 0.00465, rounded"
        " half-up to 0.00; less than the smallest unit of USD.",
        "2 Mar 2026 C-3003 65.00 USD 0 % of USD 65.00 = 0.00; your rate for this"
        " customer is 0 %.",
    ]
    assert "Without commission 2" in words(browser.get(LIST).content)


def test_a_sale_without_a_rate_says_that_it_waits(
    browser, client_for, passer_by, clock
):
    ReferralFactory.create(reseller__user=passer_by, customer_ref="C-4004")
    record("no-rate", customer_ref="C-4004")
    page = client_for(passer_by).get(f"{LIST}?tab=without").content
    (row,) = rows(page, "sale")
    assert row.startswith("2 Mar 2026 C-4004 65.00 USD No rate")
    assert rows(browser.get(f"{LIST}?tab=without").content, "sale") == []


def test_every_sale_earned(browser, clock):
    record("inv-1")
    assert "Every sale earned" in words(browser.get(f"{LIST}?tab=without").content)


def test_what_an_ended_customer_earned_stays(browser, referral, clock):
    record("inv-1")
    clock.shift(DAY / 2)
    end_referral(referral, end_reason="customer_left", reason="went away", actor=None)
    assert shown(browser) == ["10.08 USD"]


@pytest.mark.parametrize(
    ("query", "kind", "amount"), [("", "entry", 6500), ("tab=without", "sale", 3)]
)
def test_pages_meet_each_row_once(browser, clock, query, kind, amount):
    for number in range(60):
        record(f"inv-{number}", amount)
    first = browser.get(f"{LIST}?{query}").content.decode()
    found = re.search(rf'hx-get="([^"]+)" hx-target="#{kind}-pager"', first)
    assert found
    more = browser.get(LIST + found[1].replace("&amp;", "&"), **HTMX).content.decode()
    met = re.findall(rf'<tr id="{kind}-([\w-]+)">', first + more)
    assert len(met) == 60
    assert len(set(met)) == 60
    assert more.lstrip().startswith(f'<tr id="{kind}-')


def test_the_next_page_keeps_the_filters(browser, clock):
    for number in range(51):
        record(f"inv-{number}")
    first = browser.get(f"{LIST}?status=pending&currency=USD").content.decode()
    found = re.search(r'rel="next" hx-get="([^"]+)"', first)
    assert found
    assert "status=pending&amp;currency=USD" in found[1]


@pytest.mark.parametrize("cursor", ["x", "e30:1:2", "%E2%82%AC"])
def test_a_bad_cursor_gives_page_one(browser, clock, cursor):
    record("inv-1")
    assert shown(browser, f"cursor={cursor}") == ["10.08 USD"]


def test_texts_of_others_are_escaped(browser, clock):
    record("inv-1", description="<script>alert(1)</script>")
    assert b"<script>alert" not in browser.get(LIST).content


def test_it_costs_the_same_at_any_size(browser, clock):
    def grow(number: int) -> None:
        record(f"inv-{number}", 6500 if number % 2 else 3)
        follow(f"r-{number}", "refunded", f"inv-{number}", 1, occurred_at=AT)

    for query, expected in (("", 9), ("customer=C-1001", 11), ("tab=without", 6)):
        start = Sale.objects.count()
        assert_constant(
            lambda: browser.get(f"{LIST}?{query}"),  # noqa: B023 -- called here
            lambda number: grow(start + number),  # noqa: B023 -- called here
            sizes=[2, 6],
            expected=expected,
        )
