"""The reseller dashboard in finished values: figures, supplier cards, previews, charts.

Source: 4-marketplace, section 9; 10-face, "Reseller dashboard".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html

from marketplace.forms.relationships import (
    ChangeTermsForm,
    SuspendForm,
    TermsForm,
    terms_of,
)
from marketplace.models import (
    Offering,
    Provider,
    RelationshipStatus,
    ResellerRelationship,
    SuspendedBy,
)
from marketplace.offers import OfferBook, why_not_featured
from marketplace.presentation.picks import hours_words, why_not_sentence
from marketplace.presentation.specs import Fact, specs_words
from marketplace.reports import Earnings
from marketplace.workspace import Needs, PriceSample
from resellers.models.versions import version_of
from resellers.money import Money
from resellers.templatetags.charts import Bar, Chart
from resellers.templatetags.moneys import e9s_text, money_e9s_html
from resellers.templatetags.signs import status_html

NOT_AVAILABLE = "N/A"
MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Known:
    """What the cards of all suppliers need, read once; by external provider's id."""

    samples: dict[int, PriceSample]
    open_orders: dict[int, int]
    risen: dict[int, int]


@dataclass(frozen=True, slots=True)
class SupplierCard:
    """One external provider: its prices, the terms on it, and the forms to change them."""

    pubkey: str
    name: str
    domain: str
    website_url: str
    is_resold: bool
    status: str
    markup: str
    facts: list[Fact]
    drift: str
    form: forms.Form
    preview_url: str
    form_url: str
    form_title: str
    form_verb: str
    suspend_url: str
    resume_url: str
    suspend_form: forms.Form
    may_edit: bool
    is_suspended: bool
    is_refused: bool
    note: str


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One offering at the percent tried."""

    name: str
    specs: str
    base: str
    commission: str
    total: str
    place: str
    standing: str
    is_featured: bool
    warning: str


def stats(
    needs: Needs, rows: Sequence[Earnings], now: datetime
) -> list[dict[str, Any]]:
    """The strip: what needs me, by when, how much."""
    queue = reverse("marketplace:order-list")
    overdue = f"{needs.overdue} overdue" if needs.overdue else ""
    problems = f"{needs.problems} with a problem" if needs.problems else ""
    return [
        {
            "label": "Needs action",
            "value": needs.action,
            "note": ", ".join(filter(None, [overdue, problems])),
            "url": queue,
            "tone": "overdue" if needs.overdue or needs.problems else "",
        },
        {
            "label": "Due today",
            "value": needs.due_today,
            "note": "until midnight UTC",
            "url": queue,
            "tone": "soon" if needs.due_today else "",
        },
        {
            "label": "Earned this month",
            "value": month_words(rows, now),
            "note": "mark-up of orders delivered",
        },
        {
            "label": "Realised margin",
            "value": margin_words(rows),
            "note": known_words(rows),
        },
    ]


def month_words(rows: Sequence[Earnings], now: datetime) -> str:
    month = f"{now:%Y-%m}"
    sums = [
        e9s_text(found.commission_e9s, row.currency)
        for row in rows
        for found in row.months
        if found.month == month
    ]
    return " · ".join(sums) or NOT_AVAILABLE


def margin_words(rows: Sequence[Earnings]) -> str:
    sums = [
        e9s_text(row.realised_margin_e9s, row.currency)
        for row in rows
        if row.realised_margin_e9s is not None
    ]
    return " · ".join(sums) or NOT_AVAILABLE


def known_words(rows: Sequence[Earnings]) -> str:
    known, of = sum(r.margin_known for r in rows), sum(r.margin_of for r in rows)
    return f"cost known for {known} of {of} orders" if of else "no order delivered yet"


def supplier_card(
    supplier: Provider,
    relationship: ResellerRelationship | None,
    known: Known,
    *,
    may_edit: bool,
    refused: forms.Form | None = None,
) -> SupplierCard:
    def url(act: str) -> str:
        return reverse(f"marketplace:relationship-{act}", args=[supplier.pubkey])

    ids = supplier.pubkey[:8]
    suspended = relationship is not None and (
        relationship.status == RelationshipStatus.SUSPENDED
    )
    terms = terms_form(relationship, refused, auto_id=f"terms-{ids}-%s")
    return SupplierCard(
        pubkey=supplier.pubkey,
        name=supplier.name,
        domain=supplier.domain,
        website_url=supplier.website_url,
        is_resold=relationship is not None,
        status=status_of(relationship),
        markup=f"+{relationship.commission_percent} %" if relationship else "",
        facts=card_facts(supplier, relationship, known),
        drift=drift_words(known.risen.get(supplier.pk, 0)),
        form=terms,
        preview_url=url("preview"),
        form_url=url("form" if relationship else "create"),
        form_title="Change the terms" if relationship else "Become reseller",
        form_verb="Save terms" if relationship else "Become reseller",
        suspend_url=url("suspend"),
        resume_url=url("resume"),
        suspend_form=refused
        if isinstance(refused, SuspendForm)
        else SuspendForm(auto_id=f"suspend-{ids}-%s"),
        may_edit=may_edit,
        is_suspended=suspended,
        is_refused=refused is not None,
        note=refused_words(refused) or suspended_words(relationship),
    )


def terms_form(
    relationship: ResellerRelationship | None,
    refused: forms.Form | None,
    *,
    auto_id: str,
) -> TermsForm:
    """The refused form with what was typed, else one that starts from what stands."""
    if isinstance(refused, ChangeTermsForm) and relationship is not None:
        refused.show_again(version_of(relationship))
    if isinstance(refused, TermsForm):
        return refused
    if relationship is None:
        return TermsForm(auto_id=auto_id)
    return ChangeTermsForm(initial=terms_of(relationship), auto_id=auto_id)


def refused_words(refused: forms.Form | None) -> str:
    """What stands against an act whose form has no field to say it at."""
    if refused is None or isinstance(refused, TermsForm | SuspendForm):
        return ""
    return " ".join(str(error) for error in refused.non_field_errors())


def status_of(relationship: ResellerRelationship | None) -> str:
    if relationship is None:
        return ""
    if relationship.status == RelationshipStatus.ACTIVE:
        return status_html("done", "Active")
    return status_html("neutral", "Suspended")


def suspended_words(relationship: ResellerRelationship | None) -> str:
    if relationship is None or relationship.status == RelationshipStatus.ACTIVE:
        return ""
    by_staff = relationship.suspended_by == SuspendedBy.STAFF
    who = "Suspended by staff" if by_staff else "You suspended it"
    reason = (
        f": {relationship.suspended_reason}" if relationship.suspended_reason else ""
    )
    return f"{who}{reason}. Open orders run on."


def card_facts(
    supplier: Provider, relationship: ResellerRelationship | None, known: Known
) -> list[Fact]:
    sample = known.samples.get(supplier.pk)
    count = Fact("Offerings", f"{sample.count:,} to resell" if sample else "none now")
    if relationship is None:
        return [count, price_fact(sample)]
    return [
        Fact(
            "Promise",
            f"accept within {hours_words(relationship.accept_within_hours)},"
            f" deliver within {hours_words(relationship.fulfil_within_hours)}",
        ),
        count,
        price_fact(sample),
        Fact("Open orders", open_orders_link(supplier, known)),
    ]


def open_orders_link(supplier: Provider, known: Known) -> str:
    """How many, and the way to them."""
    count = known.open_orders.get(supplier.pk, 0)
    if not count:
        return "0"
    page = reverse("marketplace:order-list")
    return format_html('<a href="{}?provider={}">{}</a>', page, supplier.pubkey, count)


def price_fact(sample: PriceSample | None) -> Fact:
    """The cheapest, the median and the dearest base."""
    if sample is None:
        return Fact("Base price", NOT_AVAILABLE)
    prices = [
        e9s_text(offering.base_price_e9s, offering.currency)
        for offering in (sample.cheapest, sample.median, sample.dearest)
    ]
    cheapest, median, dearest = prices
    return Fact("Base price", f"{cheapest} to {dearest}, median {median}")


def drift_words(count: int) -> str:
    if not count:
        return ""
    noun = "offering" if count == 1 else "offerings"
    return (
        f"{count} {noun} rose by more than {settings.PRICE_DRIFT_PERCENT} % in 30 days"
    )


def preview_line(
    offering: Offering,
    book: OfferBook,
    terms: ResellerRelationship,
    cost_e9s: int | None,
) -> PreviewLine:
    """What one offering would cost and earn, and where it would stand."""
    offers = book.with_terms(offering, terms)
    mine = next(o for o in offers if o.seller.pk == terms.reseller.pk)
    offer = mine.offer
    by_price = 1 + sum(o.offer.total_e9s < offer.total_e9s for o in offers)
    answer = why_not_featured(offers, mine)
    return PreviewLine(
        name=offering.offer_name,
        specs=specs_words(offering),
        base=money_e9s_html(offer.base_e9s, offer.currency),
        commission=money_e9s_html(offer.commission_e9s, offer.currency),
        total=money_e9s_html(offer.total_e9s, offer.currency),
        place=place_words(by_price, len(offers)),
        standing=why_not_sentence(answer, offering, book.now)
        if answer
        else "Featured this week",
        is_featured=answer is None,
        warning=loss_words(offer.total_e9s, cost_e9s, offer.currency),
    )


def place_words(place: int, of: int) -> str:
    if of == 1:
        return "the only seller"
    endings = {1: "st", 2: "nd", 3: "rd"}
    teen = place % 100 in {11, 12, 13}
    ending = "th" if teen else endings.get(place % 10, "th")
    return f"{place}{ending} of {of} by price"


def loss_words(total_e9s: int, cost_e9s: int | None, currency: str) -> str:
    if cost_e9s is None or total_e9s >= cost_e9s:
        return ""
    cost = str(Money.from_e9s(cost_e9s, currency))
    return f"Your last purchase cost {cost}: every order would lose money."


def earnings_charts(rows: Sequence[Earnings]) -> list[dict[str, Chart]]:
    """For each currency a chart by month and one by external provider."""
    return [
        {"months": month_chart(row), "providers": provider_chart(row)} for row in rows
    ]


def month_chart(row: Earnings) -> Chart:
    found = {month.month: month.commission_e9s for month in row.months}
    months = months_between(min(found), max(found)) if found else []
    bars = [bar(month, found.get(month, 0), row.currency) for month in months]
    top = max(found.values(), default=0)
    return Chart(
        title=f"Earned per month, {row.currency}",
        series=("Commission",),
        bars=tuple(bars[-MONTHS_SHOWN:]),
        axis=("0", e9s_text(top, row.currency)),
        empty="Nothing earned yet",
    )


def provider_chart(row: Earnings) -> Chart:
    return Chart(
        title=f"Earned by supplier, {row.currency}",
        series=("Commission",),
        bars=tuple(bar(p.name, p.commission_e9s, row.currency) for p in row.providers),
        label_heading="Supplier",
        empty="Nothing earned yet",
    )


def bar(label: str, e9s: int, currency: str) -> Bar:
    amount = Money.from_e9s(e9s, currency).amount
    return Bar(label, (amount,), (e9s_text(e9s, currency),))


def months_between(first: str, last: str) -> list[str]:
    """Every month from `2026-07` to `2026-11`, both included."""
    year, month = int(first[:4]), int(first[5:])
    months = [first]
    while months[-1] < last:
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)  # noqa: PLR2004 -- months of a year
        months.append(f"{year}-{month:02d}")
    return months


def earnings_row(row: Earnings) -> dict[str, str]:
    """Expected, held, earned, paid and what was really gained, of one currency."""
    return {
        "currency": row.currency,
        "expected": money_e9s_html(row.expected_e9s, row.currency),
        "held": money_e9s_html(row.held_e9s, row.currency),
        "earned": money_e9s_html(row.earned_e9s, row.currency),
        "paid": money_e9s_html(row.paid_e9s, row.currency),
        "margin": money_e9s_html(row.realised_margin_e9s, row.currency),
        "known": f"known for {row.margin_known} of {row.margin_of}",
    }
