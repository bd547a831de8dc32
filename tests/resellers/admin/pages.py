"""What the tests of staff's pages ask of a page."""

import html
from typing import Any

from django.test import Client
from django.utils.html import strip_tags

from resellers import audit
from resellers.models import AuditEntry
from tests.marketplace.admin.pages import form_of, sentences, url

__all__ = [
    "fields",
    "form_of",
    "labels",
    "last_entry",
    "listed",
    "sentences",
    "url",
    "words",
]

WHY = {"reason": "Agreed by phone"}


def labels(browser: Client, row: Any) -> list[str]:
    """The buttons of a row's page."""
    page = browser.get(url(row, "change"))
    return [button.label for button in page.context["buttons"]]


def listed(browser: Client, model: Any, **query: str) -> list[Any]:
    """The rows of a list."""
    page = browser.get(url(model, "changelist"), query)
    return list(page.context["cl"].result_list)


def words(page: Any) -> str:
    """The text of a page on one line, without tags."""
    return " ".join(html.unescape(strip_tags(page.content.decode())).split())


def last_entry(kind: str, ref: object) -> AuditEntry:
    """The newest of an object's trail."""
    entry: AuditEntry = audit.entries(f"resellers.{kind}", str(ref)).latest("id")
    return entry


def fields(told: Any) -> list[str]:
    """The names on one side of an entry."""
    return sorted(told)
