"""verify_ledger: clean books are clean, and each kind of damage is seen."""

import datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.module_loading import import_string

from resellers import clock, ledger, pg, reports
from resellers.commission import BasisPoints
from resellers.models import LedgerEntry
from resellers.money import Money
from tests.factories.resellers import AT, AccountFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def books():
    with clock.at(AT):
        account, staff = AccountFactory(), UserFactory()
        facts: dict[str, Any] = {"occurred_at": AT, "actor": staff}
        root: Any = ledger.post(
            account,
            Money(1008, "USD"),
            key="sale:0001",
            kind="earning",
            component="commission",
            source="ota.redemption",
            source_ref="1",
            basis="share",
            base=Money(6500, "USD"),
            rate=BasisPoints(1550),
            **facts,
        ).entry
        part = ledger.reverse(
            root, key="sale:0001:r1", refund=Money(1300, "USD"), **facts
        ).entry
        extra = ledger.post(
            account,
            Money(-500, "USD"),
            key="adj:0001",
            kind="adjustment",
            component="commission",
            source="staff",
            source_ref="1",
            reason="overpayment",
            memo="Paid twice",
            **facts,
        ).entry
    return {"root": root, "part": part, "extra": extra}


def violated():
    return {
        name: keys
        for name, dotted in settings.LEDGER_CHECKS.items()
        if (keys := import_string(dotted)()[1]) and dotted.startswith("resellers.")
    }


def test_clean_books(books):
    assert violated() == {}
    assert reports.amounts_recompute() == (3, [])
    assert reports.groups_are_capped() == (1, [])
    assert reports.guards_stand_and_bite() == (len(pg.append_only_models()), [])


@pytest.mark.parametrize(
    ("row", "damage", "found"),
    [
        ("root", {"amount_minor": 1007}, {"V3", "V19"}),
        ("root", {"rate_bp": 1540}, {"V3", "V19"}),
        ("part", {"amount_minor": -201}, {"V3"}),
        ("part", {"amount_minor": -1009}, {"V3", "V9"}),
        ("part", {"status": "reversed"}, {"V5"}),
        ("extra", {"source_ref": "2"}, {"V19"}),
        ("root", {"occurred_at": AT + datetime.timedelta(days=1)}, {"V13"}),
    ],
)
def test_damage_is_found(books, row, damage, found):
    with pg.guards_lifted():
        LedgerEntry.objects.filter(pk=books[row].pk).update(**damage)
    assert set(violated()) == found


def test_a_lost_guard_is_found(books):
    pg.drop_guards()
    assert "resellers.LedgerEntry takes changes" in violated()["V20"]
    pg.install_guards()
    assert violated() == {}


def test_migrate_installs_the_guards_again():
    pg.drop_guards()
    call_command("migrate", verbosity=0)
    assert pg.missing_guards() == []


def test_debts_are_listed(books):
    assert reports.negative_accounts() == []
    facts: dict[str, Any] = {"occurred_at": AT, "actor": None}
    ledger.reverse(books["root"], key="sale:0001:all", **facts)
    code = books["root"].account.code
    assert reports.negative_accounts() == [(code, "USD", -500)]
