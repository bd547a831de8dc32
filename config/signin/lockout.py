"""Tries at passwords and codes, counted in the database before they are checked.

Source: 9-quality, section 6, "Lockout". A right answer gives its try back, so that a
busy office behind one network address is not locked out by signing in.
"""

import hashlib
import ipaddress
from dataclasses import dataclass

from django.http import HttpRequest

from config import counters
from config.client import client_address
from config.signin import events
from resellers import audit
from resellers.errors import DomainError
from resellers.models import Actor, User

WINDOW_SECONDS = 15 * 60


class TooManyTries(DomainError):
    """No try is left; the same answer whether the account exists or not."""

    code = "too_many_tries"
    status = 429
    title = "Too many tries"

    def __init__(self, retry_after_seconds: int) -> None:
        minutes = -(-retry_after_seconds // 60)
        super().__init__(
            f"Try again in {minutes} min, or choose a new password by mail.",
            retry_after_seconds=retry_after_seconds,
        )


@dataclass(frozen=True)
class Limit:
    """So many tries in a window, for each subject of one kind."""

    name: str
    tries: int
    window_seconds: int = WINDOW_SECONDS

    def counter(self, subject: str) -> str:
        """The counter's name: subjects are addresses of people, so only a digest."""
        digest = hashlib.sha256(subject.encode()).hexdigest()[:32]
        return f"{self.name}:{digest}"

    def hit(self, subject: str) -> None:
        """Raises TooManyTries when no try is left."""
        hit = counters.hit(self.counter(subject), self.tries, self.window_seconds)
        if not hit.allowed:
            raise TooManyTries(hit.retry_after)

    def give_back(self, subject: str) -> None:
        counters.give_back(self.counter(subject), self.window_seconds)

    def clear(self, subject: str) -> None:
        counters.clear(self.counter(subject))


ACCOUNT = Limit("sign-in:account", 10)
NETWORK = Limit("sign-in:network", 50)
MAILS = Limit("sign-in:mail", 5, 60 * 60)


def network_of(request: HttpRequest) -> str:
    """What counts as one network: an IPv4 address, or the /64 of an IPv6 one."""
    address = client_address(request)
    try:
        network = ipaddress.IPv6Network(f"{address}/64", strict=False)
    except ValueError:
        return address
    return str(network)


def count_try(request: HttpRequest, email: str) -> None:
    """Count one guess, for its network first: a locked network locks nobody else.

    Raises TooManyTries.
    """
    try:
        NETWORK.hit(network_of(request))
        ACCOUNT.hit(email.lower())
    except TooManyTries as refusal:
        events.record(request, "locked", email=email, **refusal.extra)
        raise


def forgive(request: HttpRequest, email: str) -> None:
    """The guess was right: give the try back."""
    NETWORK.give_back(network_of(request))
    ACCOUNT.give_back(email.lower())


def lift(email: str) -> None:
    """Give an account all its tries back; what a reset by mail does."""
    ACCOUNT.clear(email.lower())


def lift_lock(email: str, *, actor: Actor) -> bool:
    """Support lifts a lock (command `lift_lock`); False when nobody has the address."""
    person = User.objects.filter(email=email.lower()).first()
    if person is None:
        return False
    lift(person.email)
    audit.record(actor, "user.lock_lifted", person)
    return True
