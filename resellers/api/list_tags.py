"""Entity tags of the list of resellers: what is unchanged is told without reading it.

A tag has three words: of the content, of the question, and how far the trail had come
before the content was read. Every change writes its entry in its own transaction, so
while the trail stands still nothing has changed, rows and totals alike. When it has
gone on, the list is read, and the content decides. RFC 9110, 13.1.2.
"""

import hashlib
import re
from dataclasses import dataclass

from django.conf import settings
from rest_framework.request import Request

from resellers.models import AuditEntry

LATE_ENTRIES = 250
"""Ids are given before the commit: an entry may appear so far behind the newest."""

TAG = re.compile(r'"([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{16})"', re.ASCII)


@dataclass(frozen=True)
class Question:
    """A call for the list, and the trail before anything is read for it."""

    asked: str
    mark: str
    known: frozenset[tuple[str, str, str]]

    @classmethod
    def of(cls, request: Request) -> "Question":
        """One query."""
        ours = f"{settings.VERSION} {settings.PROGRAMME_CURRENCY}"
        words = f"{request.get_full_path()} {ours}"
        header = request.headers.get("If-None-Match", "")
        return cls(
            _digest(words.encode(), 8), trail_mark(), frozenset(TAG.findall(header))
        )

    @property
    def unchanged(self) -> str:
        """The tag that is known and still true, or ""."""
        for content, asked, mark in self.known:
            if (asked, mark) == (self.asked, self.mark):
                return self._tag(content)
        return ""

    def knows(self, body: bytes) -> bool:
        """Whether the caller has this very content, whatever else was changed."""
        content = _digest(body, 16)
        return any(known[:2] == (content, self.asked) for known in self.known)

    def tag(self, body: bytes) -> str:
        return self._tag(_digest(body, 16))

    def _tag(self, content: str) -> str:
        return f'"{content}-{self.asked}-{self.mark}"'


def trail_mark() -> str:
    """A word for the newest entries that are there by now."""
    ids = AuditEntry.objects.order_by("-id").values_list("id", flat=True)
    return _digest(repr(list(ids[:LATE_ENTRIES])).encode(), 8)


def _digest(words: bytes, size: int) -> str:
    return hashlib.blake2b(words, digest_size=size).hexdigest()
