"""The outbox: jobs written in the business transaction, run after it commits.

At least once, one effect: a handler makes its effect idempotent (mail by Message-ID).
No transaction is open while a handler runs, and one failing job never stops another.

Settings: JOB_HANDLERS (kind to dotted name of `handler(job) -> note or None`),
CLOCK_TASKS (task to (dotted name of `task(now)`, seconds between slots)),
MAIL_BUILDERS (mail kind to dotted name of `builder(**payload) -> message or None`).
Source: 9-quality, section 5.
"""

import hashlib
import json
import secrets
import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from resellers import audit, clock, pg
from resellers.models import Job, JobState

LEASE = timedelta(seconds=60)
FIRST_PAUSE_SECONDS = 10
LONGEST_PAUSE_SECONDS = 3600
JITTER_PERCENT = 20
MAX_LAPSES = 5
MAX_ATTEMPTS = {"mail": 30, "stripe_event": 8, "batch": 5, "payout": 1, "refund": 1}
DEFAULT_ATTEMPTS = 5
PAYLOAD_LIMIT_BYTES = 8 * 1024
SMTP_PERMANENT = 500
CLOCK_KIND = "clock"

Handler = Callable[[Job], str | None]

_RANDOM = secrets.SystemRandom()


class PermanentFailure(Exception):
    """Raised by a handler when trying again cannot help: the job is dead at once."""


@dataclass(frozen=True)
class Outcome:
    """What became of one job; state is ready again after a temporary error."""

    key: str
    state: str
    note: str


def enqueue(
    kind: str, key: str, *, about: str = "", run_at: datetime | None = None, **ids: Any
) -> Job:
    """Write a job; the key makes it one, so that writing it twice is writing it once.

    `ids` are the handler's facts: ids only, no personal data, no secret.
    """
    payload = {name: _plain(value) for name, value in ids.items()}
    if len(json.dumps(payload).encode()) > PAYLOAD_LIMIT_BYTES:
        raise ValueError(f"the payload of {key} is larger than 8 KiB")
    facts = {
        "kind": kind,
        "about": about,
        "payload": payload,
        "run_at": run_at or clock.now(),
        "request_id": audit.request_id.get(),
    }
    job, _ = Job.objects.get_or_create(key=key, defaults=facts)
    return job


def for_object(about: str) -> list[Job]:
    """The jobs an object's page lists, oldest first; `state_word`, `note`, times."""
    return list(Job.objects.of(about).order_by("id"))


def work_once(limit: int = 10, worker_id: str = "worker") -> list[Outcome]:
    """Free what lapsed, then claim and run up to `limit` due jobs, one by one."""
    free_lapsed()
    due = Job.objects.filter(state=JobState.READY, run_at__lte=pg.db_now())
    outcomes = []
    for pk in list(due.order_by("run_at", "id").values_list("pk", flat=True)[:limit]):
        job = claim(pk, worker_id)
        if job is not None:
            outcomes.append(run_job(job))
    return outcomes


def claim(pk: int, worker_id: str) -> Job | None:
    """Lease one due job to this worker; None when another was faster."""
    at = pg.db_now()
    due = Job.objects.filter(pk=pk, state=JobState.READY, run_at__lte=at)
    with transaction.atomic():
        if not pg.skip_locked(due.order_by("pk")).exists():
            return None
        moved = due.update(
            state=JobState.RUNNING,
            attempts=F("attempts") + 1,
            leased_until=at + LEASE,
            leased_by=worker_id,
        )
        return Job.objects.get(pk=pk) if moved else None


def renew(job: Job, lease: timedelta = LEASE) -> bool:
    """Lengthen the lease of a long job; False when it belongs to another by now.

    One that writes in a single transaction cannot renew within it, and asks for more.
    """
    return bool(_own(job).update(leased_until=pg.db_now() + lease))


def free_lapsed() -> int:
    """Give jobs back whose process died; one that kills five processes is dead."""
    at = pg.db_now()
    lapsed = Job.objects.filter(state=JobState.RUNNING, leased_until__lt=at)
    freed = {"leased_until": None, "leased_by": "", "lapses": F("lapses") + 1}
    dead = lapsed.filter(lapses__gte=MAX_LAPSES - 1).update(
        state=JobState.DEAD, note="its process died 5 times", **freed
    )
    ready = lapsed.update(
        state=JobState.READY, run_at=at, note="its process died", **freed
    )
    return dead + ready


def run_job(job: Job) -> Outcome:
    """Run a claimed job's handler and write down what became of it."""
    token = audit.request_id.set(job.request_id)
    try:
        note = _handler(job.kind)(job)
    except PermanentFailure as failure:
        return _fail(job, failure, permanent=True)
    except Exception as failure:  # noqa: BLE001 -- one failing job never stops another
        return _fail(job, failure, permanent=_is_permanent(failure))
    finally:
        audit.request_id.reset(token)
    return _close(job, JobState.DONE, note or "", finished_at=pg.db_now())


def run_clock(now: datetime | None = None) -> list[Outcome]:
    """Run inline what the clock owes now, or would owe at another time.

    A slot that has run is not run again.
    """
    with clock.at(now or pg.db_now()):
        claims = (claim(job.pk, "run_clock") for job in insert_slots())
        return [run_job(job) for job in claims if job is not None]


