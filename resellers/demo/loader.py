"""Loads the resellers' part: the programme, the three, the crowd, and loose ends."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings

from resellers import clock
from resellers.actions.rates import set_rate
from resellers.actions.referrals import attribute_customer
from resellers.commission import BasisPoints
from resellers.demo import people, stories, trade
from resellers.demo.stage import Stage, person
from resellers.models import RateScope, Reseller
from resellers.money import Money

COUNT = 1_200
BEGAN_DAYS = 735
WITHDRAWN_DAYS = 33.5
SET_AGAIN_DAYS = 31.2


def load(now: datetime) -> Mapping[str, Any]:
    """Load the resellers' part once; answers ids worth trying.

    The setting DEMO_RESELLERS says how many profiles there are.
    """
    if not Reseller.objects.for_user(person(stories.ROSA)).exists():
        stage = Stage.at_present(now)
        agree_programme(stage)
        stories.tell_all(stage)
        crowd = getattr(settings, "DEMO_RESELLERS", COUNT) - len(stories.PEOPLE)
        drafts = people.crowd(crowd, now, longest_ago=BEGAN_DAYS)
        trade.appear(stage, list(drafts))
        leave_loose_ends(stage)
        with without_garbage_collection():
            stage.perform()
    return {"ids": stories.reseller_ids()}


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Many thousand rows that stay: looking for garbage among them takes a while."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def agree_programme(stage: Stage) -> None:
    """The programme's rate: two raises, one planned; once withdrawn by mistake."""
    for days, bp, why in (
        (BEGAN_DAYS, 800, "The first rate of the programme"),
        (399.4, 1_000, "Raised for the second year"),
        (WITHDRAWN_DAYS, None, "Withdrawn by mistake"),
        (SET_AGAIN_DAYS, 1_000, "As before"),
    ):
        stage.ago(days, partial(set_programme, stage, bp, why))
    stage.ago(20.5, partial(plan_programme, stage))


def set_programme(stage: Stage, bp: int | None, why: str) -> None:
    set_rate(
        scope=RateScope.PROGRAMME,
        rate=None if bp is None else BasisPoints(bp),
        reason=why,
        actor=stage.finance,
    )


def plan_programme(stage: Stage) -> None:
    set_rate(
        scope=RateScope.PROGRAMME,
        rate=BasisPoints(1_200),
        valid_from=stage.now + timedelta(days=30),
        reason="From the next quarter on",
        actor=stage.finance,
    )


def leave_loose_ends(stage: Stage) -> None:
    """What staff find among their tasks."""
    price = Money(6_500, "USD")
    for number, days in enumerate((19.3, 14.8, 9.6, 5.2, 1.1, 0.4)):
        key, ref = f"inv-{9001 + number}:1", f"C-{9001 + number}"
        stage.ago(days, partial(trade.pay, stage, key, ref, price, "Monthly plan"))
    for number, days in enumerate((12.4, 8.9)):  # since then somebody's
        key = f"inv-9100:{number + 1}"
        stage.ago(days, partial(trade.pay, stage, key, "C-9100", price, "Monthly plan"))
    stage.ago(2.1, partial(attribute_late, stage))
    for number, days in enumerate((32.9, 32.2, 31.6)):  # no rate in between
        key = f"inv-2001-x:{number + 1}"
        stage.ago(days, partial(trade.pay, stage, key, "C-2001", price, "Extra"))
    for number, days in enumerate((8.3, 6.1, 0.8)):
        key, sale_key = f"re-lost-{number + 1}", f"inv-lost:{number + 1}"
        told = partial(stage.tell, "refunded", key, sale_key=sale_key, money=price)
        stage.ago(days, told)


def attribute_late(stage: Stage) -> None:
    """From a time before two sales that nobody has posted yet."""
    attribute_customer(
        stage.resellers[stories.OTIS],
        customer_ref="C-9100",
        referred_at=clock.now() - timedelta(days=13),
        origin="staff",
        actor=stage.editor,
    )
