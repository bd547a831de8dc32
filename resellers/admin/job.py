"""The outbox: what waits, what was sent, what failed and wants a decision."""

from django.contrib import admin

from resellers.actions import jobs
from resellers.admin.deeds import Deed, DeedAdmin
from resellers.models import Job, JobState


def is_dead(job: Job) -> bool:
    return job.state == JobState.DEAD


@admin.register(Job)
class JobAdmin(DeedAdmin[Job]):
    list_display = ["key", "kind", "state", "attempts", "run_at", "note", "finished_at"]
    list_filter = ["state", "kind"]
    search_fields = ["key", "=about"]
    search_help_text = "Part of the key, or the object such as marketplace.order:<id>"
    ordering = ["-id"]
    deeds = [
        Deed("retry", "Try again", jobs.try_again, is_dead),
        Deed("give-up", "Give up", jobs.give_up, is_dead, reason=True),
    ]
