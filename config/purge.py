"""Tasks of the clock that remove what nobody needs any more."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from resellers import jobs

JOBS_KEPT = timedelta(days=30)


def purge_jobs(now: datetime) -> str:
    return f"{jobs.purge_done(now - JOBS_KEPT)} jobs"


def purge_sessions(now: datetime) -> str:
    deleted, _ = Session.objects.filter(expire_date__lt=now).delete()
    return f"{deleted} sessions"
