"""`/dashboard/provider/reseller/orders`: tabs, filters, paging, news. Section 9."""

import gzip
import re
from datetime import timedelta

import pytest

from marketplace.actions import orders, problems
from marketplace.models import ResellerOrder
from tests.factories.marketplace import (
    ExternalProviderFactory,
    OfferingFactory,
    RelationshipFactory,
    order_in,
    paid_order,
    placed_order,
)
from tests.marketplace.views.pages import words

pytestmark = pytest.mark.django_db

URL = "/dashboard/provider/reseller/orders"
HOSTILE = "<script>alert(1)</script>\" onload='x'"


def rows(response) -> list[str]:
    """The contracts of the rows, in their order."""
    return re.findall(r'<li class="queue-item" id="order-(\w+)"', text_of(response))


def text_of(response) -> str:
    return str(response.content.decode())


def htmx(client, query, target):
    return client.get(
        f"{URL}?{query}", headers={"HX-Request": "true", "HX-Target": target}
    )


@pytest.fixture
def browser_of(client_for, owner):
    return client_for(owner)


# Who


@pytest.mark.parametrize("role", ["owner", "colleague", "viewer"])
def test_every_member_reads_the_queue(role, request, client_for, relationship):
    order = paid_order(relationship)
    member = request.getfixturevalue(role)
    assert rows(client_for(member).get(URL)) == [order.contract_id]


def test_stranger_sees_nothing_of_it(client_for, stranger, relationship):
    order = paid_order(relationship)
    page = client_for(stranger).get(URL)
    assert rows(page) == []
    assert order.contract_id[:8] not in text_of(page)


def test_others_read_how_to_become_a_provider(client_for, buyer):
    response = client_for(buyer).get(URL)
    assert response.status_code == 403
    assert "provider" in words(response.content)


def test_visitor_signs_in_and_comes_back(client):
    response = client.get(URL)
    assert response.status_code == 302
    assert response["Location"] == f"/account/login/?next={URL}" or (
        f"next={URL}" in response["Location"]
    )


def test_only_reads(browser_of):
    assert browser_of.post(URL).status_code == 405


# Tabs


def test_each_tab_has_its_orders_and_counts(browser_of, relationship, clock):
    new = paid_order(relationship)
    unpaid = placed_order(relationship)
    done = order_in("completed", relationship)
    failed = order_in("rejected", relationship)
    faulty = order_in("fulfilled", relationship)
    problems.report_problem(
        faulty, text="The server does not answer.", actor=faulty.contract.buyer
    )

    page = browser_of.get(URL)
    assert rows(page) == [faulty.contract_id, new.contract_id]
    assert rows(browser_of.get(f"{URL}?tab=waiting")) == [unpaid.contract_id]
    assert rows(browser_of.get(f"{URL}?tab=done")) == [done.contract_id]
    assert rows(browser_of.get(f"{URL}?tab=failed")) == [failed.contract_id]
    assert "Needs action 2 Waiting for payment 1 Done 1 Failed 1" in words(page.content)


def test_nearest_deadline_stands_first(browser_of, relationship, clock):
    later = paid_order(relationship)
    orders.accept_order(later, actor=None)  # 48 hours from now
    clock.shift(timedelta(minutes=1))
    sooner = paid_order(relationship)  # 12 hours to accept
    assert rows(browser_of.get(URL)) == [sooner.contract_id, later.contract_id]


def test_row_says_what_where_whether_and_how_much(browser_of, relationship, clock):
    order = paid_order(relationship)
    name = order.contract.offering_snapshot["offer_name"]
    assert (
        f"{name} Hetzner · Falkenstein · {order.contract_id[:8]}… New 12 h left to"
        " accept 6.35 USD you earn 0.58 USD"
    ) in words(browser_of.get(URL).content)


@pytest.mark.parametrize(
    ("tab", "title"),
    [
        ("needs-action", "All clear"),
        ("waiting", "Nobody owes a payment"),
        ("done", "Nothing delivered yet"),
        ("failed", "Nothing went wrong"),
        ("nonsense", "All clear"),
    ],
)
def test_empty_tab_says_so(browser_of, tab, title):
    assert title in words(browser_of.get(f"{URL}?tab={tab}").content)


# Search and supplier


def test_search_finds_contract_and_external_id_by_their_beginning(
    browser_of, relationship
):
    order = order_in("ordered", relationship)
    paid_order(relationship)
    for typed in [
        order.contract_id[:10],
        order.contract_id.upper(),
        order.external_order_id[:9].lower(),
        f"  {order.contract_id[:12]} ",
    ]:
        assert rows(browser_of.get(URL, {"q": typed})) == [order.contract_id]
    assert "No order matches" in words(browser_of.get(URL, {"q": "zz"}).content)


def test_supplier_narrows_rows_counts_and_tab_links(browser_of, seller, relationship):
    paid_order(relationship)
    second = RelationshipFactory.create(
        reseller=seller, external_provider=ExternalProviderFactory.create(name="OVH")
    )
    order = paid_order(second)
    pubkey = second.external_provider.pubkey

    page = browser_of.get(URL, {"provider": pubkey, "q": order.contract_id[:6]})
    assert rows(page) == [order.contract_id]
    assert "Needs action 1 " in words(page.content)
    assert (
        f'href="{URL}?tab=done&amp;q={order.contract_id[:6]}&amp;provider={pubkey}"'
        in text_of(page)
    )
    assert f'<option value="{pubkey}" selected>OVH</option>' in text_of(page)


