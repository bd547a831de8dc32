"""Which routes are pages, who looks at them, and what they answer.

Every route of the URL configuration is either visited by somebody or named here with
what it is instead: `test_pages.py` fails for one that is neither.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.routes import Route, every_route

Samples = dict[str, Any]
Address = Callable[[Samples], str]

OWNER, OPERATOR, VIEWER = "provider", "provider_operator", "provider_viewer"
BUYER, STAFF, VISITOR = "buyer", "staff", ""
RESELLER, OTHER_RESELLER, APPLICANT = "reseller", "reseller_other", "applicant"


@dataclass(frozen=True)
class Visit:
    """A page: its route, who opens it, and what fills the route's parameters."""

    name: str
    who: str
    sample: str = ""
    status: int = 200

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.who or "visitor", self.sample)))


DASHBOARD = "marketplace:relationship-dashboard"
QUEUE, ORDER = "marketplace:order-list", "marketplace:order-detail"
OFFERING, CONTRACT = "marketplace:offering-detail", "marketplace:contract-detail"
BOUGHT = [
    "placed-awaiting",
    "placed",
    "accepted",
    "fulfilled",
    "completed",
    "rejected-refund-due",
    "rejected",
    "expired",
]
SOLD = [*BOUGHT, "ordered", "fulfilled-problem", "failed", "cancelled"]
PORTAL = [
    "reseller-dashboard",
    "referral-list",
    "commission-list",
    "statement-list",
    "payout-list",
    "reseller-form",
]
ENTRIES = ["pending", "hold", "approved", "reversed", "reversal", "restore"]
COMMISSIONS = "resellers:commission-list"
EARNING = [
    Visit("resellers:reseller-email", RESELLER),  # while the password is fresh
    *(Visit(f"resellers:{page}", RESELLER) for page in PORTAL),
    *(Visit(f"resellers:{page}", APPLICANT) for page in PORTAL),
    *(Visit(f"resellers:{page}", OTHER_RESELLER) for page in PORTAL[:3]),
    *(
        Visit(COMMISSIONS, RESELLER, query)
        for query in ("?tab=without", "?status=hold", "?customer=nobody", "?period=x")
    ),
    Visit("resellers:referral-list", RESELLER, "?q=nobody"),
    *(Visit("resellers:commission-detail", RESELLER, each) for each in ENTRIES),
    *(
        Visit("resellers:statement-detail", RESELLER, each)
        for each in ("open", "closed")
    ),
    Visit("resellers:reseller-apply", BUYER),
]
VISITS = [
    *EARNING,
    Visit("marketplace:offering-list", VISITOR),
    Visit("marketplace:offering-list", VISITOR, "?layout=rows&ordering=-price"),
    Visit("marketplace:offering-list", VISITOR, "?q=nothing-is-called-so"),
    Visit("marketplace:offering-list", VISITOR, "?max_price=cheap&currency=EUR"),
    Visit("marketplace:offering-list", STAFF),
    Visit("marketplace:pick-detail", VISITOR),
    *(Visit(OFFERING, VISITOR, key) for key in ("sold", "retired", "native")),
    Visit(OFFERING, OWNER, "sold"),
    Visit("marketplace:order-place", BUYER, "sold"),
    Visit("marketplace:order-place", OWNER, "sold"),
    Visit("marketplace:order-place", BUYER, "retired"),
    Visit("marketplace:contract-list", BUYER),
    Visit("marketplace:contract-list", STAFF),
    *(Visit(CONTRACT, BUYER, state) for state in BOUGHT),
    Visit("marketplace:provider-dashboard", BUYER, status=403),
    *(Visit(DASHBOARD, who) for who in (OWNER, OPERATOR, VIEWER)),
    Visit("marketplace:relationship-preview", OWNER, "?percent=17"),
    Visit("marketplace:relationship-preview", OWNER, "?percent=51", status=422),
    *(Visit(QUEUE, who) for who in (OWNER, VIEWER)),
    *(Visit(QUEUE, OWNER, f"?tab={tab}") for tab in ("waiting", "done", "failed")),
    Visit(QUEUE, OWNER, "?q=no-such-order"),
    *(Visit(ORDER, OWNER, state) for state in SOLD),
    Visit(ORDER, VIEWER, "fulfilled"),
    Visit("account_login", VISITOR),
    Visit("account_signup", VISITOR),
    Visit("account_logout", BUYER),
    Visit("account_reauthenticate", BUYER),
    Visit("account_email", BUYER),
    Visit("account_email_verification_sent", VISITOR),
    Visit("account_confirm_email", VISITOR),
    Visit("account_confirm_email", VISITOR, "used", status=404),
    Visit("account_invitation", VISITOR, "invitation"),
    Visit("account_invitation", VISITOR, "used", status=404),
    Visit("account_new_address", VISITOR, "new_address"),
    Visit("account_change_password", BUYER),
    Visit("account_reset_password", VISITOR),
    Visit("account_reset_password_done", VISITOR),
    Visit("account_reset_password_from_key", VISITOR),
    Visit("account_reset_password_from_key", VISITOR, "used"),
    Visit("account_reset_password_from_key_done", VISITOR),
    Visit("mfa_index", BUYER),
    Visit("mfa_index", STAFF),
    Visit("mfa_activate_totp", BUYER),
    Visit("api-docs", VISITOR),
    Visit("components", VISITOR),
    Visit("admin:password_change_done", STAFF),
    Visit("admin:marketplace_offering_changelist", "staff_viewer"),
    Visit("admin:marketplace_offering_change", "staff_viewer"),
    Visit("admin:marketplace_offering_delete", STAFF, status=403),
    Visit("marketplace:order-accept", OWNER, "placed", status=405),
]
# Pages of a person with a second factor: tests/browser/test_two_factor.py.
WITH_SECOND_FACTOR = {
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
}
BULK = ("status", "tier", "group", "rate", "invitation")
TRANSFERRED = ("reseller", "referral", "sale")
# Answered by something else than a page: the status of a plain GET by staff.
ELSEWHERE = {
    "None": 302,  # the bare address
    "theme": 405,
    "demo-sign-in": 405,
    "metrics": 404,
    "api-schema": 200,
    "account_set_password": 302,
    "marketplace:earnings-csv": 403,
    "marketplace:order-csv": 403,
    "resellers:commission-csv": 302,
    "resellers:statement-csv": 302,
    "admin:jsi18n": 200,
    "admin:autocomplete": 403,
    "admin:login": 302,
    "admin:logout": 405,
    "admin:password_change": 302,
    "admin:view_on_site": 400,  # the first type's rows are named by UUID, not by 1
    "admin:resellers_reseller_keys": 200,
    "admin:resellers_reseller_batch": 301,  # 404, but first without the slash
    **{f"admin:resellers_reseller_bulk_{deed}": 302 for deed in BULK},
    # A held file is its uploader's, and there is none: 404, but first without the slash.
    **{f"admin:resellers_{each}_upload": 301 for each in TRANSFERRED},
}
POSTS = re.compile(
    r"marketplace:(order-(accept|purchase|fulfil|reject|fail|details)"
    r"|contract-(cancel|confirm|problem)|relationship-(create|form|suspend|resume))"
    r"|admin:(marketplace_offering_checked|resellers_job_retry"
    r"|resellers_sale_post-again)"
)
# What the admin's models do not let anybody do.
REFUSED = re.compile(
    r"admin:\w+_delete"
    r"|admin:(?!auth_group"
    r"|\w+_(accesskey|user|provider|providermember|reseller|referral|rate|sale"
    r"|contactgroup)_)\w+_add"
)


