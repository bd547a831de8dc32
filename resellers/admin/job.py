"""The outbox: what waits, what was sent, what failed and wants a decision."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from resellers.actions import jobs
from resellers.desk.admins import DeskAdmin
from resellers.desk.deeds import Deed, asks
from resellers.desk.forms import ReasonForm
from resellers.models import Job, JobState

MAIL_KIND = "mail"


def is_dead(job: Job) -> bool:
    return job.state == JobState.DEAD


class Work(admin.SimpleListFilter):
    """Told apart without asking the table which kinds there are."""

    title = "work"
    parameter_name = "work"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[Any]:
        return [("mail", "Mails"), ("other", "Other work")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        if self.value() == "mail":
            return queryset.filter(kind=MAIL_KIND)
        if self.value() == "other":
            return queryset.exclude(kind=MAIL_KIND)
        return queryset


@admin.register(Job)
class JobAdmin(DeskAdmin[Job]):
    list_display = ["key", "kind", "state", "attempts", "run_at", "note", "finished_at"]
    list_filter = ["state", Work]
    search_fields = ["key", "=about"]
    search_help_text = "Part of the key, or the object such as marketplace.order:<id>"
    ordering = ["-id"]
    deeds = [
        Deed("retry", "Try again", jobs.try_again, is_dead, done="The job is queued."),
        Deed(
            "give-up",
            "Give up",
            jobs.give_up,
            is_dead,
            form=asks(ReasonForm),
            about="The job stays as it is, for good; nothing is sent.",
            done="The job was given up.",
            is_dangerous=True,
        ),
    ]
    actions = ["try_again"]

    @admin.action(description="Try the selected again", permissions=["deed"])
    def try_again(self, request: HttpRequest, rows: QuerySet[Job]) -> None:
        self.each_selected(request, rows, jobs.try_again, "Queued again")
