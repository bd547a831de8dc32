"""Every table is listed at a constant price and found by what people have of it."""

import pytest

from marketplace.models import (
    Contract,
    FulfilmentAttempt,
    Offering,
    Payment,
    Provider,
    ProviderMember,
    ResellerOrder,
    ResellerRelationship,
)
from resellers.desk.paging import LeanPaginator
from tests.factories.marketplace import (
    MemberFactory,
    OfferingFactory,
    ProviderFactory,
    RelationshipFactory,
    order_in,
    paid_order,
)
from tests.marketplace.admin.pages import url

pytestmark = pytest.mark.django_db


def attempt_of(order: ResellerOrder) -> FulfilmentAttempt:
    return order.attempts.get()


MAKERS = {
    Provider: ProviderFactory.create,
    ProviderMember: MemberFactory.create,
    Offering: OfferingFactory.create,
    ResellerRelationship: RelationshipFactory.create,
    Contract: lambda: order_in("fulfilled").contract,
    Payment: lambda: paid_order().contract.payment,
    ResellerOrder: lambda: order_in("fulfilled"),
    FulfilmentAttempt: lambda: attempt_of(paid_order()),
}
# Session and person, then how many there are, the rows, and the filter by provider.
QUERIES = 4
MORE = {Offering: 1}
models = pytest.mark.parametrize("model", MAKERS, ids=lambda m: m.__name__)


@models
@pytest.mark.parametrize("rows", [1, 3, 12])
def test_list_needs_the_same_queries(browser, model, rows, django_assert_num_queries):
    browser.get("/admin/jsi18n/")  # begins the session
    for _ in range(rows):
        MAKERS[model]()
    with django_assert_num_queries(QUERIES + MORE.get(model, 0)):
        page = browser.get(url(model, "changelist"))
    assert len(page.context["cl"].result_list) >= rows


@models
def test_row_has_a_page_and_a_history(browser, model):
    row = MAKERS[model]()
    assert browser.get(url(row, "change")).status_code == 200
    assert browser.get(url(row, "history")).status_code == 200


@models
@pytest.mark.parametrize(
    "query", ["q=%25", "q='", "o=99", "p=99999", "state__exact=x", "nonsense=1", "e=1"]
)
def test_odd_addresses_are_answered(browser, model, query):
    MAKERS[model]()
    page = browser.get(f"{url(model, 'changelist')}?{query}", follow=True)
    assert page.status_code == 200


@models
@pytest.mark.parametrize("row", ["abc", "9" * 40, "-1", "_00"])
def test_missing_rows_are_said_to_be_missing(browser, model, row):
    page = browser.get(url(model, "change", row), follow=True)
    assert page.redirect_chain[-1][0] == "/admin/"


SALES = [Contract, Payment, ResellerOrder, FulfilmentAttempt]


def order_behind(row) -> ResellerOrder:
    """The order that a row of one of the tables of sales belongs to."""
    if isinstance(row, ResellerOrder):
        return row
    if isinstance(row, FulfilmentAttempt):
        return row.order
    contract = row if isinstance(row, Contract) else row.contract
    return contract.reseller_order


def found(browser, model, term: str) -> list[str]:
    page = browser.get(url(model, "changelist"), {"q": term})
    return [order_behind(row).contract_id for row in page.context["cl"].result_list]


@pytest.mark.parametrize("model", SALES, ids=lambda m: m.__name__)
def test_sales_are_found_by_what_is_on_paper(browser, model, supplier, buyer):
    relationship = RelationshipFactory.create(
        reseller__name="Alto Hosting", external_provider=supplier
    )
    order = order_in("fulfilled", relationship, buyer=buyer)
    order_in("fulfilled")
    contract = order.contract
    terms = [
        contract.contract_id,
        contract.contract_id[:12].upper(),
        contract.payment_reference,
        "buyer@exa",
        "alto",
        "Hetzner",
    ]
    terms += [] if model is Payment else [order.external_order_id.lower()]
    assert {term: found(browser, model, term) for term in terms} == {
        term: [contract.contract_id] for term in terms
    }
    assert found(browser, model, "nobody@example.com") == []


def test_offerings_are_found_by_words_and_by_code(browser, supplier):
    wanted = OfferingFactory.create(
        provider=supplier, code="cax11-fsn1", search_text="cax11 falkenstein hetzner"
    )
    OfferingFactory.create(search_text="another")
    for term in ("falken", "hetzner cax11", "cax11-fsn1"):
        page = browser.get(url(Offering, "changelist"), {"q": term})
        assert [row.pk for row in page.context["cl"].result_list] == [wanted.pk], term


def test_members_and_relationships_are_found_by_name(browser, relationship, owner):
    RelationshipFactory.create()
    MemberFactory.create()
    page = browser.get(url(ResellerRelationship, "changelist"), {"q": "hetz"})
    assert list(page.context["cl"].result_list) == [relationship]
    for term in ("owner@exam", "Nimbus Resale"):
        page = browser.get(url(ProviderMember, "changelist"), {"q": term})
        assert owner in [row.user for row in page.context["cl"].result_list]


def test_orders_are_filtered_by_what_they_need(browser, relationship, clock):
    late = order_in("ordered", relationship)
    clock.shift(49 * 3600)
    fresh = paid_order(relationship)
    page = browser.get(url(ResellerOrder, "changelist"), {"needs": "overdue"})
    assert list(page.context["cl"].result_list) == [late]
    page = browser.get(url(ResellerOrder, "changelist"), {"state__exact": "placed"})
    assert list(page.context["cl"].result_list) == [fresh]


def test_counting_stops_at_its_limit(monkeypatch, browser):
    monkeypatch.setattr("resellers.desk.paging.COUNTED", 2)
    OfferingFactory.create_batch(3)
    pages = LeanPaginator(Offering.objects.order_by("pk"), 1)
    assert (pages.count, pages.count_words, pages.num_pages) == (2, "2+", 2)
    shown = browser.get(url(Offering, "changelist")).content.decode()
    assert "2+ offerings" in " ".join(shown.split())


def test_counting_is_exact_below_its_limit():
    OfferingFactory.create_batch(2)
    pages = LeanPaginator(Offering.objects.order_by("pk"), 1)
    assert (pages.count, pages.count_words) == (2, "2")
