"""Every button, form and endpoint that writes: with what it is sent, and by whom.

`least` is the group of rights that is needed; finance may what editors may.
"""

from dataclasses import dataclass, field
from typing import Any

WHY = {"reason": "Agreed by phone"}
EDITOR, FINANCE = "editor", "finance"
SALE = {
    "kind": "paid",
    "event_key": "by-hand",
    "occurred_at": "2026-03-02T08:00",
    "customer_ref": "C-9",
    "amount": "65.00",
    "currency": "USD",
}
GROUP = {"name": "Renamed", "position": "5"}
TO = {"to": "RS-0000ZZ"}


@dataclass(frozen=True)
class Deed:
    """`name` of the route, the row it is about ("" for none), and what is sent."""

    name: str
    row: str
    least: str
    facts: dict[str, Any] = field(default_factory=dict)
    method: str = "post"

    def __str__(self) -> str:
        told = ",".join(self.facts) if self.name.startswith("api") else ""
        return f"{self.name.rpartition(':')[2]}-{self.method}-{told}".rstrip("-")


def profile(word: str, row: str, least: str = EDITOR, **facts: str) -> Deed:
    return Deed(f"admin:resellers_reseller_{word}", row, least, {**WHY, **facts})


def bulk(word: str, least: str = EDITOR, **facts: str) -> Deed:
    sent = {"ids": "ACTIVE", **WHY, **facts}
    return Deed(f"admin:resellers_reseller_bulk_{word}", "", least, sent)


def of(model: str, word: str, row: str, least: str = EDITOR, **facts: str) -> Deed:
    return Deed(f"admin:resellers_{model}_{word}", row, least, {**WHY, **facts})


BUTTONS = [
    profile("approve", "applicant"),
    profile("decline", "applicant"),
    profile("reactivate", "inactive"),
    profile("deactivate", "active"),
    profile("suspend", "active"),
    profile("reinstate", "suspended", FINANCE),
    profile("release", "suspended", FINANCE),
    profile("invite", "active"),
    profile("email", "active", email="new@example.com"),
    profile("rate", "active", FINANCE, rate="20"),
    profile("terms", "active", FINANCE, payment_terms="net60"),
    profile("tax-id", "active", FINANCE, tax_id="98-7654321"),
    profile("reveal", "active", FINANCE),
    profile("attribute", "active", customer_ref="C-9"),
    profile(
        "change",
        "active",
        first_name="Renamed",
        partner_tier="premium",
        version="VERSION",
    ),
    profile(
        "add",
        "",
        email="new@example.com",
        status="active",
        partner_tier="standard",
        payment_terms="net30",
    ),
    bulk("status", status="inactive"),
    bulk("tier", partner_tier="premium"),
    bulk("group", contact_group="GROUP"),
    bulk("rate", FINANCE, commission_rate="20"),
    bulk("invitation"),
    Deed(
        "admin:resellers_reseller_extended-keys_rename",
        "",
        EDITOR,
        {"old": "old_key", "new": "new_key"},
    ),
    of("referral", "move", "referral", **TO),
    of("referral", "end", "referral", end_reason="other"),
    of("referral", "rate", "referral", FINANCE, rate="20"),
    of("referral", "post-earlier", "referral", FINANCE),
    of("referral", "change", "referral", notes="Renamed"),
    of("referral", "add", "", reseller="RS-0000AA", customer_ref="C-9"),
    of("rate", "add", "", FINANCE, rate="12"),
    of(
        "sale",
        "attribute",
        "nobodys",
        reseller="RS-0000AA",
        referred_at="2026-03-01",
    ),
    of("sale", "post-again", "unposted", FINANCE),
    of("sale", "post-earlier", "unposted", FINANCE),
    of("sale", "add", "", FINANCE, **SALE),
    of("contactgroup", "add", "", slug="vips", **GROUP),
    of("contactgroup", "change", "group", **GROUP),
]


def api(
    word: str,
    row: str,
    least: str = EDITOR,
    *,
    method: str = "post",
    **facts: Any,
) -> Deed:
    return Deed(f"api:resellers:{word}", row, least, facts, method)


FACT: dict[str, Any] = {
    "eventKey": "by-api",
    "kind": "paid",
    "customerRef": "C-9",
    "amount": 6500,
    "currency": "USD",
    "occurredAt": "2026-03-02T08:00:00Z",
}
NEW: dict[str, Any] = {"email": "new@example.com"}

ENDPOINTS = [
    api("reseller-list", "", **NEW),
    api("reseller-list", "", FINANCE, **NEW, commissionRate="20"),
    api("reseller-list", "", FINANCE, **NEW, taxId="98-7654321"),
    api("reseller-detail", "active", method="patch", firstName="Renamed"),
    api("reseller-detail", "active", FINANCE, method="patch", **WHY, taxId="98-7"),
    api(
        "reseller-detail",
        "active",
        FINANCE,
        method="patch",
        **WHY,
        paymentTerms="net60",
    ),
    api(
        "reseller-detail",
        "active",
        FINANCE,
        method="patch",
        **WHY,
        commissionRate="20",
    ),
    api("reseller-status", "active", status="inactive", **WHY),
    api("reseller-status", "suspended", FINANCE, status="active", **WHY),
    api("reseller-invite", "active"),
    api("reseller-email", "active", **NEW, **WHY),
    api("reseller-reveal-tax-id", "active", FINANCE, **WHY),
    api("reseller-referrals", "active", customerRef="C-9"),
    api("reseller-referrals", "active", FINANCE, customerRef="C-9", commissionRate="2"),
    api("referral-detail", "referral", method="patch", notes="Renamed"),
    api("referral-move", "referral", resellerId="OTHER", **WHY),
    api("referral-end", "referral", endReason="other", **WHY),
    api("rate-list", "", FINANCE, scope="programme", commissionRate="12", **WHY),
    api("sale-list", "", FINANCE, **FACT),
    api("sale-post-again", "unposted", FINANCE),
    api("contact-group-list", "", slug="vips", name="Very important"),
    api("contact-group-detail", "group", method="patch", name="Renamed"),
]
