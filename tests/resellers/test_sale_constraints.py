"""Constraints of sales, attacked past the action: facts and answers of each kind."""

from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, models, transaction

from resellers.models import Sale, SaleKind
from resellers.models.sale import OUTCOMES, UNPOSTED_OUTCOMES, Outcome
from tests.factories.profiles import ReferralFactory, SaleFactory
from tests.factories.resellers import AT

pytestmark = pytest.mark.django_db

EARNED: dict[str, Any] = {
    "outcome": "earned",
    "posted_at": AT,
    "referral": ReferralFactory,
    "rate_bp": 1_550,
    "rate_scope": "reseller",
    "rate_since": AT,
    "commission_minor": 1_008,
}
WAITING: dict[str, Any] = {
    "kind": "refunded",
    "customer_ref": "",
    "sale_key": "inv-1:1",
    "outcome": "waiting",
}
REVERSED: dict[str, Any] = {
    **WAITING,
    "outcome": "reversed",
    "posted_at": AT,
    "sale": SaleFactory,
    "commission_minor": -1_008,
}
RESTORED = {
    **REVERSED,
    "kind": "restored",
    "outcome": "restored",
    "commission_minor": 1_008,
}
NO_MONEY = {"currency": "", "amount_minor": 0}
DISPUTED = {**REVERSED, **NO_MONEY, "kind": "disputed", "outcome": "on_hold"}
RELEASED = {**DISPUTED, "kind": "released", "outcome": "released"}
COUNTED = {
    **NO_MONEY,
    "kind": "document",
    "outcome": "counted",
    "posted_at": AT,
    "referral": ReferralFactory,
}
WHOLE = [EARNED, REVERSED, RESTORED, DISPUTED, RELEASED, COUNTED]
GOOD: list[dict[str, Any]] = [
    {},
    WAITING,
    {"outcome": "no_rate", "referral": ReferralFactory},
    {**EARNED, "outcome": "zero", "commission_minor": 0, "rate_bp": 0},
    {**EARNED, "outcome": "held", "rate_bp": 10_000},
    {**REVERSED, "outcome": "no_effect", "commission_minor": 0},
    {**RESTORED, "outcome": "no_effect", "commission_minor": 0},
    {**DISPUTED, "outcome": "no_effect", "commission_minor": None},
    {"amount_minor": 10**14},
    {"amount_minor": 0},
    {"event_key": "k" * 200, "customer_ref": "c" * 255, "description": "d" * 255},
    *WHOLE,
]
TEXTS = (
    "customer_ref",
    "reseller_code",
    "sale_key",
    "description",
    "invoice_ref",
    "payment_ref",
)
CHECKS: list[tuple[str, dict[str, Any]]] = [
    ("sale_kind_known", {"kind": "gift"}),
    ("sale_source_known", {"source": "mail"}),
    ("sale_source_known", {"source": ""}),
    ("sale_rate_scope_known", {"rate_scope": "group"}),
    ("sale_event_key_length", {"event_key": ""}),
    ("sale_event_key_length", {"event_key": "k" * 201}),
    ("sale_fingerprint_length", {"fingerprint": "f" * 63}),
    ("sale_fingerprint_length", {"fingerprint": ""}),
    *((f"sale_{field}_length", {field: "t" * 256}) for field in TEXTS),
    ("sale_amount_range", {"amount_minor": -1}),
    ("sale_amount_range", {"amount_minor": 10**14 + 1}),
    ("sale_commission_range", {"commission_minor": -(10**14) - 1}),
    ("sale_commission_range", {"commission_minor": 10**14 + 1}),
    ("sale_rate_range", {"rate_bp": -1}),
    ("sale_rate_range", {"rate_bp": 10_001}),
    ("sale_money_by_kind", {"currency": ""}),
    ("sale_money_by_kind", {"currency": "usd"}),
    ("sale_money_by_kind", {"currency": "US"}),
    ("sale_money_by_kind", {**COUNTED, "amount_minor": 1}),
    ("sale_money_by_kind", {**COUNTED, "currency": "USD"}),
    ("sale_money_by_kind", {**DISPUTED, "currency": "USD"}),
    ("sale_money_by_kind", {**RELEASED, "amount_minor": 1}),
    ("sale_names_its_fact", {"customer_ref": ""}),
    ("sale_names_its_fact", {"sale_key": "inv-1:1"}),
    ("sale_names_its_fact", {**COUNTED, "customer_ref": ""}),
    ("sale_names_its_fact", {**COUNTED, "sale_key": "inv-1:1"}),
    *(("sale_names_its_fact", {**each, "sale_key": ""}) for each in WHOLE[1:5]),
    ("sale_unposted_outcomes", {**EARNED, "posted_at": None}),
    ("sale_unposted_outcomes", {**REVERSED, "posted_at": None}),
    ("sale_unposted_outcomes", {**COUNTED, "posted_at": None}),
    *(
        ("sale_posted_is_whole", {"posted_at": AT, **facts})
        for facts in (
            {},
            {"outcome": "no_rate", "referral": ReferralFactory},
            WAITING,
            {**EARNED, "referral": None},
            {**EARNED, "rate_bp": None},
            {**EARNED, "rate_scope": ""},
            {**EARNED, "rate_since": None},
            {**EARNED, "commission_minor": None},
            {**EARNED, "commission_minor": -1},
            *({**each, "sale": None} for each in (REVERSED, RESTORED)),
            *({**each, "sale": None} for each in (DISPUTED, RELEASED)),
            *({**each, "commission_minor": None} for each in (REVERSED, RESTORED)),
            {**REVERSED, "commission_minor": 1},
            {**RESTORED, "commission_minor": -1},
            {**COUNTED, "referral": None},
        )
    ),
]
SHADOWED = {"sale_kind_known"}
"""A word no kind knows breaks the rules of kinds, too; which is told first varies."""


