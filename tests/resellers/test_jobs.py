"""The outbox: once by key, leased, tried again, dead, never in each other's way."""

import datetime
import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from resellers import audit, clock, jobs
from resellers.actions import jobs as actions
from resellers.errors import Invalid, JobState
from resellers.models import AuditEntry, Job
from tests.factories.resellers import AT, JobFactory, UserFactory

pytestmark = pytest.mark.django_db
SECOND = datetime.timedelta(seconds=1)
RUNS: list[str] = []


def note_run(job):
    RUNS.append(job.key)
    return "ran"


def fail(job):
    RUNS.append(job.key)
    raise ConnectionError("nobody@example.com does not answer")


def refuse(job):
    raise jobs.PermanentFailure("unknown partner")


def refuse_by_smtp(job):
    raise smtplib.SMTPDataError(550, b"no such box")


def delay_by_smtp(job):
    raise smtplib.SMTPRecipientsRefused({"a@example.com": (421, b"later")})


def tick(now):
    RUNS.append(now.isoformat())


def build(*, address):
    message = EmailMessage("Subject", "Body", to=[address], from_email="a@example.com")
    return message if address else None


@pytest.fixture(autouse=True)
def _handlers(settings):
    RUNS.clear()
    here = "tests.resellers.test_jobs"
    settings.JOB_HANDLERS = {
        "good": f"{here}.note_run",
        "bad": f"{here}.fail",
        "batch": f"{here}.fail",
        "payout": f"{here}.fail",
        "refused": f"{here}.refuse",
        "smtp": f"{here}.refuse_by_smtp",
        "later": f"{here}.delay_by_smtp",
        "mail": "resellers.jobs.send_mail",
    }
    settings.MAIL_BUILDERS = {"hello": f"{here}.build"}
    settings.CLOCK_TASKS = {
        "tick": (f"{here}.tick", 60),
        "day": (f"{here}.tick", 86_400),
    }


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT):
        yield


def later(seconds):
    return clock.at(AT + seconds * SECOND)


def test_the_same_key_is_one_job():
    first = jobs.enqueue("good", "good:1", about="marketplace.order:1", order=1)
    assert jobs.enqueue("good", "good:1", order=2) == first
    assert Job.objects.get().payload == {"order": 1}


def test_a_payload_is_small():
    with pytest.raises(ValueError, match="8 KiB"):
        jobs.enqueue("good", "good:1", text="x" * 9000)


def test_a_job_runs_once_and_is_done():
    job = jobs.enqueue("good", "good:1", about="marketplace.order:1")
    assert jobs.work_once() == [jobs.Outcome("good:1", "done", "ran")]
    assert jobs.work_once() == []
    job.refresh_from_db()
    assert (job.state_word, job.attempts, job.leased_until) == ("sent", 1, None)
    assert job.finished_at == AT
    assert jobs.for_object("marketplace.order:1") == [job]


def test_a_job_of_tomorrow_waits():
    jobs.enqueue("good", "good:1", run_at=AT + SECOND)
    assert jobs.work_once() == []
    with later(1):
        assert len(jobs.work_once()) == 1


def test_only_one_worker_gets_it():
    job = jobs.enqueue("good", "good:1")
    assert jobs.claim(job.pk, "a") is not None
    assert jobs.claim(job.pk, "b") is None


