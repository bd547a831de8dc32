"""What a refusal says: one table from exceptions to problems, for API and pages.

Source: 9-quality, section 3; RFC 9457. `problem_of` returns None for what nobody
expected: that is a 500, logged with its traceback, and tells the caller nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.db.utils import InternalError
from django.http import Http404
from rest_framework import exceptions as rest

from config import database_faults as faults
from resellers.errors import DomainError

NOT_FOUND = "Nothing is found at this address. Check it, or start from a list."


@dataclass(frozen=True)
class Fault:
    """One invalid value: its code, a sentence, and where it stood.

    The pointer is `#/field` in a body and `?name` in a query.
    """

    code: str
    detail: str
    pointer: str

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code, "detail": self.detail, "pointer": self.pointer}


@dataclass(frozen=True)
class Problem:
    """A refusal as RFC 9457 describes it, without the address it happened at."""

    status: int
    code: str
    title: str
    detail: str
    errors: tuple[Fault, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, instance: str) -> dict[str, Any]:
        """The JSON object; a refusal's own members never replace a standard one."""
        body: dict[str, Any] = {
            **self.extra,
            "type": f"/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            "instance": instance,
        }
        if self.errors:
            body["errors"] = [fault.as_dict() for fault in self.errors]
        return body


def not_found() -> Problem:
    """The one 404: the same bytes for a stranger's object and a missing one."""
    return Problem(404, "not_found", "Not found", NOT_FOUND)


def bad_input(detail: str) -> Problem:
    return Problem(400, "bad_input", "The request cannot be read", detail)


def too_large(detail: str) -> Problem:
    return Problem(413, "too_large", "The request is too large", detail)


def unsupported(detail: str) -> Problem:
    return Problem(415, "unsupported_media_type", "Unsupported media type", detail)


def wrong_method(method: str, allowed: list[str]) -> Problem:
    return Problem(
        405,
        "method_not_allowed",
        "Method not allowed",
        f"This address does not take {method}. It takes {', '.join(allowed)}.",
        headers={"Allow": ", ".join(allowed)},
    )


def internal_error(request_id: str) -> Problem:
    return Problem(
        500,
        "internal_error",
        "Something went wrong",
        "The fault is ours and has been noted. Give the request id when you ask.",
        extra={"request_id": request_id},
    )


def invalid(errors: tuple[Fault, ...]) -> Problem:
    """A 400 for values; its code is that of the errors when they agree."""
    codes = {error.code for error in errors}
    return Problem(
        400,
        codes.pop() if len(codes) == 1 else "invalid",
        "The request is not valid",
        " ".join(dict.fromkeys(error.detail for error in errors)),
        errors=errors,
    )


@singledispatch
def problem_of(exc: BaseException) -> Problem | None:
    """The problem an exception stands for, or None when nobody expected it."""
    del exc
    return None


@problem_of.register
def _(exc: DomainError) -> Problem:
    errors: tuple[Fault, ...] = ()
    detail = exc.detail or exc.title
    if exc.field:
        errors = (Fault(exc.code, detail, f"#/{exc.field}"),)
    headers = {}
    if retry_after := exc.extra.get("retry_after_seconds"):
        headers["Retry-After"] = str(retry_after)
    return Problem(
        exc.status, exc.code, exc.title, detail, errors, dict(exc.extra), headers
    )


@problem_of.register
def _(exc: Http404) -> Problem:
    del exc
    return not_found()


@problem_of.register
def _(exc: PermissionDenied) -> Problem:
    del exc
    return Problem(403, "permission_denied", "Not allowed", "You may not do this here.")


@problem_of.register
def _(exc: ValidationError) -> Problem:
    return invalid(tuple(_model_faults(exc)))


@problem_of.register
def _(exc: RequestDataTooBig) -> Problem:
    del exc
    return too_large("A request may carry at most 1 MiB.")


@problem_of.register(BadRequest)
@problem_of.register(SuspiciousOperation)
@problem_of.register(UnicodeEncodeError)
def _(exc: Exception) -> Problem:
    del exc
    return bad_input("The request holds something that cannot be read.")


