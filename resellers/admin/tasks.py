"""What the trunk waits for staff with.

Jobs that gave up by themselves, applications, and sales that nobody earned of yet.
Source: 5-resellers, section 9.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.http import urlencode

from resellers.admin.job import MAIL_KIND, Work
from resellers.desk.tasks import StaffTask
from resellers.models import Job, JobState, Outcome, Reseller, ResellerStatus, Sale

PERMISSION = "resellers.view_job"
PROFILES = "resellers.view_reseller"
SALES = "resellers.view_sale"
LONG_WAIT = timedelta(days=3)


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


def applicants(_now: datetime) -> Iterator[StaffTask]:
    """Profiles that earn nothing before somebody says yes."""
    rows = Reseller.objects.with_status(ResellerStatus.APPLICANT)
    found = rows.aggregate(count=Count("pk"), moment=Min("status_changed_at"))
    yield StaffTask(
        label="Applicants",
        count=found["count"],
        url=listed("reseller", status=ResellerStatus.APPLICANT.value),
        permission=PROFILES,
        about="Resellers to approve or to decline",
        tone="info",
        moment=found["moment"],
    )


def unanswered_sales(now: datetime) -> Iterator[StaffTask]:
    """Sales without a customer's reseller or a rate, and what waits for its sale."""
    long_ago = now - LONG_WAIT
    parts: dict[str, dict[str, Any]] = {
        "nobody": {"outcome": Outcome.NOT_ATTRIBUTED},
        "no_rate": {"outcome": Outcome.NO_RATE},
        "waiting": {"outcome": Outcome.WAITING, "received_at__lt": long_ago},
    }
    found = Sale.objects.unposted().aggregate(
        **{
            f"{name}_count": Count("pk", filter=Q(**part))
            for name, part in parts.items()
        },
        **{
            f"{name}_moment": Min("received_at", filter=Q(**part))
            for name, part in parts.items()
        },
    )

    def task(name: str, label: str, about: str, tone: str, **more: str) -> StaffTask:
        outcome = parts[name]["outcome"].value
        return StaffTask(
            label=label,
            count=found[f"{name}_count"],
            url=listed("sale", outcome__exact=outcome, **more),
            permission=SALES,
            about=about,
            tone=tone,
            moment=found[f"{name}_moment"],
        )

    yield task(
        "nobody",
        "Sales of nobody's customer",
        "Attribute the customer, then post them again",
        "soon",
    )
    yield task(
        "no_rate",
        "Sales without a rate",
        "Set a rate, then post them again",
        "overdue",
    )
    yield task(
        "waiting",
        "Refunds without their sale",
        "Waiting for more than three days: the sale never came",
        "soon",
        received_at__lt=long_ago.isoformat(),
    )


def listed(model: str, **chosen: str) -> str:
    page = reverse(f"admin:resellers_{model}_changelist")
    return f"{page}?{urlencode(chosen)}"
