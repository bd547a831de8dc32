"""The outbox: work that waits for the commit, and the delivery log people see."""

from typing import ClassVar

from django.db import models

from resellers import clock
from resellers.models.conditions import length, one_of


class JobState(models.TextChoices):
    READY = "ready", "queued"
    RUNNING = "running", "queued"
    DONE = "done", "sent"
    DEAD = "dead", "failed"
    GIVEN_UP = "given_up", "given up"


MOVES: dict[JobState, frozenset[JobState]] = {
    JobState.RUNNING: frozenset({JobState.READY}),
    JobState.DONE: frozenset({JobState.RUNNING}),
    JobState.READY: frozenset({JobState.RUNNING, JobState.DEAD}),
    JobState.DEAD: frozenset({JobState.RUNNING}),
    JobState.GIVEN_UP: frozenset({JobState.DEAD}),
}
"""Each state and those it may be reached from."""


class JobQuerySet(models.QuerySet["Job"]):
    def of(self, about: str) -> "JobQuerySet":
        return self.filter(about=about)

    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=Job.UNFINISHED)

    def dead(self) -> "JobQuerySet":
        return self.filter(state=JobState.DEAD)


class Job(models.Model):
    """Written by `jobs.enqueue` in the business transaction, run after it commits.

    The payload holds ids only: no personal data, no secret. Moves by the worker
    (`jobs`) and by staff (`actions.jobs`). Source: 9-quality, section 5.
    """

    UNFINISHED: ClassVar[list[str]] = [JobState.READY, JobState.RUNNING]

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=50)
    key = models.CharField(max_length=200)
    about = models.CharField(max_length=100, blank=True, default="")
    payload = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    lapses = models.PositiveSmallIntegerField(
        default=0, help_text="How often the process died while it ran this"
    )
    run_at = models.DateTimeField(default=clock.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    leased_by = models.CharField(max_length=100, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="")
    request_id = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="job_key"),
            models.CheckConstraint(
                condition=one_of("state", JobState), name="job_state_known"
            ),
            models.CheckConstraint(
                condition=length("kind", 1, 50)
                & length("key", 1, 200)
                & length("about", 0, 100)
                & length("note", 0, 200),
                name="job_lengths",
            ),
            models.CheckConstraint(
                condition=models.Q(state="running", leased_until__isnull=False)
                | (~models.Q(state="running") & models.Q(leased_until__isnull=True)),
                name="job_running_has_lease",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=False)
                | ~models.Q(state__in=["done", "given_up"]),
                name="job_finished_has_time",
            ),
        ]
        indexes = [
            # the claim of a worker
            models.Index(
                fields=["state", "run_at"],
                name="job_claim",
                condition=models.Q(state__in=["ready", "running"]),
            ),
            # the mails on an order's page
            models.Index(fields=["about", "id"], name="job_about"),
            # dead jobs on the staff page
            models.Index(
                fields=["id"], name="job_dead", condition=models.Q(state="dead")
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def state_word(self) -> str:
        """What pages say: queued, sent, failed, given up."""
        return JobState(self.state).label