def admin_visits() -> Iterator[Visit]:
    """Every page of the admin: lists, forms, histories and what staff may do."""
    for route in pages_of_admin():
        yield Visit(route.name, STAFF)


def pages_of_admin() -> Iterator[Route]:
    for route in every_route():
        is_page = route.name.startswith("admin:") and route.name != "admin:None"
        if is_page and not is_elsewhere(route):
            yield route


def is_elsewhere(route: Route) -> bool:
    return status_elsewhere(route) > 0


def status_elsewhere(route: Route) -> int:
    """What a plain GET by staff answers where there is no page; 0 for a page."""
    if route.name.endswith(":None"):
        return 302 if route.parameters == ["object_id"] else 404
    if POSTS.fullmatch(route.name):
        return 405
    return 403 if REFUSED.fullmatch(route.name) else ELSEWHERE.get(route.name, 0)


ROUTES = {route.name: route for route in every_route()}
ALL_VISITS = [*VISITS, *admin_visits()]


def address(visit: Visit, samples: Samples) -> str:
    """The path of a visit, from the demo's objects."""
    if visit.name == "components":  # a route of the demo alone
        return "/dev/components"
    route = ROUTES[visit.name]
    query = visit.sample if visit.sample.startswith("?") else ""
    if visit.name == "marketplace:order-place":
        query = f"?seller={samples['seller']}"
    return route.address(values(route, visit, samples)) + query


def values(route: Route, visit: Visit, samples: Samples) -> dict[str, str]:
    box = "sold" if visit.who in {OWNER, VIEWER} else "bought"
    label = ".".join(route.template.split("/")[2:4])  # of an admin's page
    known: dict[str, Callable[[], str]] = {
        "offering_id": lambda: str(samples["offerings"][visit.sample]),
        "contract_id": lambda: samples[box][visit.sample],
        "pubkey": lambda: samples["pubkey"],
        "entry_id": lambda: str(samples["entries"][visit.sample]),
        "month": lambda: samples["months"].get(visit.sample, samples["months"]["open"]),
        "object_id": lambda: samples["rows"].get(label, "1"),
        "batch_id": lambda: "5c1e0000-0000-4000-8000-000000000002",
        "upload_id": lambda: "5c1e0000-0000-4000-8000-000000000003",
        "content_type_id": lambda: "1",
        "app_label": lambda: "marketplace",
        "url": lambda: "nothing/here",
        "uidb36": lambda: samples["uidb36"],
        "key": lambda: key(visit, samples),
        "token": lambda: samples.get(visit.sample, "AAAA-0000"),
    }
    return {name: known[name]() for name in route.parameters}


def key(visit: Visit, samples: Samples) -> str:
    if visit.sample == "used":
        return "AAAA-0000"
    is_reset = visit.name == "account_reset_password_from_key"
    return str(samples["reset_key" if is_reset else "confirm_key"])