def insert(facts: dict[str, Any]) -> Sale:
    row: Sale = SaleFactory.build()
    for name, value in facts.items():
        setattr(row, name, value() if callable(value) else value)
    row.save(force_insert=True)
    return row


@pytest.mark.parametrize(("name", "facts"), CHECKS)
def test_a_check_bites(name, facts):
    with pytest.raises((IntegrityError, DataError)) as refusal, transaction.atomic():
        insert(facts)
    if isinstance(refusal.value, IntegrityError):
        assert ("sale_" if name in SHADOWED else name) in str(refusal.value)
    else:
        assert connection.vendor == "postgresql"


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("kind", SaleKind)
def test_each_kind_has_its_outcomes(kind, outcome):
    whole = next(each for each in WHOLE if each.get("kind", "paid") == kind)
    told = refusal_of({**whole, "outcome": outcome, "posted_at": None})
    final = outcome not in [*UNPOSTED_OUTCOMES, Outcome.NO_EFFECT]
    if outcome not in OUTCOMES[kind]:
        assert "sale_outcome_of_kind" in told or final
    assert bool(told) == (final or outcome not in OUTCOMES[kind])


def refusal_of(facts):
    try:
        with transaction.atomic():
            insert(facts)
    except IntegrityError as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize("facts", GOOD)
def test_what_is_whole_is_stored(facts):
    row = insert(facts)
    kept = {name: value for name, value in facts.items() if not callable(value)}
    found = Sale.objects.get(pk=row.pk)
    assert {name: getattr(found, name) for name in kept} == kept


def test_an_event_key_is_one_fact():
    there = SaleFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert({"event_key": there.event_key})
    assert Sale.objects.count() == 1


def test_every_constraint_is_attacked():
    elsewhere = {"sale_outcome_of_kind", "sale_event_key"}
    attacked = {name for name, _ in CHECKS} | elsewhere
    assert attacked == {constraint.name for constraint in Sale._meta.constraints}


def test_required_columns_take_no_null():
    nullable = set()
    for field in Sale._meta.concrete_fields:
        if field.null:
            nullable.add(field.attname)
        elif not field.primary_key:
            assert not isinstance(field, models.ForeignKey)
            with pytest.raises(IntegrityError), transaction.atomic():
                insert({field.attname: None})
    assert nullable == {
        "sale_id",
        "referral_id",
        "rate_bp",
        "rate_since",
        "commission_minor",
        "posted_at",
    }
