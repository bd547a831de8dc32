"""The list of resellers: found by any part, filtered by the address, counted once."""

import pytest
from django.urls import reverse

from resellers import clock
from resellers.admin.reseller_list import listed as figures
from resellers.models import ContactGroup, Reseller
from resellers.money import Money
from tests.factories.profiles import (
    RateFactory,
    ReferralFactory,
    ResellerFactory,
)
from tests.factories.resellers import SuperuserFactory
from tests.queries import assert_constant
from tests.resellers.admin.pages import listed, url, words
from tests.resellers.earning import customer, record
from tests.resellers.people import plain_staff

pytestmark = pytest.mark.django_db

LIST = reverse("admin:resellers_reseller_changelist")


def names(browser, **query: str) -> set[str]:
    return {row.last_name for row in listed(browser, Reseller, **query)}


@pytest.fixture
def people(db):
    """Four of them, apart in everything that is filtered by."""
    seekers = ContactGroup.objects.get(slug="info_seekers")
    ResellerFactory.create(
        last_name="Quill",
        organization="Quill Events",
        city="Exampleton",
        state="FL",
        state_name="Florida",
        country="US",
        phone="727-555-0142",
        search_text="avery quill quill events avery@example.com rs-00000a",
        search_digits="7275550142",
        extended_values=[{"key": "membership_level", "value": "Gold"}],
        contact_group=seekers,
    )
    ResellerFactory.create(
        last_name="Müller",
        status="applicant",
        search_text="avery muller muller@example.com rs-00000b",
        extended_values=[{"key": "membership_level", "value": "Silver"}],
        country="DE",
        state_name="Bavaria",
    )
    ResellerFactory.create(last_name="Wren", status="suspended", partner_tier="premium")
    rated = ResellerFactory.create(last_name="Vale", status="inactive")
    RateFactory.create(scope="reseller", reseller=rated, rate_bp=1550)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {"Quill", "Müller", "Wren", "Vale"}),
        ({"q": "quill event"}, {"Quill"}),
        ({"q": "muller"}, {"Müller"}),
        ({"q": "MÜLLER"}, {"Müller"}),
        ({"q": "avery@exa"}, {"Quill"}),
        ({"q": "rs-00000b"}, {"Müller"}),
        ({"q": "+1 (727) 555-0142"}, {"Quill"}),
        ({"q": "5550142"}, {"Quill"}),
        ({"q": "%"}, set()),
        ({"q": "quill muller"}, set()),
        ({"q": "\u0301"}, set()),
        ({"status": "applicant"}, {"Müller"}),
        ({"status": "applicant,suspended"}, {"Müller", "Wren"}),
        ({"contactGroup": "info_seekers"}, {"Quill"}),
        ({"contactGroup": "no_such_group"}, set()),
        ({"partnerTier": "premium"}, {"Wren"}),
        ({"country": "germany"}, {"Müller"}),
        ({"country": "USA"}, {"Quill"}),
        ({"state": "florida"}, {"Quill"}),
        ({"state": "FL"}, {"Quill"}),
        ({"state": "Bavaria"}, {"Müller"}),
        ({"ext.Membership_Level": "Gold"}, {"Quill"}),
        ({"ext_has": "membership_level"}, {"Quill", "Müller"}),
        ({"ext_has": "membership_level", "status": "active"}, {"Quill"}),
        ({"rate": "none"}, {"Quill", "Müller", "Wren"}),
        ({"rate": "none", "q": "muller"}, {"Müller"}),
    ],
)
def test_resellers_are_found(looking, people, query, expected):
    assert names(looking, **query) == expected


def test_a_rate_that_is_planned_or_taken_away_is_none_of_their_own(looking, people):
    row = Reseller.objects.get(last_name="Vale")
    later = clock.now().replace(year=2027)
    planned = Reseller.objects.get(last_name="Wren")
    RateFactory.create(
        scope="reseller", reseller=planned, rate_bp=900, valid_from=later
    )
    now = clock.now()
    RateFactory.create(
        scope="reseller", reseller=row, rate_bp=None, valid_from=now, created_at=now
    )
    assert names(looking, rate="none") == {"Quill", "Müller", "Wren", "Vale"}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"country": "Narnia"}, "Give a two- or three-letter code"),
        ({"status": "gone"}, "Give one or more of applicant, active"),
        ({"ext.a b": "1"}, "A key has 1 to 64 letters"),
        ({"currency": "XXX"}, "Give an ISO 4217 code"),
        ({"rate": "some"}, "Select a valid choice"),
    ],
)
def test_a_filter_that_means_nothing_finds_nobody_and_says_so(
    looking, people, query, sentence
):
    page = looking.get(LIST, query)
    assert list(page.context["cl"].result_list) == []
    assert sentence in words(page)
    assert "Clear filters" in words(page)


