"""The worked example of the published rule, computed by the rule itself.

Made-up sellers of a made-up server; what the page says cannot drift from `pick`.
"""

from dataclasses import dataclass

from marketplace import pick, pricing
from marketplace.presentation.picks import NOT_AVAILABLE, hours_words
from resellers.money import Money
from resellers.templatetags.moneys import e9s_text, money_text

BASE = Money(417, "USD")
WEEK = "2026-W10"
OFFERING = f"{'e' * 64}/sample-server"
SELLERS = [
    # name, key, percent, promised hours, counted, on time
    ("Alder", "a1" * 32, 10, 48, 20, 19),
    ("Birch", "b2" * 32, 10, 24, 3, 3),
    ("Cedar", "c3" * 32, 5, 48, 12, 5),
    ("Dogwood", "d4" * 32, 20, 12, 10, 10),
]


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """One seller of the example, in its place."""

    name: str
    total: str
    percent: int
    on_time: str
    record: str
    hours: str
    remark: str


def example_base() -> str:
    return money_text(BASE)


def example_limit() -> str:
    """The dearest price that still counts as the cheapest of the example."""
    offer = pricing.make_offer(BASE.to_e9s(), SELLERS[0][2], BASE.currency)
    cent_e9s = Money(1, BASE.currency).to_e9s()
    limit = pick.band_limit(offer.total_e9s, cent_e9s)
    return money_text(Money(limit // cent_e9s, BASE.currency))


def example_rows() -> list[ExampleRow]:
    """The four sellers as `pick.rank` places them."""
    known = {key: (name, percent) for name, key, percent, *_ in SELLERS}
    candidates = [
        pick.Candidate(
            reseller=key,
            total_e9s=pricing.make_offer(
                BASE.to_e9s(), percent, BASE.currency
            ).total_e9s,
            promised_hours=hours,
            counted=counted,
            on_time=on_time,
        )
        for _, key, percent, hours, counted, on_time in SELLERS
    ]
    ranked = pick.rank(
        candidates,
        offering_ref=OFFERING,
        week=WEEK,
        minor_unit_e9s=Money(1, BASE.currency).to_e9s(),
    )
    return [example_row(one, *known[one.candidate.reseller]) for one in ranked]


def example_row(one: pick.Ranked, name: str, percent: int) -> ExampleRow:
    candidate = one.candidate
    bucket = candidate.bucket
    return ExampleRow(
        name=name,
        total=e9s_text(candidate.total_e9s, BASE.currency),
        percent=percent,
        on_time=NOT_AVAILABLE if bucket is None else f"{bucket} %",
        record=f"{candidate.on_time} of {candidate.counted}",
        hours=hours_words(candidate.promised_hours),
        remark=remark(one),
    )


def remark(one: pick.Ranked) -> str:
    """What put this seller where it is."""
    if one.featured:
        return "Featured: in the band, and the most reliable there."
    if one.candidate.locked:
        return "Late too often: not featured, whatever its price."
    if one.candidate.bucket is None:
        return f"In the band; as a newcomer it sorts as {pick.NEWCOMER_SORTS_AS} %."
    return "In the band." if one.in_band else "Outside the band: by price."
