"""Entity tags of single resources, and what `If-Match` asks for. RFC 9110, 13.1.1."""

import re
from collections.abc import Collection
from typing import Any

from django.db.models import Model

from resellers.models.versions import version_of

TAG = re.compile(r'(W/)?"([^"]*)"')


def entity_tag(row: Model) -> dict[str, str]:
    """The header that tells a row's version, for `Response(headers=…)`."""
    return {"ETag": f'"{version_of(row)}"'}


def wanted_versions(request: Any) -> Collection[str] | None:
    """The versions `If-Match` accepts; None when any will do. Weak tags never match."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    return [tag for weak, tag in TAG.findall(header) if not weak]
