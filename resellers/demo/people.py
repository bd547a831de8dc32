"""The crowd, person by person: what staff would have typed into each profile."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from resellers.commission import BasisPoints
from resellers.demo.words import (
    CURRENCIES,
    EVENTS,
    FIRST_NAMES,
    LAST_NAMES,
    LEVELS,
    NOTES,
    ODD_KEYS,
    PLACES,
    SOURCES,
    STREETS,
    TITLES,
    TOPICS,
    TRADES,
    WEIGHTS,
    Place,
)
from resellers.extended import Values

GROUPS = ("event_registrants", "info_seekers", "pennies_peace_of_mind", None)
TERMS = ("net30", "net30", "net30", "net15", "net45", "net60", "net90", "immediate")
RATES = (500, 750, 800, 1_000, 1_200, 1_250, 1_500, 1_550, 2_000, 2_500)
OWN_RATE_PERCENT = 35
PHONE_PERCENT = 82
MOVES = (
    # percent of the crowd, and the statuses after the first
    (80, ("active",)),
    (8, ("active", "inactive")),
    (3, ("active", "suspended")),
    (1, ("active", "suspended", "active")),
    (3, ("applicant", "active")),
    (5, ("applicant",)),
)
REASONS = {
    "active": "Everything asked for has arrived",
    "inactive": "No new customers for a year",
    "suspended": "Several chargebacks in one week",
}


@dataclass
class Draft:
    """One made-up profile: columns as typed, when it came, and what became of it.

    All times are days ago: of the profile, of each further status, of each customer.
    """

    email: str
    facts: dict[str, Any]
    days: float
    status: str
    moves: list[tuple[float, str]]
    rate: BasisPoints | None
    later_rate: BasisPoints | None
    currency: str
    customers: list[float]


def crowd(count: int, now: datetime, *, longest_ago: float) -> Iterator[Draft]:
    """`count` people who came over that many days; equal for equal arguments."""
    for number in range(count):
        chance = random.Random(f"reseller {number}")  # noqa: S311 -- a story, no secret
        yield draft(number, chance, now, longest_ago)


def draft(
    number: int, chance: random.Random, now: datetime, longest_ago: float
) -> Draft:
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    (place,) = chance.choices(PLACES, WEIGHTS)
    group = chance.choices(GROUPS, (30, 30, 25, 15))[0]
    ((_, statuses),) = chance.choices(MOVES, [percent for percent, _ in MOVES])
    days = 3 + (longest_ago - 4) * chance.random()
    moves = moves_of(statuses, days, chance)
    has_rate = chance.randrange(100) < OWN_RATE_PERCENT
    return Draft(
        email=f"reseller-{number + 1:04d}@crowd.example.com",
        facts={
            **named(first, last, chance),
            **placed(place, chance),
            "contact_group": group,
            "partner_tier": chance.choices(
                ("standard", "premium", "enterprise"), (74, 19, 7)
            )[0],
            "payment_terms": chance.choice(TERMS),
            "extended_values": values_of(group, chance, now),
            "notes": chance.choice(NOTES),
        },
        days=days,
        status=statuses[0],
        moves=moves,
        rate=BasisPoints(chance.choice(RATES)) if has_rate else None,
        later_rate=BasisPoints(chance.choice(RATES)) if number % 17 == 0 else None,
        currency=CURRENCIES.get(place.country, "USD"),
        customers=customers_of(statuses, days, moves, chance),
    )


def moves_of(
    statuses: tuple[str, ...], days: float, chance: random.Random
) -> list[tuple[float, str]]:
    """When each further status came, the first of them after a while."""
    moves = []
    for status in statuses[1:]:
        days *= 0.2 + 0.6 * chance.random()
        moves.append((days, status))
    return moves


def named(first: str, last: str, chance: random.Random) -> dict[str, str]:
    """Half of them work for a house of their own name."""
    facts = {"first_name": first, "last_name": last, "title": ""}
    if chance.randrange(3) == 0:
        facts["title"] = chance.choice(TITLES)
    if chance.randrange(100) < 60:  # noqa: PLR2004 -- percent
        trade, industry = chance.choice(TRADES)
        facts["organization"] = f"{last} {trade}"
        facts["industry"] = industry
        if chance.randrange(2):
            word = trade.split()[0].lower()
            facts["web_site_url"] = f"https://{word}-{chance.randrange(1000)}.example"
    return facts


def placed(place: Place, chance: random.Random) -> dict[str, str]:
    facts = {
        "address_1": f"{1 + chance.randrange(240)} {chance.choice(STREETS)}",
        "city": place.city,
        "country": place.country,
        "state": place.state,
        "zip_code": place.zip_code,
    }
    if chance.randrange(6) == 0:
        facts["address_2"] = f"Suite {100 + chance.randrange(400)}"
    if chance.randrange(100) < PHONE_PERCENT:
        facts["phone"] = phone(place.phone, chance)
    if chance.randrange(3) == 0:
        facts["mobile_phone"] = phone(place.phone, chance)
    if chance.randrange(9) == 0:
        facts["fax"] = phone(place.phone, chance)
    return facts


def phone(pattern: str, chance: random.Random) -> str:
    return "".join(
        str(chance.randrange(10)) if sign == "#" else sign for sign in pattern
    )


def values_of(group: str | None, chance: random.Random, now: datetime) -> Values:
    """Some of the keys that the group suggests, and now and then another one."""
    day = (now + timedelta(days=chance.randrange(-500, 200))).date()
    event, topic = chance.choice(EVENTS), chance.choice(TOPICS)
    suggested = {
        "event_registrants": {
            "event_name": f"{event} {day.year}",
            "event_date": day.isoformat(),
            "booth_number": f"{chance.choice('ABCD')}-{1 + chance.randrange(60)}",
            "contact_at_event": f"{chance.choice(FIRST_NAMES)} Quill",
        },
        "info_seekers": {
            "inquiry_topic": topic,
            "follow_up_date": day.isoformat(),
            "interests": f"{topic}, {chance.choice(TOPICS)}",
            "lead_source": chance.choice(SOURCES),
        },
        "pennies_peace_of_mind": {
            "membership_level": chance.choices(LEVELS, (40, 35, 20, 5))[0],
            "renewal_date": day.isoformat(),
            "referral_commission_tier": chance.choice(("Premium", "Basic")),
            "vip_status": chance.choice(("yes", "no")),
        },
    }.get(group or "", {})
    pairs = {key: text for key, text in suggested.items() if chance.randrange(5)}
    if chance.randrange(4) == 0:
        key, texts = chance.choice(ODD_KEYS)
        pairs.setdefault(key, chance.choice(texts))
    return [{"key": key, "value": text} for key, text in pairs.items()]


def customers_of(
    statuses: tuple[str, ...],
    days: float,
    moves: list[tuple[float, str]],
    chance: random.Random,
) -> list[float]:
    """When the customers came: most have a few, one in a hundred has many.

    They come while the profile is active for the first time.
    """
    times = [days, *(moved for moved, _ in moves), 0.0]
    if "active" not in statuses:
        return []
    place = statuses.index("active")
    start, end = times[place], times[place + 1]
    (many,) = chance.choices((0, 1, 2, 3, 4, 6, 20), (21, 30, 18, 12, 9, 9, 1))
    if many > 4:  # noqa: PLR2004 -- of those some have a few more
        many += chance.randrange(8)
    return [start - (start - end) * (0.02 + 0.9 * chance.random()) for _ in range(many)]
