"""What a door says of an event, read or refused before anything is written."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Q

from resellers import clock
from resellers.actions.referrals import AHEAD, read_customer_ref
from resellers.contact import read_text
from resellers.errors import AmountOutOfRange, Invalid
from resellers.errors.profiles import (
    EventKeyReserved,
    EventKeyReused,
    InvalidEventKey,
    OccurredAhead,
    OccurredTooEarly,
)
from resellers.models import BEGINNING, Sale, SaleKind, SaleSource
from resellers.models.sale import CUSTOMER_KINDS, MONEY_KINDS
from resellers.sales import SaleFact

TEXT_LENGTH = 255
STRIPE = "stripe:"
TEXTS = ["reseller_code", "sale_key", "description", "invoice_ref", "payment_ref"]

_EVENT_KEY = re.compile(r"[A-Za-z0-9:_.-]{1,200}", re.ASCII)


def read_fact(event: SaleFact) -> SaleFact:
    """The same fact, its texts trimmed.

    Raises Invalid, EventKeyReserved, AmountOutOfRange and those of texts (400), each
    at its field.
    """
    if event.kind not in SaleKind.values:
        raise Invalid("This kind of event is not known.", field="kind")
    if event.source not in SaleSource.values:
        raise Invalid("This source is not known.", field="source")
    _read_key(event.event_key, "event_key")
    if event.event_key.startswith(STRIPE) and event.source != SaleSource.STRIPE:
        raise EventKeyReserved(field="event_key")
    if event.occurred_at.utcoffset() is None:
        raise Invalid("Give the time with its zone.", field="occurred_at")
    if event.occurred_at < BEGINNING:
        raise OccurredTooEarly(field="occurred_at")
    texts: dict[str, Any] = {
        name: read_text(getattr(event, name), name, TEXT_LENGTH) for name in TEXTS
    }
    if event.kind in CUSTOMER_KINDS:
        texts["customer_ref"] = read_customer_ref(event.customer_ref)
        if texts["sale_key"]:
            raise Invalid("Only what follows a sale names one.", field="sale_key")
    else:
        _read_key(texts["sale_key"], "sale_key")
        if texts["sale_key"] == event.event_key:
            raise Invalid("An event does not follow itself.", field="sale_key")
        ref = read_text(event.customer_ref, "customer_ref", TEXT_LENGTH)
        texts["customer_ref"] = ref
    _check_money(event)
    return replace(event, **texts)


def refuse_ahead(fact: SaleFact, *, ahead: timedelta = AHEAD) -> None:
    """Raises OccurredAhead for what has not happened yet."""
    if fact.occurred_at > clock.now() + ahead:
        raise OccurredAhead(field="occurred_at")


def look_up(fact: SaleFact) -> tuple[Sale | None, list[Sale]]:
    """The row of this event, and what waits for it, in order of occurrence."""
    named = Q(event_key=fact.event_key)
    if fact.kind == SaleKind.PAID:
        named |= Q(sale_key=fact.event_key) & ~Q(sale_key="")
    rows = list(Sale.objects.filter(named).order_by("occurred_at", "received_at", "id"))
    there = next((row for row in rows if row.event_key == fact.event_key), None)
    return there, [row for row in rows if row is not there]


def refuse_other_facts(there: Sale, fact: SaleFact) -> None:
    """Raises EventKeyReused (409) when the key named something else before."""
    if there.fingerprint != fact.fingerprint:
        raise EventKeyReused(field="event_key", sale_id=str(there.pk))


def unanswered(fact: SaleFact) -> Sale:
    """The row of a fact, its answer still open."""
    money: dict[str, Any] = {}
    if fact.money is not None:
        money = {
            "currency": fact.money.currency,
            "amount_minor": fact.money.amount,
        }
    return Sale(
        kind=fact.kind,
        source=fact.source,
        event_key=fact.event_key,
        fingerprint=fact.fingerprint,
        customer_ref=fact.customer_ref,
        reseller_code=fact.reseller_code,
        sale_key=fact.sale_key,
        description=fact.description,
        invoice_ref=fact.invoice_ref,
        payment_ref=fact.payment_ref,
        occurred_at=fact.occurred_at,
        received_at=clock.now(),
        **money,
    )


def _read_key(key: str, field: str) -> None:
    if not _EVENT_KEY.fullmatch(key):
        raise InvalidEventKey(field=field)


def _check_money(event: SaleFact) -> None:
    if event.kind not in MONEY_KINDS:
        if event.money is not None:
            raise Invalid("This kind of event has no amount.", field="amount")
        return
    if event.money is None:
        raise Invalid("Give the amount and its currency.", field="amount")
    if event.money.amount < 0:
        raise AmountOutOfRange("The amount is never negative.", field="amount")
