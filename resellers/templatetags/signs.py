"""Icons and states: a colour never stands without its word and its shape."""

from typing import Final

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

TONE_ICONS: Final = {
    "neutral": "circle",
    "info": "progress",
    "soon": "clock",
    "done": "check-circle",
    "overdue": "alert",
    "refused": "x-circle",
}


def icon_html(name: str, label: str = "") -> SafeString:
    """One sign of the sprite; without a label it is decoration and hidden."""
    href = f"{static('sprite.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>',
            label,
            href,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href
    )


def status_html(tone: str, word: str, icon: str = "") -> SafeString:
    """A pill: tone is neutral, info, soon, done, overdue or refused.

    The caller owns the vocabulary; the word says the state, the icon repeats the tone.
    Raises KeyError for an unknown tone.
    """
    return format_html(
        '<span class="status" data-tone="{}">{}{}</span>',
        tone,
        icon_html(icon or TONE_ICONS[tone]),
        word,
    )
