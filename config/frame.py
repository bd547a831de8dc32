"""What stands around every page: places, side navigation, demo people, colours.

A context processor puts one `frame` into templates; nothing is asked of the database
until a template shows it, so error pages stay free of it. Source: 10-face, the frame.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from config import demo_people
from marketplace import workspace
from marketplace.models import ProviderMember
from resellers.models import User

THEME_COOKIE: Final = "theme"
THEMES: Final = {
    "": ("As the device", "theme"),
    "light": ("Light", "sun"),
    "dark": ("Dark", "moon"),
}

# label, name of the URL, icon
MARKETPLACE: Final = ("Marketplace", "marketplace:offering-list", "store")
CONTRACTS: Final = ("My contracts", "marketplace:contract-list", "file")
SELLING: Final = ("Selling", "marketplace:provider-dashboard", "sell")
EARNING: Final = ("Earning", "resellers:reseller-dashboard", "coins")
STAFF: Final = ("Staff", "admin:index", "shield")
SELLING_SIDE: Final = (
    ("Reselling", "marketplace:relationship-dashboard", "chart"),
    ("Orders", "marketplace:order-list", "inbox"),
)
EARNING_SIDE: Final = (
    ("Overview", "resellers:reseller-dashboard", "coins"),
    ("Customers", "resellers:referral-list", "user"),
    ("Commissions", "resellers:commission-list", "chart"),
    ("Statements", "resellers:statement-list", "file"),
    ("Payouts", "resellers:payout-list", "card"),
    ("Profile", "resellers:reseller-form", "edit"),
)
OWN: Final = (
    ("E-mail", "account_email", "mail"),
    ("Password", "account_change_password", "key"),
    ("Two-factor sign-in", "mfa_index", "shield"),
)
FOOT: Final = (
    ("How sellers are picked", "marketplace:pick-detail", "info"),
    ("Become a reseller", "resellers:reseller-apply", "coins"),
    ("API", "api-docs", "file"),
)


@dataclass(frozen=True)
class Place:
    """One link of the frame; `current` is the value of its aria-current."""

    label: str
    url: str
    icon: str
    current: str = ""
    count: int = 0
    tone: str = ""


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    icon: str
    pressed: str


def url_or_nothing(name: str) -> str:
    """The address of a page, or nothing where this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def is_under(path: str, url: str) -> bool:
    return path == url or path.startswith(f"{url.rstrip('/')}/")


def is_inside(path: str, entry: tuple[str, str, str]) -> bool:
    """Whether the path lies in a workspace that this installation has."""
    url = url_or_nothing(entry[1])
    return bool(url) and is_under(path, url)


def places(path: str, *entries: tuple[str, str, str]) -> list[Place]:
    """The entries whose page exists; the longest address over `path` is current."""
    links = [Place(label, url_or_nothing(name), icon) for label, name, icon in entries]
    links = [link for link in links if link.url]
    here = max((a.url for a in links if is_under(path, a.url)), key=len, default="")
    current = "page" if here == path else "true"
    return [replace(a, current=current) if a.url == here else a for a in links]


class Frame:
    """The frame of one request, each part worked out when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def theme(self) -> str:
        theme = self.request.COOKIES.get(THEME_COOKIE, "")
        return theme if theme in THEMES else ""

    @property
    def theme_choices(self) -> list[Choice]:
        return [
            Choice(value, label, icon, "true" if value == self.theme else "false")
            for value, (label, icon) in THEMES.items()
        ]

    @property
    def theme_url(self) -> str:
        return url_or_nothing("theme")

    @cached_property
    def person(self) -> User | None:
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) else None

    @property
    def person_name(self) -> str:
        return (self.person.name or self.person.email) if self.person else ""

    @property
    def initial(self) -> str:
        return self.person_name[:1].upper()

    @cached_property
    def member(self) -> ProviderMember | None:
        """Whom the person sells for; a view that knows puts it on the request."""
        known = getattr(self.request, "member", None)
        if known is not None or self.person is None:
            return known
        members = ProviderMember.objects.select_related("provider")
        return members.filter(user=self.person).first()

    @property
    def has_profile(self) -> bool:
        """Read with the person of the session, so it costs no query of its own."""
        return self.person is not None and hasattr(self.person, "reseller")

    @cached_property
    def workspaces(self) -> list[Place]:
        entries = [MARKETPLACE]
        if self.member:
            entries.append(SELLING)
        if self.has_profile:
            entries.append(EARNING)
        if self.person:
            entries.append(CONTRACTS)
        if self.person and self.person.is_staff:
            entries.append(STAFF)
        return places(self.request.path, *entries)

    @cached_property
    def side(self) -> str:
        """The workspace whose side navigation stands there: selling, earning or none."""
        path = self.request.path
        if self.member and is_inside(path, SELLING):
            return "selling"
        return "earning" if is_inside(path, EARNING) and self.has_profile else ""

    @cached_property
    def side_items(self) -> list[Place]:
        """The side navigation, inside a workspace only; counts ask for action."""
        if self.side == "earning":
            return places(self.request.path, *EARNING_SIDE)
        if self.side != "selling" or self.member is None:
            return []
        due = workspace.queue(self.member.provider, workspace.NEEDS_ACTION).count()
        return [
            replace(place, count=due) if place.label == "Orders" else place
            for place in places(self.request.path, *SELLING_SIDE)
        ]

    @property
    def side_label(self) -> str:
        if self.side == "earning":
            return EARNING[0]
        return self.member.provider.name if self.member else ""

    @property
    def own_entries(self) -> list[Place]:
        return places(self.request.path, *OWN)

    @property
    def foot_entries(self) -> list[Place]:
        return places(self.request.path, *FOOT)

    @property
    def sign_in_url(self) -> str:
        return url_or_nothing("account_login")

    @property
    def sign_out_url(self) -> str:
        return url_or_nothing("account_logout")

    @property
    def demo_people(self) -> list[demo_people.DemoPerson]:
        if not getattr(settings, "DEMO", False):
            return []
        return [person for person in demo_people.PEOPLE if person.in_banner]

    @property
    def demo_sign_in_url(self) -> str:
        return url_or_nothing("demo-sign-in")


def frame(request: HttpRequest) -> dict[str, Frame]:
    """The context processor."""
    return {"frame": Frame(request)}