def test_bad_supplier_shows_its_error_and_narrows_nothing(browser_of, relationship):
    order = paid_order(relationship)
    page = browser_of.get(URL, {"provider": "zz"})
    assert "No order of yours is from there." in words(page.content)
    assert rows(page) == [order.contract_id]


@pytest.mark.parametrize("query", ["cursor=nonsense", "cursor=", "unknown=1", "tab=x"])
def test_bad_cursor_and_unknown_parameters_give_page_one(
    browser_of, relationship, query
):
    order = paid_order(relationship)
    assert rows(browser_of.get(f"{URL}?{query}")) == [order.contract_id]


# Paging


def test_pages_meet_each_order_once(browser_of, relationship, monkeypatch):
    monkeypatch.setattr("marketplace.views.orders.PAGE_SIZE", 2)
    made = [paid_order(relationship).contract_id for _ in range(5)]
    found, query = [], ""
    while True:
        page = htmx(browser_of, query, "order-pager")
        assert "<html" not in text_of(page)
        found += rows(page)
        following = re.search(r'href="\?([^"]*)" rel="next"', text_of(page))
        if not following:
            break
        query = following[1].replace("&amp;", "&")
    assert sorted(found) == sorted(made)


# News: the list read again every minute


def known(page) -> str:
    return ",".join(re.findall(r'data-known="([^"]+)"', text_of(page)))


def test_news_are_silent_while_nothing_changed(browser_of, relationship):
    paid_order(relationship)
    shown = known(browser_of.get(URL))
    news = htmx(browser_of, f"tab=needs-action&rows={shown}", "order-news")
    assert words(news.content) == (
        "Needs action 1 Waiting for payment 0 Done 0 Failed 0"
    )
    assert "data-known" not in text_of(news)


def test_news_bring_changed_rows_and_offer_new_ones(browser_of, relationship):
    order = paid_order(relationship)
    shown = known(browser_of.get(URL))
    orders.accept_order(order, actor=None)
    newer = paid_order(relationship)

    news = text_of(htmx(browser_of, f"rows={shown}", "order-news"))
    assert f'hx-swap-oob="innerHTML:#row-{order.contract_id}"' in news
    assert "Accepted" in news
    assert newer.contract_id not in news
    assert "1 more order is here." in words(news)
    assert 'data-announce="1 more order is here."' in news
    again = htmx(browser_of, f"rows={shown}&more=1", "order-news")
    assert "data-announce" not in text_of(again)


def test_news_say_when_an_order_has_left(browser_of, relationship):
    order = paid_order(relationship)
    shown = known(browser_of.get(URL))
    orders.fulfil_order(order, external_order_id="SUP-1", actor=None)
    news = htmx(browser_of, f"rows={shown}", "order-news")
    assert "Delivered" in words(news.content)
    assert "Needs action 0" in words(news.content)


@pytest.mark.parametrize("told", ["", "x", "1-", "-1", "9" * 19 + "-a", "987654-a,,2"])
def test_news_of_nonsense_rows_are_no_error(browser_of, relationship, told):
    paid_order(relationship)
    news = htmx(browser_of, f"rows={told}", "order-news")
    assert news.status_code == 200
    assert "1 more order is here." in words(news.content)


def test_news_tell_nothing_of_strangers_orders(client_for, stranger, relationship):
    order = paid_order(relationship)
    news = htmx(client_for(stranger), f"rows={order.pk}-0", "order-news")
    assert "data-known" not in text_of(news)


# Texts of others, weight and queries


def test_texts_of_others_are_escaped(browser_of, relationship):
    offering = OfferingFactory.create(
        provider=relationship.external_provider,
        offer_name=HOSTILE,
        datacenter_city=HOSTILE[:30],
    )
    paid_order(relationship, offering=offering)
    page = text_of(browser_of.get(URL, {"q": ""}))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in text_of(browser_of.get(URL, {"q": HOSTILE}))


def copies(order: ResellerOrder, count: int) -> None:
    """More paid orders like this one, made as rows: only their number counts here."""
    for number in range(count):
        contract, payment = order.contract, order.contract.payment
        contract.pk = f"{number + 0xBEEF:064x}"
        contract.quote_id = f"{number + 0xBEEF:032x}"
        contract.save(force_insert=True)
        payment.pk, payment.contract = None, contract
        payment.save(force_insert=True)
        order.pk, order.contract = None, contract
        order.save(force_insert=True)


@pytest.mark.parametrize("count", [1, 3, 60])
def test_queries_do_not_grow(
    browser_of, relationship, count, django_assert_num_queries
):
    copies(paid_order(relationship), count - 1)
    browser_of.get(URL)
    with django_assert_num_queries(6):
        page = browser_of.get(URL)
    assert len(rows(page)) == min(count, 50)
    with django_assert_num_queries(6):
        htmx(browser_of, f"rows={known(page)}", "order-news")


def test_fifty_rows_are_light(browser_of, relationship):
    copies(paid_order(relationship), 49)
    page = browser_of.get(URL)
    assert len(rows(page)) == 50
    assert len(gzip.compress(page.content)) <= 15_000
