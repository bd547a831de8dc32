"""Days as books write them: the date in full, what it is from today one hover away."""

from datetime import UTC, datetime, tzinfo

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from resellers.templatetags.moments import exact, relative_words


def day(at: datetime, zone: tzinfo = UTC) -> str:
    """'30 Jun 2026'."""
    return date_format(at.astimezone(zone), "j M Y")


def day_html(at: datetime, present: datetime, zone: tzinfo = UTC) -> SafeString:
    """The day in a `<time>`; its tooltip has the moment and the distance."""
    words = relative_words(at, present)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.astimezone(UTC).isoformat(timespec="seconds"),
        exact(at) if words == day(at) else f"{exact(at)}, {words}",
        day(at, zone),
    )
