"""The frame: the choice of colours, and the places a person has."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory

from config.frame import Frame, Place, places
from config.problems import Problem
from config.signin.backend import EmailBackend
from resellers.models import User
from tests.factories.marketplace import MemberFactory
from tests.factories.profiles import ResellerFactory


def frame_for(user: User | AnonymousUser, path: str = "/marketplace") -> Frame:
    request = RequestFactory().get(path)
    request.user = user
    return Frame(request)


def person_of_session(user: User) -> User:
    """The person as a session reads them, profile included."""
    person = EmailBackend().get_user(user.pk)
    assert person is not None
    return person


def labels(links: list[Place]) -> list[str]:
    return [link.label for link in links]


@pytest.fixture
def member(db):
    return MemberFactory.create()


def test_theme_is_kept_and_comes_back(client):
    answer = client.post("/theme", {"theme": "dark", "next": "/marketplace?q=a"})
    assert (answer.status_code, answer["Location"]) == (302, "/marketplace?q=a")
    cookie = answer.cookies["theme"]
    assert (cookie.value, cookie["samesite"]) == ("dark", "Lax")
    page = client.get("/account/login").content.decode()
    assert '<html lang="en" data-theme="dark">' in page
    client.post("/theme", {"theme": ""})
    assert "data-theme=" not in client.get("/account/login").content.decode()[:200]


@pytest.mark.parametrize("theme", ["pink", "dark; path=/", "d" * 3000])
def test_unknown_theme_is_no_theme(client, theme):
    answer = client.post("/theme", {"theme": theme})
    assert answer.cookies["theme"].value == ""
    client.cookies["theme"] = "pink"
    assert "pink" not in client.get("/account/login").content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""]
)
def test_theme_leads_nowhere_else(client, target):
    assert client.post("/theme", {"theme": "dark", "next": target})["Location"] == "/"


def test_theme_is_chosen_by_post_alone(client):
    assert client.get("/theme").status_code == 405


def test_visitor_sees_the_marketplace(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        frame = frame_for(AnonymousUser())
        assert labels(frame.workspaces) == ["Marketplace"]
        assert frame.side_items == []


def test_member_sees_selling_and_its_side(member, django_assert_num_queries):
    person = person_of_session(member.user)
    with django_assert_num_queries(2):
        frame = frame_for(person, "/dashboard/provider/reseller/orders")
        assert labels(frame.workspaces) == ["Marketplace", "Selling", "My contracts"]
        assert labels(frame.side_items) == ["Reselling", "Orders"]
    assert [item.current for item in frame.side_items] == ["", "page"]
    assert [place.current for place in frame.workspaces] == ["", "true", ""]


def test_reseller_sees_earning_and_its_side(db, django_assert_num_queries):
    person = person_of_session(ResellerFactory.create().user)
    with django_assert_num_queries(1):
        frame = frame_for(person, "/dashboard/reseller/commissions/7")
        assert labels(frame.workspaces) == ["Marketplace", "Earning", "My contracts"]
        assert labels(frame.side_items) == [
            "Overview",
            "Customers",
            "Commissions",
            "Statements",
            "Payouts",
            "Profile",
        ]
    assert [item.current for item in frame.side_items] == ["", "", "true", "", "", ""]
    assert frame.side_label == "Earning"


def test_who_sells_and_earns_has_both_workspaces(member):
    ResellerFactory.create(user=member.user)
    person = person_of_session(member.user)
    selling = frame_for(person, "/dashboard/provider/reseller")
    earning = frame_for(person, "/dashboard/reseller")
    assert labels(selling.workspaces)[1:3] == ["Selling", "Earning"]
    assert labels(selling.side_items) == ["Reselling", "Orders"]
    assert labels(earning.side_items)[0] == "Overview"
    assert frame_for(person, "/contracts").side_items == []


def test_nobody_without_a_profile_sees_earning(member):
    assert "Earning" not in labels(frame_for(member.user).workspaces)
    assert frame_for(member.user, "/dashboard/reseller/apply").side_items == []


def test_side_stays_outside_other_places(member):
    assert frame_for(member.user, "/contracts").side_items == []
    assert frame_for(member.user, "/dashboard/providers").side_items == []


def test_staff_reach_the_admin(db):
    staff = User.objects.create_user("s@example.com", "a long phrase", is_staff=True)
    assert labels(frame_for(staff).workspaces)[-1] == "Staff"


def test_entries_without_a_page_are_left_out():
    entries = [("A", "account_login", "key"), ("B", "no-such-page", "key")]
    assert labels(places("/", *entries)) == ["A"]


def test_error_page_needs_no_database():
    problem = Problem(503, "database_busy", "Back in a moment", "Please wait.")
    html = render_to_string("error.html", {"problem": problem})
    assert "<h1>Back in a moment</h1>" in html
    assert "Try again" in html


def test_demo_people_are_shown_in_the_demo_alone(client, settings):
    assert "Sign in as" not in client.get("/account/login").content.decode()
    settings.DEMO = True
    page = client.get("/account/login").content.decode()
    assert 'name="role" value="provider"' in page