@pytest.mark.parametrize(
    ("typed", "saved"),
    [
        ("q=&status=active&country=&rate=", "status=active"),
        ("ext_key=vip_status&ext_value=", "ext_has=vip_status"),
        ("ext_key=vip_status&ext_value=yes", "ext.vip_status=yes"),
        ("ext_key=&ext_value=yes&q=wren", "q=wren"),
    ],
)
def test_the_address_is_the_saved_search(looking, typed, saved):
    answer = looking.get(f"{LIST}?{typed}")
    assert (answer.status_code, answer.url) == (302, f"{LIST}?{saved}")
    assert looking.get(answer.url).status_code == 200


def test_the_bar_keeps_what_was_asked(looking, people):
    query = {"q": "quill", "ext.membership_level": "Gold", "status": "active", "o": "1"}
    page = looking.get(LIST, query)
    shown = page.content.decode()
    assert 'name="ext.membership_level" value="Gold"' in shown
    assert '<input type="hidden" name="o" value="1">' in shown
    assert '<option value="active" selected>' in shown
    (chip,) = page.context["cl"].search.chips
    assert chip.words == "membership_level = Gold"
    assert names(looking, **dict(_pairs(chip.url))) == {"Quill"}


def _pairs(query: str) -> list[list[str]]:
    return [part.split("=") for part in query.removeprefix("?").split("&")]


def test_an_empty_list_says_what_to_do(looking, editing, people):
    page = editing.get(LIST, {"q": "nobody-here"})
    assert "No reseller matches the search and the filters." in words(page)
    assert "Clear filters Add reseller" in words(page)
    assert "Add reseller" not in words(looking.get(LIST, {"q": "nobody-here"}))
    assert f'href="{LIST}"' in page.content.decode()


def test_nobody_yet(editing):
    page = editing.get(LIST)
    assert "There is no reseller yet. Add reseller" in words(page)


def test_a_row_tells_what_the_api_tells_and_more(looking):
    RateFactory.create()
    referral = customer(1550)
    record("inv-1")
    record("inv-2", 2900, "EUR")
    ReferralFactory.create(reseller=referral.reseller, end_reason="")
    Reseller.objects.filter(pk=referral.reseller_id).update(
        organization="Quill Events",
        phone="727-555-0142",
        city="Exampleton",
        state="FL",
        contact_group=ContactGroup.objects.get(slug="info_seekers"),
    )
    row = referral.reseller
    shown = words(looking.get(LIST))
    for told in (
        f"{row} {row.code}",
        f"{row.email} 727-555-0142",
        "Quill Events Info Seekers standard Exampleton, FL",
        "2 65.00 USD 15.5 % own Active 1 Jan 2025",
    ):
        assert told.replace(" ", "") in shown.replace(" ", ""), told
    (listed_row,) = listed(looking, Reseller, currency="eur")
    assert figures(listed_row).revenue == Money(2_900, "EUR")


def test_the_programme_s_rate_and_none(looking):
    ResellerFactory.create()
    assert "nonenothing is earned" in words(looking.get(LIST))
    RateFactory.create()
    assert "10 %programme" in words(looking.get(LIST))


@pytest.mark.parametrize(
    ("order", "expected"),
    [("1", ["A", "B", "C"]), ("-1", ["C", "B", "A"]), ("3", ["B", "C", "A"])],
)
def test_names_organisations_and_days_are_sorted(editing, order, expected):
    for name, organization in (("A", "z"), ("B", "x"), ("C", "y")):
        ResellerFactory.create(last_name=name, organization=organization)
    rows = listed(editing, Reseller, o=order)
    assert [row.last_name for row in rows] == expected


def test_the_list_costs_the_same_at_any_length(client_for):
    """Session and person; then the count, the rows, the groups, two totals, rates."""
    browser = client_for(SuperuserFactory.create())

    def grow(number: int) -> None:
        referral = ReferralFactory.create(customer_ref=f"K-{number}")
        if number % 2:
            RateFactory.create(scope="reseller", reseller=referral.reseller)

    assert_constant(lambda: browser.get(LIST), grow, sizes=[1, 10, 60], expected=8)


@pytest.mark.parametrize(
    "query", ["q='", "o=99", "p=99999", "status__exact=x", "nonsense=1", "e=1"]
)
def test_odd_addresses_are_answered(looking, people, query):
    assert looking.get(f"{LIST}?{query}", follow=True).status_code == 200


def test_staff_without_the_right_see_no_list(client_for):
    assert client_for(plain_staff()).get(LIST).status_code == 403


def test_a_long_search_is_cut(looking, people):
    assert names(looking, q="quill " + "x" * 200) == set()
    assert names(looking, q="quill" + " " * 150 + "x") == {"Quill"}


def test_every_row_leads_to_its_page(looking, people):
    shown = looking.get(LIST).content.decode()
    for row in Reseller.objects.all():
        assert url(row, "change") in shown
