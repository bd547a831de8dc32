"""The operator's commands: what they print, how they end, what they leave behind."""

import io
import json
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from resellers import audit, jobs, keys
from resellers.models import AccessKey, AuditEntry, Job, User
from tests.factories.marketplace import ProviderFactory
from tests.factories.resellers import StaffFactory, UserFactory
from tests.postgres import program

tasked: list[datetime] = []


def note_time(now):
    tasked.append(now)
    return "noted"


def three_rows_one_bad():
    return 3, ["row:2"]


def seven_rows_none_bad(*_since):
    return 7, []


def many_rows_one_other(_since):
    return 1234, ["row:2"]


def run(name, *arguments, **options):
    """What a command wrote to stdout."""
    out = io.StringIO()
    call_command(name, *arguments, stdout=out, **options)
    return out.getvalue()


def exit_code(name, *arguments, **options):
    with pytest.raises(SystemExit) as ended:
        call_command(name, *arguments, stdout=io.StringIO(), **options)
    return ended.value.code


def told(name, *arguments):
    """How a command ended, and what it wrote to stdout."""
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(name, *arguments, stdout=out)
    return ended.value.code, out.getvalue()


@pytest.fixture
def one_task(settings):
    tasked.clear()
    settings.CLOCK_TASKS = {"note": ("tests.test_run_commands.note_time", 60)}


@pytest.mark.django_db
def test_issue_access_key_prints_the_key_and_nothing_else():
    provider = ProviderFactory()
    text = run("issue_access_key", f"provider:{provider.pubkey}")
    key = keys.find(text.removesuffix("\n"))
    assert key is not None
    assert (key.principal_kind, key.principal_ref) == ("provider", provider.pubkey)
    entry = AuditEntry.objects.get(action="access_key.issued")
    assert (entry.actor_label, entry.object_ref) == ("system", key.prefix)


@pytest.mark.django_db
def test_issue_access_key_for_staff_by_their_address():
    staff = StaffFactory()
    text = run("issue_access_key", f"user:{staff.email.upper()}", "--days=1").strip()
    key = keys.find(text)
    assert key is not None
    assert key.user == staff
    assert (key.expires_at - key.created_at).days == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "principal", ["user:nobody@example.com", "provider:00", "sister:1", "provider", ""]
)
def test_issue_access_key_knows_its_principals(principal):
    with pytest.raises(CommandError, match="No such principal"):
        run("issue_access_key", principal)
    assert AccessKey.objects.count() == 0


@pytest.mark.django_db
def test_issue_access_key_is_not_for_everybody():
    with pytest.raises(CommandError, match="No such principal"):
        run("issue_access_key", f"user:{UserFactory().email}")


@pytest.mark.django_db
def test_issue_access_key_tells_a_refusal():
    provider = ProviderFactory()
    with pytest.raises(CommandError, match="scope"):
        run("issue_access_key", f"provider:{provider.pubkey}", "--scopes=everything")
    with pytest.raises(CommandError, match="days"):
        run("issue_access_key", f"provider:{provider.pubkey}", "--days=0")


@pytest.mark.django_db
def test_revoked_key_is_refused_at_once():
    provider = ProviderFactory()
    text = run("issue_access_key", f"provider:{provider.pubkey}").strip()
    key = keys.find(text)
    assert key is not None
    run("revoke_access_key", key.prefix)
    assert keys.find(text) is None
    entry = AuditEntry.objects.get(action="access_key.revoked")
    assert (entry.object_ref, entry.reason) == (key.prefix, "revoke_access_key")
    with pytest.raises(CommandError, match="No key"):
        run("revoke_access_key", "zzzzzzzz")


@pytest.mark.django_db
def test_lift_lock_is_audited():
    person = UserFactory()
    run("lift_lock", person.email.upper())
    assert audit.entries("resellers.user", str(person.pk)).count() == 1
    with pytest.raises(CommandError, match="Nobody"):
        run("lift_lock", "nobody@example.com")


@pytest.mark.django_db
def test_run_clock_runs_each_slot_once(one_task):
    assert run("run_clock").endswith("done noted\n")
    assert run("run_clock") == ""
    assert len(tasked) == 1