def test_a_temporary_error_pauses_ten_seconds_doubling():
    jobs.enqueue("bad", "bad:1")
    assert jobs.work_once()[0].state == "ready"
    job = Job.objects.get()
    assert job.note == "ConnectionError"
    assert 8 * SECOND <= job.run_at - AT <= 12 * SECOND
    assert [jobs.pause(n).total_seconds() // 1 for n in (1, 2)] != []
    for attempts, seconds in [
        (1, 10),
        (2, 20),
        (5, 160),
        (9, 2560),
        (10, 3600),
        (30, 3600),
    ]:
        pause = jobs.pause(attempts) / SECOND
        assert 0.8 * seconds <= pause <= 1.2 * seconds


@pytest.mark.parametrize(("kind", "tries"), [("batch", 5), ("payout", 1), ("bad", 5)])
def test_attempts_are_used_up(kind, tries):
    jobs.enqueue(kind, f"{kind}:1")
    for number in range(tries):
        with later(10_000 * number):
            assert len(jobs.work_once()) == 1
    assert Job.objects.get().state == "dead"
    with later(10_000_000):
        assert jobs.work_once() == []


@pytest.mark.parametrize(
    ("kind", "state", "note"),
    [
        ("refused", "dead", "refused: unknown partner"),
        ("smtp", "dead", "SMTPDataError 550"),
        ("later", "ready", "SMTPRecipientsRefused"),
        ("unknown", "dead", "refused: no handler for unknown"),
    ],
)
def test_a_permanent_refusal_is_dead_at_once(kind, state, note):
    jobs.enqueue(kind, f"{kind}:1")
    assert jobs.work_once() == [jobs.Outcome(f"{kind}:1", state, note)]


def test_a_poison_job_stops_nobody():
    jobs.enqueue("refused", "poison:1")
    for number in range(25):
        jobs.enqueue("good", f"good:{number}")
    while jobs.work_once():
        pass
    assert Job.objects.filter(state="done").count() == 25
    assert Job.objects.filter(state="dead").count() == 1


def test_a_lease_that_ran_out_frees_the_job():
    job = jobs.enqueue("good", "good:1")
    slow: Any = jobs.claim(job.pk, "slow")
    with later(59):
        assert jobs.work_once() == []
    with later(61):
        assert jobs.work_once() == [jobs.Outcome("good:1", "done", "ran")]
        assert jobs.run_job(slow).note == "the lease ran out"
    job.refresh_from_db()
    assert (job.state, job.lapses, job.attempts) == ("done", 1, 2)


def test_a_long_job_renews_its_lease():
    job: Any = jobs.claim(jobs.enqueue("good", "good:1").pk, "slow")
    with later(50):
        assert jobs.renew(job)
    with later(100):
        assert jobs.free_lapsed() == 0
    with later(111):
        assert jobs.free_lapsed() == 1
        assert not jobs.renew(job)


def test_a_job_that_kills_five_processes_is_dead():
    job = jobs.enqueue("mail", "mail:hello:1:1")
    for number in range(1, 6):
        with later(100 * number):
            assert jobs.claim(job.pk, "doomed") is not None
        with later(100 * number + 61):
            jobs.free_lapsed()
    job.refresh_from_db()
    assert (job.state, job.lapses, job.note) == ("dead", 5, "its process died 5 times")


def test_the_request_id_goes_with_the_job(settings):
    token = audit.request_id.set("req-1")
    job = jobs.enqueue("good", "good:1")
    audit.request_id.reset(token)
    assert job.request_id == "req-1"


def test_a_mail_is_sent_under_an_id_made_from_its_key():
    jobs.enqueue("mail", "mail:hello:1:1", address="jane@example.com")
    jobs.enqueue("mail", "mail:hello:2:1", address="")
    outcomes = jobs.work_once()
    assert [each.note for each in outcomes] == ["j…@example.com", "nobody to tell"]
    (sent,) = mail.outbox
    Job.objects.filter(key="mail:hello:1:1").update(state="ready", finished_at=None)
    jobs.work_once()
    assert mail.outbox[1].extra_headers == sent.extra_headers
    assert sent.extra_headers["Message-ID"].endswith("@example.com>")


def test_the_clock_runs_each_slot_once():
    assert [each.state for each in jobs.run_clock()] == ["done", "done"]
    assert jobs.run_clock() == []
    missed = AT + 600 * SECOND
    assert [each.key for each in jobs.run_clock(missed)] == [
        f"clock:tick:{int(missed.timestamp()) // 60}"
    ]
    assert [AT.isoformat(), AT.isoformat(), missed.isoformat()] == RUNS
    assert jobs.last_runs() == {"tick": missed, "day": AT}


def test_workers_insert_a_slot_once():
    assert len(jobs.insert_slots()) == 2
    assert len(jobs.insert_slots()) == 2
    assert Job.objects.count() == 2


def test_staff_try_again_or_give_up():
    staff = UserFactory()
    job = JobFactory(state="dead", attempts=30)
    actions.try_again(job, actor=staff)
    assert (job.state, job.attempts) == ("ready", 0)
    with pytest.raises(JobState):
        actions.give_up(job, reason="Address is wrong", actor=staff)
    other = JobFactory(state="dead")
    with pytest.raises(Invalid):
        actions.give_up(other, reason=" ", actor=staff)
    actions.give_up(other, reason="Address is wrong", actor=staff)
    assert other.state_word == "given up"
    rows = AuditEntry.objects.order_by("id").values_list("action", "reason")
    assert list(rows) == [("job.retried", ""), ("job.given_up", "Address is wrong")]


def test_purge_keeps_the_dead_and_those_of_an_order():
    old = AT - datetime.timedelta(days=31)
    JobFactory(state="done", finished_at=old)
    kept = JobFactory(state="done", finished_at=old, about="marketplace.order:1")
    dead = JobFactory(state="dead")
    assert jobs.purge_done(AT - datetime.timedelta(days=30)) == 1
    assert set(Job.objects.all()) == {kept, dead}
