"""Answering with a page, or with the one part of it that htmx swaps."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def render_part(
    request: HttpRequest,
    template: str,
    part: str,
    facts: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render the whole page, or `template#part` where htmx asked.

    htmx asks for whole pages again when it restores history.
    """
    htmx = getattr(request, "htmx", None)
    name = (
        f"{template}#{part}" if htmx and not htmx.history_restore_request else template
    )
    return render(request, name, facts, status=status)
