"""Answering with a page of the portal, or with the one part of it that htmx swaps."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse

from resellers.presentation.portal.banner import banner_of
from resellers.tables import Cell, csv_lines
from resellers.views.access import ResellerRequest


def portal_page(
    request: ResellerRequest,
    template: str,
    facts: dict[str, Any],
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the whole page with its banner, or `template#part` where htmx asked.

    htmx asks for whole pages again when it restores history.
    """
    is_part = part and request.htmx and not request.htmx.history_restore_request
    name = f"{template}#{part}" if is_part else template
    known = {"reseller": request.reseller, "banner": banner_of(request.reseller)}
    return render(request, name, {**known, **facts}, status=status)


def csv_file(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> StreamingHttpResponse:
    """A table as a file to save."""
    return StreamingHttpResponse(
        csv_lines(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def crumb(label: str, name: str) -> dict[str, str]:
    """A step above the page's title."""
    return {"label": label, "url": reverse(f"resellers:{name}")}
