"""A file on its way: checked, confirmed, and what it left behind."""

from typing import Any

from django.apps import apps

from resellers import clock
from resellers.importing import running
from resellers.importing.outcomes import Options
from resellers.models import HeldUpload

REASON = "from the old system"
# Held files are the import's own.
TRACES = {"resellers.HeldUpload", "sessions.Session"}


def file_of(*rows: str) -> bytes:
    return "\r\n".join(rows).encode()


def report(content: bytes, actor: Any, kind: str = "resellers") -> list[dict[str, Any]]:
    """What the dry run says of each row."""
    options = Options(actor, REASON, clock.now())
    rows: list[dict[str, Any]] = running.check_file(kind, content, options).report[
        "rows"
    ]
    return rows


def states(content: bytes, actor: Any, kind: str = "resellers") -> list[str]:
    return [row["state"] for row in report(content, actor, kind)]


def errors(content: bytes, actor: Any, kind: str = "resellers") -> list[list[str]]:
    """Column and sentence of every error, in the order of the rows."""
    return [error for row in report(content, actor, kind) for error in row["errors"]]


def upload(
    content: bytes, actor: Any, kind: str = "resellers", **facts: Any
) -> HeldUpload:
    return running.upload(
        kind=kind,
        file_name="people.csv",
        content=content,
        actor=actor,
        **{"reason": REASON, **facts},
    )


def bring_in(
    content: bytes, actor: Any, kind: str = "resellers", **facts: Any
) -> HeldUpload:
    """Upload and confirm."""
    held = upload(content, actor, kind, **facts)
    return running.confirm(held, digest=held.digest, actor=actor)


def all_rows() -> dict[str, list[Any]]:
    """Every row of every table but the held files."""
    models: list[Any] = list(apps.get_models())
    return {
        model._meta.label: list(model._meta.default_manager.order_by("pk").values())
        for model in models
        if model._meta.label not in TRACES
    }
