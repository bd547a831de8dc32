"""Who may read an answer again: the view says so, as it did the first time.

An answer may hold what its reader must no longer see: a member was removed, a role
taken away. So before a remembered answer is given, the view runs once more, up to the
first statement that would write or lock. Signing in, permission, role, tenancy and the
object are asked about before that line, nothing is done behind it. Views need not
declare anything, and pages and API are held alike.

The bytes themselves lie sealed, so that delivered access data does not stand in a
second table. Source: 8-api, "Idempotency"; 4-marketplace, section 4.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

from django.contrib.messages.storage import default_storage
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase

from config.errors import answer_to

DENIALS: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
HARMLESS: Final = {"SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "SET"}
LOCKS: Final = (" FOR UPDATE", " FOR NO KEY UPDATE")


class Admitted(BaseException):
    """The view let the caller in: what comes next would be its effect.

    No Exception, so that no view can take it for a failure of its own.
    """


def denial(
    request: HttpRequest, call: Callable[[], HttpResponseBase]
) -> HttpResponseBase | None:
    """The refusal that the view has for this caller today; None when it has none."""
    try:
        with transaction.atomic(), without_effect(), messages_unheard(request):
            response = call()
    except Admitted:
        return None
    except Exception as exc:
        refused = answer_to(request, exc)
        if refused is None:
            raise
        response = refused
    return response if response.status_code in DENIALS else None


@contextmanager
def without_effect() -> Iterator[None]:
    """Raise Admitted instead of executing what writes or locks."""

    def stop(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if would_act(sql):
            raise Admitted
        return execute(sql, params, many, context)

    with connection.execute_wrapper(stop):
        yield


def would_act(sql: str) -> bool:
    words = sql.split(maxsplit=1)
    if not words or words[0].upper() not in HARMLESS:
        return True
    return any(lock in sql for lock in LOCKS)


@contextmanager
def messages_unheard(request: HttpRequest) -> Iterator[None]:
    """Lose what the view wants to tell the person: the first answer told it."""
    attributes = vars(request)
    kept = attributes.get("_messages")
    if kept is None:
        yield
        return
    attributes["_messages"] = default_storage(request)
    try:
        yield
    finally:
        attributes["_messages"] = kept
