"""Made-up values for the page that shows every component. Synthetic throughout."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from resellers.money import Money
from resellers.templatetags.charts import Bar, Chart
from resellers.templatetags.moneys import money_html, money_text

PROVIDERS = ("Northwind Compute", "Halden Cloud", "Ostra Hosting", "Fjordbyte")
MONTHS = ("Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep")


class SpecimenForm(forms.Form):
    """One field of each kind, bound with mistakes or not at all."""

    external_order_id = forms.CharField(
        label="External order id",
        help_text="As the external provider's confirmation writes it.",
    )
    actual_cost = forms.DecimalField(label="Actual cost", required=False)
    system = forms.ChoiceField(
        label="System", choices=[("deb", "Debian 13"), ("ubu", "Ubuntu 26.04")]
    )
    percent = forms.IntegerField(
        label="Commission percent", min_value=0, max_value=50, initial=10
    )
    reason = forms.ChoiceField(
        label="Reason",
        widget=forms.RadioSelect,
        choices=[("stock", "Out of stock"), ("price", "The price has changed")],
    )
    note = forms.CharField(
        label="Note for the buyer", widget=forms.Textarea(attrs={"rows": 2})
    )
    agreed = forms.BooleanField(label="The buyer will see no access data")


def earnings() -> Chart:
    """Ten months of three providers, growing with a dip."""
    bars = []
    for place, month in enumerate(MONTHS):
        cents = tuple(
            (place + 2) * 731 * (3 - series) % 9000 + place * 420 for series in range(3)
        )
        texts = tuple(money_text(Money(value, "USD")) for value in cents)
        bars.append(Bar(month, cents, texts))
    top = max(sum(bar.values) for bar in bars)
    axis = ("0", money_text(Money(top, "USD")))
    return Chart("Earned per month", PROVIDERS[:3], tuple(bars), axis=axis)


def spread() -> Chart:
    cents = (635, 641, 690, 755)
    bars = [
        Bar(name, (value,), (money_text(Money(value, "USD")),))
        for name, value in zip(PROVIDERS, cents, strict=True)
    ]
    bars[1] = Bar(PROVIDERS[1], (641,), ("6.41 USD",), mark="You")
    return Chart(
        "Price of the same offering", ("Total",), tuple(bars), label_heading="Seller"
    )


def receipt() -> list[dict[str, Any]]:
    usd = {
        name: money_html(Money(n, "USD"))
        for name, n in {"base": 577, "commission": 58, "total": 635}.items()
    }
    return [
        {"label": "Base price", "note": "of Halden Cloud", "amount": usd["base"]},
        {"label": "Commission", "note": "mark-up of 10 %", "amount": usd["commission"]},
        {"label": "Total per month", "amount": usd["total"], "is_total": True},
    ]


def events() -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {
            "title": "Paid",
            "by": "You",
            "at": now - timedelta(hours=26),
            "tone": "done",
            "icon": "card",
            "text": "6.35 USD by invoice",
        },
        {
            "title": "Accepted",
            "by": "Northwind Compute",
            "at": now - timedelta(hours=21),
            "tone": "done",
            "icon": "check",
        },
        {
            "title": "Ordered at Halden Cloud",
            "by": "Northwind Compute",
            "at": now - timedelta(minutes=40),
            "tone": "info",
            "icon": "box",
        },
        {
            "title": "Delivered",
            "at": now + timedelta(hours=3),
            "icon": "server",
            "is_ahead": True,
        },
    ]


def rows() -> list[dict[str, Any]]:
    now = timezone.now()
    shapes = (
        ("3f2a91c0", "cx22", PROVIDERS[1], 635, "overdue", "Overdue", -2),
        ("b7710e4d", "standard-2", PROVIDERS[2], 1260, "soon", "Due today", 3),
        ("09ac55f1", "metal-l", PROVIDERS[3], 124500, "info", "Ordered", 19),
        ("e4410b9a", "cx42", PROVIDERS[1], 2199, "done", "Delivered", 30),
    )
    return [
        {
            "id": ref,
            "code": code,
            "provider": provider,
            "total": money_html(Money(cents, "USD")),
            "tone": tone,
            "word": word,
            "deadline": now + timedelta(hours=hours, minutes=12),
        }
        for ref, code, provider, cents, tone, word, hours in shapes
    ]


def context() -> dict[str, Any]:
    """Everything `dev/components.html` shows."""
    now = timezone.now()
    return {
        "form": SpecimenForm(),
        "wrong_form": SpecimenForm({"percent": "70", "system": "deb"}),
        "money": Money(123456, "USD"),
        "small": Money(635, "USD"),
        "negative": Money(-1008, "EUR"),
        "yen": Money(155, "JPY"),
        "dinar": Money(1555, "KWD"),
        "times": [
            now - timedelta(seconds=s) for s in (9, 400, 9000, 190000, 4 * 10**6)
        ],
        "deadlines": [now + timedelta(minutes=m) for m in (-125, 0, 95, 700, 5000)],
        "tones": [
            ("neutral", "Waiting for payment"),
            ("info", "Accepted"),
            ("soon", "Due today"),
            ("done", "Delivered"),
            ("overdue", "Overdue"),
            ("refused", "Rejected"),
        ],
        "receipt": receipt(),
        "events": events(),
        "rows": rows(),
        "earnings": earnings(),
        "spread": spread(),
        "no_earnings": Chart("Earned per month", ("Total",), ()),
        "crumbs": [{"label": "Orders", "url": "#"}],
        "tabs": [
            {
                "label": "Needs action",
                "url": "#",
                "count": 12,
                "is_here": True,
                "tone": "soon",
            },
            {"label": "Waiting", "url": "#", "count": 3},
            {"label": "Done", "url": "#", "count": "10,000+"},
            {"label": "Failed", "url": "#", "count": 0},
        ],
        "stats": [
            {
                "label": "Needs action",
                "value": 12,
                "note": "3 overdue",
                "url": "#",
                "tone": "overdue",
            },
            {"label": "Due today", "value": 5, "note": "next in 1 h 35 min"},
            {
                "label": "Earned this month",
                "value": money_html(Money(48210, "USD")),
                "note": "83 orders",
            },
            {"label": "Realised margin", "value": "N/A", "note": "no cost known yet"},
        ],
        "facts": [
            {"label": "Processor", "value": "2 vCPU"},
            {"label": "Memory", "value": "4 GB"},
            {"label": "Place", "value": "Nuremberg, DE"},
        ],
        "keys": [{"key": "f", "text": "Fulfil the order"}],
    }
