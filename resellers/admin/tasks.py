"""What the trunk waits for staff with: jobs that gave up by themselves."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.http import urlencode

from resellers.admin.job import MAIL_KIND, Work
from resellers.desk.tasks import StaffTask
from resellers.models import Job, JobState

PERMISSION = "resellers.view_job"


def dead_jobs(_now: datetime) -> Iterator[StaffTask]:
    """Mails that could not be delivered, and other work that failed for good."""
    mails, others = Q(kind=MAIL_KIND), ~Q(kind=MAIL_KIND)
    found = Job.objects.dead().aggregate(
        mails=Count("pk", filter=mails),
        oldest_mail=Min("created_at", filter=mails),
        others=Count("pk", filter=others),
        oldest_other=Min("created_at", filter=others),
    )
    yield StaffTask(
        label="Failed mails",
        count=found["mails"],
        url=dead_of("mail"),
        permission=PERMISSION,
        about="Not delivered after every try: try again or give up",
        moment=found["oldest_mail"],
    )
    yield StaffTask(
        label="Other failed jobs",
        count=found["others"],
        url=dead_of("other"),
        permission=PERMISSION,
        about="Work behind the pages that wants a decision",
        tone="overdue",
        moment=found["oldest_other"],
    )


def dead_of(work: str) -> str:
    page = reverse("admin:resellers_job_changelist")
    chosen = {"state__exact": JobState.DEAD.value, Work.parameter_name: work}
    return f"{page}?{urlencode(chosen)}"
