"""The demo's stage: deeds noted for a moment, then played in the order of time."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from resellers import clock
from resellers.actions import entries, users
from resellers.actions.sales import record_sale
from resellers.models import Actor, Referral, Reseller, Sale, User
from resellers.money import Money
from resellers.sales import SaleFact

DOMAIN = "demo.example.com"
TICK = timedelta(days=7)

Deed = Callable[[], object]


def person(name: str) -> User:
    """A demo person by the local part of the address; made when nobody did before."""
    email = f"{name}@{DOMAIN}"
    known = User.objects.filter(email=email).first()
    words = name.replace("-", " ").title()
    return known or users.create_user(email=email, name=words, actor=None)


@dataclass
class Stage:
    """Who acts, what was noted, and what has come into being so far."""

    now: datetime
    editor: User
    finance: User
    events: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    resellers: dict[str, Reseller] = field(default_factory=dict)
    referrals: dict[str, Referral] = field(default_factory=dict)
    noted: int = 0
    customers: int = 0

    @classmethod
    def at_present(cls, now: datetime) -> "Stage":
        return cls(now, person("staff-editor"), person("finance"))

    def ago(self, days: float, deed: Deed) -> None:
        """Note a deed of that many days ago, or of today's; the future does not come."""
        moment = self.now - timedelta(days=days)
        if clock.is_held():
            moment = max(moment, clock.now())
        if moment <= self.now:
            heapq.heappush(self.events, (moment, self.noted, deed))
            self.noted += 1

    def perform(self) -> None:
        """Play what was noted, and what is noted meanwhile; entries come due."""
        due = self.events[0][0] + TICK if self.events else self.now
        while self.events:
            moment, _, deed = heapq.heappop(self.events)
            while due <= moment:
                self.settle(due)
                due += TICK
            with clock.at(moment):
                deed()
        self.settle(self.now)

    def settle(self, moment: datetime) -> None:
        with clock.at(moment):
            entries.settle_due(moment)

    def tell(
        self,
        kind: str,
        key: str,
        *,
        money: Money | None = None,
        late_hours: float = 0,
        actor: Actor = None,
        **facts: str,
    ) -> Sale:
        """Record an event that happened some hours before it arrived."""
        facts.setdefault("source", "api")
        fact = SaleFact(
            kind=kind,
            event_key=key,
            occurred_at=clock.now() - timedelta(hours=late_hours),
            money=money,
            **facts,
        )
        return record_sale(fact, actor=actor).sale
