"""What the trunk waits for staff with: jobs that gave up by themselves."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.http import urlencode

from resellers.desk.tasks import StaffTask
from resellers.models import Job, JobState

PERMISSION = "resellers.view_job"
MAIL = "mail"


def dead_jobs(_now: datetime) -> Iterator[StaffTask]:
    """Mails that could not be delivered, and other work that failed for good."""
    mails, others = Q(kind=MAIL), ~Q(kind=MAIL)
    found = Job.objects.dead().aggregate(
        mails=Count("pk", filter=mails),
        oldest_mail=Min("created_at", filter=mails),
        others=Count("pk", filter=others),
        oldest_other=Min("created_at", filter=others),
    )
    page = reverse("admin:resellers_job_changelist")
    dead = {"state__exact": JobState.DEAD.value}
    yield StaffTask(
        label="Failed mails",
        count=found["mails"],
        url=f"{page}?{urlencode({**dead, 'kind__exact': MAIL})}",
        permission=PERMISSION,
        about="Not delivered after every try: try again or give up",
        moment=found["oldest_mail"],
    )
    yield StaffTask(
        label="Other failed jobs",
        count=found["others"],
        url=f"{page}?{urlencode(dead)}",
        permission=PERMISSION,
        about="Work behind the pages that wants a decision",
        tone="overdue",
        moment=found["oldest_other"],
    )
