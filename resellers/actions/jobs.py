"""Dead jobs in the hands of staff."""

from datetime import datetime

from django.db import transaction

from resellers import clock
from resellers.audit import record
from resellers.errors import Invalid
from resellers.errors import JobState as JobStateRefused
from resellers.models import Actor, Job, JobState
from resellers.models.job import MOVES


@transaction.atomic
def try_again(job: Job, *, actor: Actor) -> Job:
    """Put a dead job back in the queue with a fresh count of attempts."""
    return _move(
        job, JobState.READY, "job.retried", actor, attempts=0, lapses=0, run_at=_now()
    )


@transaction.atomic
def give_up(job: Job, *, reason: str, actor: Actor) -> Job:
    """Leave a dead job for good, and say why."""
    if not reason.strip():
        raise Invalid("Say why this is given up.", field="reason")
    return _move(
        job, JobState.GIVEN_UP, "job.given_up", actor, reason, finished_at=_now()
    )


def _now() -> datetime:
    return clock.now()


def _move(
    job: Job, to: JobState, action: str, actor: Actor, reason: str = "", **facts: object
) -> Job:
    allowed = MOVES[to] & {JobState.DEAD}
    moved = Job.objects.filter(pk=job.pk, state__in=allowed).update(state=to, **facts)
    before = job.state
    job.refresh_from_db()
    if not moved:
        raise JobStateRefused(f"The job is {job.state_word}.", state=job.state)
    record(
        actor,
        action,
        job,
        before={"state": before},
        after={"state": job.state},
        reason=reason,
    )
    return job
