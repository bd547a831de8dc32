"""Plays the stories in the order of time, with the clock running beside them."""

import heapq
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from marketplace.actions import clock as deadlines
from marketplace.actions import offerings, renting
from marketplace.actions.catalogue_folder import import_folder
from marketplace.demo import cast
from marketplace.demo.steps import Play, Step
from marketplace.demo.stories import STORIES, Story
from marketplace.models import (
    Contract,
    Offering,
    OrderState,
    Provider,
    ResellerOrder,
)
from marketplace.offers import OfferBook
from marketplace.quotes import issue_quote
from resellers import clock
from resellers.actions import entries

DATA = Path(__file__).resolve().parent.parent / "data"
BEGAN = timedelta(days=121)
CHECKED_AGO = (BEGAN, timedelta(days=60), timedelta(days=9))
RETIRED_PLANS = ("cx22", "cx32", "cx42", "cx52")
RETIRED_AGO = timedelta(days=52)
TICK = timedelta(hours=12)

Event = tuple[datetime, int, Callable[[datetime], object]]


def load(now: datetime) -> Mapping[str, Any]:
    """Load the marketplace's part once; answers ids worth trying."""
    if not cast.is_loaded():
        Stage(now).perform()
    return {
        "accounts": {
            "provider": {"pubkey": cast.NIMBUS.pubkey},
            "provider_other": {"pubkey": cast.ALTO.pubkey},
        },
        "ids": ids(),
    }


def ids() -> dict[str, Any]:
    hetzner = Provider.objects.external().get(domain=cast.HETZNER)
    waiting = ResellerOrder.objects.filter(reseller__pubkey=cast.NIMBUS.pubkey)
    pending = waiting.paid().filter(state=OrderState.PLACED).order_by("pk")[0]
    return {
        "external_provider": hetzner.pubkey,
        "offering": Offering.objects.get(code="hetzner-cax11-fsn1").pk,
        "contract_pending": pending.contract_id,
    }


class Stage:
    """The events of the demo, played from the earliest to `now`."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.staff = cast.person("staff")
        self.events: list[Event] = []
        self.tellers = 0

    def perform(self) -> None:
        self.at(self.now - BEGAN, self.open)
        for ago in CHECKED_AGO[1:]:
            self.at(self.now - ago, self.read_catalogue)
        self.at(self.now - RETIRED_AGO, self.retire_plans)
        for number, story in enumerate(STORIES):
            self.tell(number, story)
        tick = self.now - BEGAN + TICK
        while tick <= self.now:
            self.at(tick, self.tick)
            tick += TICK
        while self.events:
            moment, _, deed = heapq.heappop(self.events)
            with clock.at(moment):
                deed(moment)

    def at(self, moment: datetime, deed: Callable[[datetime], object]) -> None:
        """Note a deed; what would happen after `now` does not."""
        if moment <= self.now:
            heapq.heappush(self.events, (moment, self.tellers, deed))
            self.tellers += 1

    def open(self, moment: datetime) -> None:
        self.read_catalogue(moment)
        for seller in cast.SELLERS:
            cast.agree(seller, cast.onboard(seller, self.staff))
        cast.sell_directly(Provider.objects.get(pubkey=cast.HARBOUR.pubkey))

    def read_catalogue(self, moment: datetime) -> None:
        files = {file.name: file.read_bytes() for file in DATA.glob("*.csv")}
        import_folder(files, checked_at=moment, actor=self.staff)

    def retire_plans(self, moment: datetime) -> None:
        """Four plans that their supplier stopped selling, in six cities each."""
        for plan in RETIRED_PLANS:
            for offering in Offering.objects.filter(
                code__startswith=f"hetzner-{plan}-"
            ):
                reason = "No longer sold by the supplier."
                offerings.retire(offering, reason=reason, at=moment, actor=self.staff)

    def tick(self, moment: datetime) -> None:
        deadlines.run_deadlines(moment)
        entries.settle_due(moment)

    def tell(self, number: int, story: Story) -> None:
        placed_at = self.now - timedelta(days=story.days)
        seller = cast.person(next(iter(story.seller.members)))
        buyer = cast.person(story.buyer)
        play: list[Play] = []

        def place(moment: datetime) -> None:
            contract = rent(story, moment)
            order = contract.reseller_order
            play.append(Play(number, order, seller, buyer, self.staff))

        self.at(placed_at, place)
        for hours, step in story.plot:
            moment = placed_at + timedelta(hours=hours)
            self.at(moment, partial(follow, step, play))


def follow(step: Step, play: list[Play], moment: datetime) -> None:
    """Take one step of an order that was placed before."""
    step(play[0])


def rent(story: Story, moment: datetime) -> Contract:
    """Rent as a person does: see the offer, take its quote, post it."""
    offering = Offering.objects.select_related("provider").get(code=story.code)
    seller = Provider.objects.get(pubkey=story.seller.pubkey)
    seen = OfferBook([offering], moment).offer_of(offering, seller)
    if seen is None:
        raise LookupError(f"{seller} does not offer {offering.code}")
    return renting.place_order(
        quote=issue_quote(
            offering.pk, seller.pubkey, seen.offer, seen.relationship.promise, moment
        ),
        payment_method=story.method,
        operating_system=offering.operating_systems[0],
        note="Please set the host name to demo.example.com.",
        actor=cast.person(story.buyer),
    )