@pytest.mark.django_db
def test_run_clock_at_a_time_is_for_demo_and_debug(one_task, settings):
    with pytest.raises(CommandError, match="DEBUG and DEMO"):
        run("run_clock", "--at=2026-03-02T09:00Z")
    settings.DEMO = True
    run("run_clock", "--at=2026-03-02T09:00Z")
    assert tasked == [datetime(2026, 3, 2, 9, tzinfo=UTC)]


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01T00:00Z", ""])
def test_run_clock_refuses_what_is_no_time(text):
    with pytest.raises(CommandError, match="a time such as"):
        run("run_clock", f"--at={text}")


@pytest.mark.django_db(transaction=True)
def test_worker_once_works_off_what_is_due(one_task, settings, mailoutbox):
    settings.JOB_HANDLERS = {}
    jobs.enqueue("unknown", "unknown:1")
    run("worker", "--once")
    states = dict(Job.objects.values_list("kind", "state"))
    assert states == {"clock": "done", "unknown": "dead"}
    assert len(tasked) == 1


@pytest.mark.django_db
def test_verify_ledger_tells_each_invariant_and_ends_by_the_worst(settings):
    settings.LEDGER_CHECKS = {"V1": "tests.test_run_commands.seven_rows_none_bad"}
    assert exit_code("verify_ledger") == 0
    settings.LEDGER_CHECKS["V2"] = "tests.test_run_commands.three_rows_one_bad"
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_ledger", stdout=out)
    assert ended.value.code == 1
    assert out.getvalue().splitlines() == [
        "V1: 7 checked, 0 violated",
        "V2: 3 checked, 1 violated: row:2",
    ]
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_ledger", "--json", stdout=out)
    assert json.loads(out.getvalue())[1] == {
        "id": "V2",
        "checked": 3,
        "violations": 1,
        "keys": ["row:2"],
    }


@pytest.mark.django_db
def test_verify_ledger_with_every_registered_invariant_is_clean():
    assert exit_code("verify_ledger") == 0


@pytest.mark.django_db
def test_replay_prices_ends_by_what_it_finds(settings):
    settings.PRICE_REPLAYERS = {"orders": "tests.test_run_commands.seven_rows_none_bad"}
    assert told("replay_prices", "--since=2026-03-01") == (
        0,
        "7 orders, 0 differences\n",
    )
    settings.PRICE_REPLAYERS = {"orders": "tests.test_run_commands.many_rows_one_other"}
    assert told("replay_prices") == (1, "1,234 orders, 1 differences: row:2\n")
    settings.PRICE_REPLAYERS = {"orders": "tests.test_run_commands.three_rows_one_bad"}
    with pytest.raises(TypeError):  # a replayer is given the date
        exit_code("replay_prices")


def test_demo_needs_demo():
    with pytest.raises(CommandError) as refused:
        run("demo")
    assert refused.value.returncode == 2


@pytest.mark.django_db
def test_demo_refuses_a_database_it_did_not_make(settings):
    settings.DEMO = True
    UserFactory()
    with pytest.raises(CommandError, match="did not make") as refused:
        run("demo")
    assert refused.value.returncode == 2
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_demo_marks_its_database_and_tells_the_same_twice(settings, tmp_path):
    settings.DEMO = True
    settings.DEMO_LOADERS = []
    path = tmp_path / "demo.json"
    path.touch(mode=0o644)
    run("demo", f"--json={path}")
    assert path.stat().st_mode & 0o777 == 0o600
    told = json.loads(path.read_text())
    assert json.loads(run("demo", "--json=-")) == told
    assert AuditEntry.objects.filter(action="demo.loaded").count() == 1
    people = {account["role"]: account for account in told["accounts"]}
    assert people["buyer"]["email"] == "buyer@demo.example.com"
    assert len({account["password"] for account in told["accounts"]}) == len(people)


@pytest.mark.django_db(transaction=True)
def test_backup_is_a_whole_copy_for_its_owner_alone(tmp_path):
    UserFactory(email="kept@example.com")
    path = tmp_path / "copy"
    run("backup", str(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(path)) as copy:
            rows = copy.execute("SELECT email FROM resellers_user").fetchall()
        assert rows == [("kept@example.com",)]
    else:
        listed = subprocess.run(
            [program("pg_restore") or "", "--list", path],
            capture_output=True,
            text=True,
            check=True,
        )
        assert "TABLE DATA public resellers_user" in listed.stdout
    with pytest.raises(CommandError, match="exists already"):
        run("backup", str(path))
