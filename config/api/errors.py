"""The exception handler of the API: every refusal as problem details.

Source: 8-api, "Errors are problem details"; the table is `config.problems`.
"""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse

from config.database_faults import is_deadlock
from config.problems import Problem, not_found, problem_of

PATH_CODES = {"unknown_reference", "out_of_range"}


class ProblemResponse(HttpResponse):
    """A problem as `application/problem+json`, whatever renderer the view has."""

    def __init__(self, problem: Problem, instance: str) -> None:
        super().__init__(
            json.dumps(
                problem.body(instance),
                cls=DjangoJSONEncoder,
                ensure_ascii=False,
                separators=(",", ":"),
            ),
            status=problem.status,
            content_type="application/problem+json",
            headers=dict(problem.headers),
        )


def exception_handler(
    exc: Exception, context: dict[str, Any]
) -> ProblemResponse | None:
    """Answer for an exception of an API view; None lets it rise.

    A deadlock rises, too: the outermost transaction runs again
    (`config.api.idempotency`).
    """
    if is_deadlock(exc):
        return None
    request: HttpRequest = context["request"]
    problem = problem_of(exc)
    if problem is None:
        return None
    return ProblemResponse(placed(problem, request, context["kwargs"]), request.path)


def placed(
    problem: Problem, request: HttpRequest, path_values: dict[str, Any]
) -> Problem:
    """Move a problem to where its value stood: the path (404) or the query."""
    if request.method not in {"GET", "HEAD"}:
        return problem
    if path_values and problem.code in PATH_CODES:
        return not_found()
    if not problem.errors:
        return problem
    from_query = tuple(
        type(fault)(fault.code, fault.detail, fault.pointer.replace("#/", "?"))
        for fault in problem.errors
    )
    return Problem(
        problem.status, problem.code, problem.title, problem.detail, from_query
    )
