"""Times as people say them, with the exact moment one hover away.

A number that grows by itself (a countdown) is written once by the server and ticked
by `static/js/countdown.js` in the same words.
"""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

SOON = timedelta(hours=4)
MINUTE, HOUR, DAY = 60, 3600, 86_400
FAR_DAYS = 30


def now() -> datetime:
    return timezone.now()


def exact(at: datetime) -> str:
    """'21 Nov 2026, 14:45 UTC'."""
    return f"{date_format(at.astimezone(UTC), 'j M Y, H:i')} UTC"


def span_words(seconds: int) -> str:
    """'2 days 3 h', '3 h 12 min', '5 min': two units at most, rounded down."""
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    if days:
        unit = "day" if days == 1 else "days"
        return (
            f"{days} {unit} {hours} h"
            if hours and days < FAR_DAYS
            else (f"{days} {unit}")
        )
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{max(minutes, 1)} min"


def relative_words(at: datetime, present: datetime) -> str:
    """'just now', '5 min ago', 'in 3 h', '2 days ago', or the date when far."""
    seconds = int((at - present).total_seconds())
    size = abs(seconds)
    if size < MINUTE:
        return "just now"
    if size >= FAR_DAYS * DAY:
        return date_format(at.astimezone(UTC), "j M Y")
    if size < HOUR:
        words = f"{size // MINUTE} min"
    elif size < DAY:
        words = f"{size // HOUR} h"
    else:
        days = size // DAY
        words = "1 day" if days == 1 else f"{days} days"
    return f"in {words}" if seconds > 0 else f"{words} ago"


def time_html(at: datetime | None, present: datetime | None = None) -> SafeString:
    """Relative words in a `<time>` whose tooltip is exact; N/A without a moment."""
    if at is None:
        return format_html('<span class="none">{}</span>', "N/A")
    return format_html(
        '<time datetime="{}" title="{}" data-relative>{}</time>',
        at.astimezone(UTC).isoformat(timespec="seconds"),
        exact(at),
        relative_words(at, present or now()),
    )


def countdown_state(deadline: datetime, present: datetime, soon: timedelta) -> str:
    """open, soon (amber) or overdue (red): the deadline itself is overdue."""
    if deadline <= present:
        return "overdue"
    return "soon" if deadline - present <= soon else "open"


def countdown_html(
    deadline: datetime | None,
    present: datetime | None = None,
    soon_seconds: int = int(SOON.total_seconds()),
) -> SafeString:
    """'3 h 12 min left' or 'overdue by 5 min'; amber from soon_seconds before."""
    if deadline is None:
        return format_html('<span class="none">{}</span>', "no deadline")
    present = present or now()
    state = countdown_state(deadline, present, timedelta(seconds=soon_seconds))
    span = span_words(abs(int((deadline - present).total_seconds())))
    words = f"overdue by {span}" if state == "overdue" else f"{span} left"
    return format_html(
        '<time class="countdown" datetime="{}" title="{}" data-countdown '
        'data-soon-seconds="{}" data-state="{}">{}</time>',
        deadline.astimezone(UTC).isoformat(timespec="seconds"),
        exact(deadline),
        soon_seconds,
        state,
        words,
    )
