"""Rates only grow; a sale's fact never changes, its answer is written once."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from resellers import pg
from resellers.models import Rate, Sale
from resellers.models.sale import ANSWER
from tests.factories.profiles import (
    RateFactory,
    ReferralFactory,
    ResellerFactory,
    SaleFactory,
)
from tests.factories.resellers import AT, UserFactory

pytestmark = pytest.mark.django_db

LATER = AT + datetime.timedelta(days=1)
EARNED: dict[str, Any] = {
    "outcome": "earned",
    "posted_at": AT,
    "rate_bp": 1_550,
    "rate_scope": "reseller",
    "rate_since": AT,
    "commission_minor": 1_008,
}
OTHER: dict[str, Any] = {
    "scope": lambda: "reseller",
    "reseller_id": lambda: ResellerFactory().pk,
    "referral_id": lambda: ReferralFactory().pk,
    "created_by_id": lambda: UserFactory().pk,
    "sale_id": lambda: SaleFactory().pk,
    "rate_bp": lambda: 999,
    "amount_minor": lambda: 999,
    "commission_minor": lambda: 999,
    "currency": lambda: "EUR",
    "kind": lambda: "refunded",
    "source": lambda: "staff",
    "outcome": lambda: "zero",
    "rate_scope": lambda: "programme",
    "fingerprint": lambda: "0" * 64,
}
TIMES = {"valid_from", "created_at", "occurred_at", "received_at", "rate_since"}


def another(column: str) -> Any:
    if column in {*TIMES, "posted_at"}:
        return LATER
    return OTHER.get(column, lambda: "changed")()


def columns_of(model: type[models.Model]) -> list[str]:
    columns = [field.attname for field in model._meta.concrete_fields]
    return [column for column in columns if column != "id"]


def refused(change: Any) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        change()
    assert "refused" in str(refusal.value)


def execute(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def posted() -> Sale:
    row: Sale = SaleFactory.create(referral=ReferralFactory(), **EARNED)
    return row


@pytest.mark.parametrize("column", columns_of(Rate))
def test_no_column_of_a_rate_ever_changes(column):
    rate = RateFactory()
    rows = Rate.objects.filter(pk=rate.pk)
    value = another(column)
    refused(lambda: rows.update(**{column: value}))
    rate.rate_bp = 1
    refused(rate.save)


@pytest.mark.parametrize("column", [c for c in columns_of(Sale) if c not in ANSWER])
@pytest.mark.parametrize("make", [SaleFactory, posted])
def test_the_fact_of_a_sale_never_changes(make, column):
    rows = Sale.objects.filter(pk=make().pk)
    value = another(column)
    refused(lambda: rows.update(**{column: value}))


def test_the_answer_is_written_once():
    sale = SaleFactory()
    rows, referral = Sale.objects.filter(pk=sale.pk), ReferralFactory()
    assert rows.update(outcome="no_rate", referral=referral) == 1
    assert rows.update(**EARNED) == 1
    assert rows.update(commission_minor=1_008) == 1
    found = rows.get()
    assert {name: getattr(found, name) for name in EARNED} == EARNED


@pytest.mark.parametrize("column", sorted(ANSWER))
def test_a_posted_answer_is_sealed(column):
    rows = Sale.objects.filter(pk=posted().pk)
    value = another(column)
    refused(lambda: rows.update(**{column: value}))
    refused(lambda: rows.update(posted_at=None, outcome="no_rate"))


@pytest.mark.parametrize("factory", [RateFactory, SaleFactory])
def test_delete_is_refused_by_orm_and_sql(factory):
    row = factory()
    with pytest.raises(TypeError):
        row.delete()
    table, key = row._meta.db_table, row._meta.pk
    value = key.get_db_prep_value(row.pk, connection)
    refused(lambda: execute(f'DELETE FROM "{table}" WHERE id = %s', value))  # noqa: S608 -- the model's table
    refused(type(row).objects.all().delete)
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("factory", [RateFactory, SaleFactory])
def test_truncate_is_refused(factory):
    table = factory()._meta.db_table
    connection.check_constraints()
    postgres = connection.vendor == "postgresql"
    verb, rest = ("TRUNCATE", "CASCADE") if postgres else ("DELETE FROM", "")
    refused(lambda: execute(f'{verb} "{table}" {rest}'))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own way past")
@pytest.mark.parametrize("factory", [RateFactory, SaleFactory])
def test_insert_or_replace_is_refused(factory):
    row = factory()
    table = row._meta.db_table
    columns = ", ".join(field.column for field in row._meta.concrete_fields)
    refused(
        lambda: execute(
            f'INSERT OR REPLACE INTO "{table}" ({columns})'  # noqa: S608 -- the model's table
            f' SELECT {columns} FROM "{table}"'
        )
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has types")
@pytest.mark.parametrize("column", ["amount_minor", "commission_minor", "rate_bp"])
@pytest.mark.parametrize("amount", [10.5, "12x"])
def test_sqlite_stores_whole_numbers_only(column, amount):
    sale = SaleFactory()
    columns = [field.column for field in sale._meta.concrete_fields]
    given = {"id": "'0'", "event_key": "'inv-new'", column: "%s"}
    values = ", ".join(given.get(name, f'"{name}"') for name in columns)
    names, table = ", ".join(columns), Sale._meta.db_table
    refused(
        lambda: execute(
            f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}"',  # noqa: S608 -- the model's table
            amount,
        )
    )


@pytest.mark.parametrize("model", [Rate, Sale])
def test_a_missing_guard_is_noticed(model):
    table = model._meta.db_table
    postgres = connection.vendor == "postgresql"
    name = f"{table}_guard_{'rows' if postgres else 'final'}"
    execute(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if postgres else ""))
    assert pg.missing_guards() == [name]
    pg.install_guards()
    assert pg.missing_guards() == []


def test_without_the_guard_the_damage_is_done():
    """Negative control: it is the guard that refuses, nothing else."""
    sale = posted()
    RateFactory()
    with pg.guards_lifted():
        assert Sale.objects.filter(pk=sale.pk).update(commission_minor=1) == 1
        assert Rate.objects.update(rate_bp=1) == 1