@problem_of.register
def _(exc: IntegrityError) -> Problem | None:
    return _violation(faults.violation_of(exc))


@problem_of.register(DataError)
@problem_of.register(OverflowError)
def _(exc: Exception) -> Problem:
    del exc
    return Problem(
        400,
        "out_of_range",
        "A value is out of range",
        "A number or text is larger than it can be here.",
    )


@problem_of.register(OperationalError)
@problem_of.register(InterfaceError)
@problem_of.register(InternalError)
def _(exc: Exception) -> Problem | None:
    if faults.is_too_slow(exc):
        return Problem(
            503,
            "too_slow",
            "This took too long",
            "The answer took too long to find. Ask for less, or again in 5 seconds.",
            headers={"Retry-After": "5"},
        )
    if isinstance(exc, InternalError) and not faults.is_read_only(exc):
        return None
    return Problem(
        503,
        "database_unavailable",
        "The database is away",
        "Nothing was changed. Try again in a moment.",
        headers={"Retry-After": "1"},
    )


@problem_of.register
def _(exc: rest.APIException) -> Problem:
    return Problem(
        exc.status_code,
        str(exc.default_code),
        str(exc.default_detail).rstrip("."),
        _sentence(exc.detail),
    )


@problem_of.register
def _(exc: rest.ValidationError) -> Problem:
    return invalid(tuple(_serializer_faults(exc.detail, "#")))


@problem_of.register
def _(exc: rest.NotFound) -> Problem:
    del exc
    return not_found()


@problem_of.register(rest.NotAuthenticated)
@problem_of.register(rest.AuthenticationFailed)
def _(exc: rest.APIException) -> Problem:
    code = "not_authenticated"
    if isinstance(exc, rest.AuthenticationFailed):
        code = "bad_credentials"
    challenge = getattr(exc, "auth_header", "")
    headers = {"WWW-Authenticate": challenge} if challenge else {}
    return Problem(
        exc.status_code, code, "Sign in first", _sentence(exc.detail), headers=headers
    )


@problem_of.register
def _(exc: rest.PermissionDenied) -> Problem:
    code = getattr(exc.detail, "code", "permission_denied")
    return Problem(403, code, "Not allowed", _sentence(exc.detail))


@problem_of.register
def _(exc: rest.ParseError) -> Problem:
    return bad_input(_sentence(exc.detail))


@problem_of.register
def _(exc: rest.UnsupportedMediaType) -> Problem:
    return unsupported(_sentence(exc.detail))


def _violation(violation: faults.Violation | None) -> Problem | None:
    """The problem for a constraint that said no."""
    if violation is None:
        return None
    if violation.kind == "unique":
        return Problem(
            409, violation.code or "already_exists", "It exists already",
            violation.detail or "Something with the same key exists already.",
        )  # fmt: skip
    if violation.kind == "foreign_key":
        return Problem(
            400,
            "unknown_reference",
            "An unknown thing is named",
            "The request names something that does not exist.",
        )
    detail = violation.detail or "The values do not fit together."
    return invalid((Fault(violation.code or "invalid", detail, "#"),))


def _model_faults(exc: ValidationError) -> Iterator[Fault]:
    if not hasattr(exc, "error_dict"):
        for error in exc.error_list:
            yield Fault(error.code or "invalid", _message(error), "#")
        return
    for name, errors in exc.error_dict.items():
        pointer = "#" if name == "__all__" else f"#/{name}"
        for error in errors:
            yield Fault(error.code or "invalid", _message(error), pointer)


def _message(error: ValidationError) -> str:
    return " ".join(error.messages)


def _serializer_faults(detail: object, pointer: str) -> Iterator[Fault]:
    """Flatten the errors of a serializer, with a JSON pointer for each."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = pointer if name == "non_field_errors" else f"{pointer}/{name}"
            yield from _serializer_faults(inner, own)
    elif isinstance(detail, list):
        for inner in detail:
            yield from _serializer_faults(inner, pointer)
    else:
        yield Fault(getattr(detail, "code", "invalid"), str(detail), pointer)


def _sentence(detail: object) -> str:
    faults_found = list(_serializer_faults(detail, "#"))
    return " ".join(fault.detail for fault in faults_found)
