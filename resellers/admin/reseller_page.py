"""A profile's page in sections: fields for who may edit, the same facts for who looks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.forms import BoundField, Form
from django.utils.html import format_html
from django.utils.safestring import SafeString

from resellers import audit, clock, links, rates
from resellers.admin.reseller_form import (
    EXTENDED,
    AddResellerForm,
    ChangeResellerForm,
    ProfileForm,
    values_of,
)
from resellers.admin.reseller_list import status_sign
from resellers.desk.deeds import Button
from resellers.models import Account, PartnerTier, PaymentTerms, RateScope, Reseller
from resellers.rates import RateInEffect
from resellers.templatetags.moments import time_html

NONE = "–"
SPANS = {
    "address_1": "wide",
    "web_site_url": "wide",
    "organization": "wide",
    "email": "wide",
    "city": "quarter",
    "state": "quarter",
    "zip_code": "quarter",
    "country": "quarter",
    "invite": "full",
    "notes": "full",
    EXTENDED: "full",
}
"""Of twelve columns a field takes four, wide eight, a quarter three."""
CONTACT = ["title", "first_name", "last_name", "phone", "mobile_phone", "fax"]
ORGANISATION = ["organization", "partner_tier"]
ADDRESS = ["address_1", "address_2", "city", "state", "zip_code", "country"]
WEB = ["web_site_url", "industry"]
COMPANY = ["company_name", "company_phone", "company_address"]


@dataclass(frozen=True)
class Item:
    """One thing of a section: a field to fill in, or what is known."""

    label: str
    bound: BoundField | None = None
    text: Any = ""
    help: str = ""
    name: str = ""

    span: str = ""


@dataclass(frozen=True)
class Section:
    slug: str
    title: str
    items: Sequence[Item]
    buttons: Sequence[Button] = ()
    note: str = ""
    table: Sequence[Any] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        return any(each.bound is not None and each.bound.errors for each in self.items)


def sections(
    row: Reseller, form: ChangeResellerForm | None, buttons: Sequence[Button]
) -> list[Section]:
    """All of a stored profile's; without a form nothing in them can be typed into."""
    of = {button.word: button for button in buttons}
    profile = Items(form, shown_of(row))

    def some(*words: str) -> list[Button]:
        return [of[word] for word in words if word in of]

    return [
        Section("status", "Status", status_items(row), some(*MOVES, "invite")),
        Section(
            "contact",
            "Contact",
            [*profile.get(*CONTACT), *email_items(row), *profile.get("contact_group")],
            some("email"),
        ),
        Section("organisation", "Organisation", profile.get(*ORGANISATION)),
        Section("address", "Address", profile.get(*ADDRESS)),
        Section("web", "Web and industry", profile.get(*WEB)),
        Section("extended", "Extended values", profile.get(EXTENDED)),
        Section(
            "commission", "Commission", commission_items(row), some("rate", "terms")
        ),
        Section("legacy", "Legacy", legacy_items(row), some("tax-id", "reveal")),
        Section("notes", "Notes", profile.get("notes"), note="For staff only."),
    ]


MOVES = [
    "approve",
    "reactivate",
    "reinstate",
    "release",
    "deactivate",
    "decline",
    "suspend",
]
"""The buttons of the status, in the order in which they stand."""


def adding_sections(form: AddResellerForm) -> list[Section]:
    fields = Items(form, {})
    parts = [
        ("status", "Login and status", ["email", "status", "invite"]),
        ("contact", "Contact", [*CONTACT, "contact_group"]),
        ("organisation", "Organisation", ORGANISATION),
        ("address", "Address", ADDRESS),
        ("web", "Web and industry", WEB),
        ("extended", "Extended values", [EXTENDED]),
        ("commission", "Commission", ["commission_rate", "payment_terms"]),
        ("legacy", "Legacy", [*COMPANY, "tax_id"]),
        ("notes", "Notes", ["notes"]),
    ]
    notes = {"legacy": "Of the older system; the company's are fixed once saved."}
    made = [
        Section(slug, title, fields.get(*names), note=notes.get(slug, ""))
        for slug, title, names in parts
    ]
    return [section for section in made if section.items]