def insert_slots() -> list[Job]:
    """One job per clock task and slot; any number of workers may do so.

    A missed slot is not made up for: the task of the present slot does its work.
    Only the jobs that still wait are answered.
    """
    at = pg.db_now()
    slots = {
        f"{CLOCK_KIND}:{task}:{int(at.timestamp()) // seconds}": task
        for task, (_, seconds) in settings.CLOCK_TASKS.items()
    }
    there = set(
        Job.objects.filter(key__in=slots).values_list("key", flat=True),
    )
    for key, task in slots.items():
        if key not in there:
            enqueue(CLOCK_KIND, key, run_at=at, task=task, at=at)
    return list(Job.objects.filter(key__in=slots, state=JobState.READY).order_by("id"))


def last_runs() -> dict[str, datetime | None]:
    """When each clock task last ended well; None: never."""
    done = Job.objects.filter(kind=CLOCK_KIND, state=JobState.DONE)
    return {
        task: done.filter(key__startswith=f"{CLOCK_KIND}:{task}:")
        .order_by("-finished_at")
        .values_list("finished_at", flat=True)
        .first()
        for task in settings.CLOCK_TASKS
    }


def run_task(job: Job) -> str | None:
    """Handler of kind `clock`: call the task with its slot's time."""
    dotted, _ = settings.CLOCK_TASKS[job.payload["task"]]
    done = import_string(dotted)(datetime.fromisoformat(job.payload["at"]))
    return None if done is None else str(done)[:200]


def send_mail(job: Job) -> str | None:
    """Handler of kind `mail`: build the message as things are now, and send it.

    The Message-ID is made from the key: sent twice, it is the same mail. A refusal
    with an SMTP code from 500 on is permanent.
    """
    mail_kind = job.key.split(":")[1]
    message: EmailMessage | None = import_string(settings.MAIL_BUILDERS[mail_kind])(
        **job.payload
    )
    if message is None or not message.recipients():
        return "nobody to tell"
    digest = hashlib.sha256(job.key.encode()).hexdigest()[:32]
    domain = message.from_email.rpartition("@")[2].strip("> ")
    message.extra_headers["Message-ID"] = f"<{digest}@{domain}>"
    message.send()
    return ", ".join(audit.mask_email(to) for to in message.recipients())[:200]


def compose(app: str, kind: str, *, to: str | list[str], **facts: Any) -> EmailMessage:
    """Plain text of `templates/<app>/mail/<kind>.txt`; its first line is the subject."""
    text = render_to_string(f"{app}/mail/{kind}.txt", facts)
    subject, _, body = text.strip().partition("\n")
    recipients = [to] if isinstance(to, str) else to
    return EmailMessage(subject.strip(), body.strip() + "\n", to=recipients)


def purge_done(before: datetime) -> int:
    """Remove done jobs of no object; dead ones and those of an order stay."""
    old = Job.objects.filter(state=JobState.DONE, about="", finished_at__lt=before)
    return old.delete()[0]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value if isinstance(value, str | int | bool | None) else str(value)


def _handler(kind: str) -> Handler:
    if kind == CLOCK_KIND:
        return run_task
    if kind not in settings.JOB_HANDLERS:
        raise PermanentFailure(f"no handler for {kind}")
    handler: Handler = import_string(settings.JOB_HANDLERS[kind])
    return handler


def _own(job: Job) -> Any:
    """The row while the lease is still this claim's own."""
    return Job.objects.filter(
        Q(pk=job.pk, state=JobState.RUNNING),
        leased_by=job.leased_by,
        attempts=job.attempts,
    )


def _close(job: Job, state: JobState, note: str, **facts: Any) -> Outcome:
    moved = _own(job).update(
        state=state, note=note[:200], leased_until=None, leased_by="", **facts
    )
    if not moved:
        return Outcome(job.key, JobState.RUNNING, "the lease ran out")
    return Outcome(job.key, state, note[:200])


def _fail(job: Job, failure: BaseException, *, permanent: bool) -> Outcome:
    note = _words(failure)
    used_up = job.attempts >= MAX_ATTEMPTS.get(job.kind, DEFAULT_ATTEMPTS)
    if permanent or used_up:
        return _close(job, JobState.DEAD, note)
    return _close(job, JobState.READY, note, run_at=pg.db_now() + pause(job.attempts))


def pause(attempts: int) -> timedelta:
    """10 s, doubling to 1 h, and a fifth more or less."""
    seconds = FIRST_PAUSE_SECONDS * 2 ** min(attempts - 1, 20)
    seconds = min(seconds, LONGEST_PAUSE_SECONDS)
    spread = seconds * 1000 * JITTER_PERCENT // 100
    return timedelta(milliseconds=seconds * 1000 + _RANDOM.randint(-spread, spread))


def _words(failure: BaseException) -> str:
    """Class and code of an error; its text may hold personal data."""
    code = getattr(failure, "smtp_code", None) or getattr(failure, "code", None)
    if isinstance(failure, PermanentFailure):
        return f"refused: {failure}"
    return type(failure).__name__ + (f" {code}" if code else "")


def _is_permanent(failure: BaseException) -> bool:
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        return all(code >= SMTP_PERMANENT for code, _ in failure.recipients.values())
    with suppress(TypeError, ValueError):
        return int(getattr(failure, "smtp_code", 0)) >= SMTP_PERMANENT
    return False