class Items:
    """Fields of the form by name, or their words where there is none."""

    def __init__(self, form: Form | None, shown: dict[str, Any]) -> None:
        self.form, self.shown = form, shown

    def get(self, *names: str) -> list[Item]:
        if self.form is None:
            labels = ProfileForm.base_fields
            return [
                Item(
                    str(labels[name].label),
                    text=self.shown[name],
                    name=name,
                    span=SPANS.get(name, ""),
                )
                for name in names
            ]
        there = [name for name in names if name in self.form.fields]
        return [
            Item(
                str(self.form[name].label),
                bound=self.form[name],
                name=name,
                span=SPANS.get(name, ""),
            )
            for name in there
        ]


def shown_of(row: Reseller) -> dict[str, Any]:
    """The profile in words, by the names of the form's fields."""
    shown = {
        name: value if name == EXTENDED else value or NONE
        for name, value in values_of(row).items()
    }
    return shown | {
        "contact_group": row.contact_group or NONE,
        "partner_tier": PartnerTier(row.partner_tier).label.capitalize(),
        "web_site_url": outside(row.web_site_url),
    }


def outside(url: str) -> SafeString | str:
    """A link that leaves the site and tells nobody where from."""
    if not url:
        return NONE
    return format_html(
        '<a href="{0}" rel="noopener nofollow" target="_blank">{0}</a>', url
    )


def status_items(row: Reseller) -> list[Item]:
    user = row.user
    login = "signs in" if links.has_accepted(user) else "has no password yet"
    if not user.is_active and links.has_accepted(user):
        login = "may not sign in"
    return [
        fact("Now", status_sign(row)),
        fact("Since", time_html(row.status_changed_at)),
        fact("Code", format_html("<code>{}</code>", row.code)),
        fact("Login", login.capitalize()),
    ]


def email_items(row: Reseller) -> list[Item]:
    pending = row.user.pending_email
    help_text = f"{pending} waits until its link is opened." if pending else ""
    return [Item("E-mail", text=row.email, help=help_text, span="wide")]


def commission_items(row: Reseller) -> list[Item]:
    now = clock.now()
    own = rates.own_rate(row, now)
    rate = None if own is None else own.rate
    effective = rates.rates_of([row], now).get(row.pk)
    return [
        fact("Own rate", "None" if rate is None else str(rate)),
        fact("Effective rate", effective_words(effective)),
        fact("Payment terms", terms_words(row)),
        fact("Payout", payout_words(row.account)),
    ]


def effective_words(rate: RateInEffect | None) -> SafeString | str:
    if rate is None:
        return "None: sales earn nothing"
    whose = "own" if rate.scope == RateScope.RESELLER else "the programme's"
    return f"{rate.rate} of what is paid, {whose}"


def terms_words(row: Reseller) -> str:
    terms = PaymentTerms(row.payment_terms)
    if terms == PaymentTerms.IMMEDIATE:
        return "Immediate"
    return f"{terms.label.capitalize()} after the sale"


def payout_words(account: Account) -> str:
    method = account.get_method_display()
    state = "" if account.state == "open" else f"; account {account.state}"
    return f"{method}{state}".capitalize()


def legacy_items(row: Reseller) -> list[Item]:
    items = [
        fact(name.replace("_", " ").capitalize(), getattr(row, name) or NONE)
        for name in COMPANY
    ]
    tax_id = audit.mask_tax_id(row.tax_id) if row.tax_id else NONE
    return [*items, fact("Tax id", tax_id)]


def fact(label: str, text: Any) -> Item:
    """What is known and nobody types here: four in a row."""
    return Item(label, text=text, span="quarter")
