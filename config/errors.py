"""Refusals and failures of pages, in the words of `config.problems`.

The API's views answer for themselves (`config.api.errors`); whatever fails outside
them under `/api/` becomes problem details here, so that one prefix speaks one
language. The page is `templates/error.html`, which needs neither request nor database.
"""

import logging
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template import loader
from django.urls import Resolver404, resolve

from config import problems
from config.api.errors import ProblemResponse
from config.database_faults import is_deadlock
from config.frame import Frame
from config.problems import Problem
from config.request_log import request_id_of

log = logging.getLogger("consign.errors")

API_PREFIX = "/api/"
SERVER_ERROR = 500
PATH_CODES = {"unknown_reference", "out_of_range"}


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem as JSON under `/api/`, else as a page."""
    if request.path_info.startswith(API_PREFIX):
        return ProblemResponse(problem, request.path)
    html = loader.render_to_string(
        "error.html", {"problem": problem, "frame": Frame(request)}
    )
    return HttpResponse(html, status=problem.status, headers=dict(problem.headers))


def answer_to(request: HttpRequest, exc: BaseException) -> HttpResponse | None:
    """The answer for an exception, or None when nobody expected it."""
    problem = problems.problem_of(exc)
    if problem is None:
        return None
    match = request.resolver_match
    from_path = match is not None and bool(match.kwargs)
    if from_path and problem.code in PATH_CODES and request.method in {"GET", "HEAD"}:
        problem = problems.not_found()
    if problem.status >= SERVER_ERROR:
        log.error("%s: %s", problem.code, type(exc).__name__)
    return answer(request, problem)


class ErrorMiddleware:
    """Answers for exceptions of views and fills the empty refusals of Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.NOT_FOUND and (
            address := _without_slash(request)
        ):
            return HttpResponsePermanentRedirect(address)
        if _is_technical_404(request, response):
            return answer(request, problems.not_found())
        if (
            response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
            and not response.streaming
        ):
            return self.wrong_method(request, response)
        return response

    def wrong_method(
        self, request: HttpRequest, response: HttpResponse
    ) -> HttpResponse:
        allowed = [word.strip() for word in response.get("Allow", "").split(",")]
        return answer(request, problems.wrong_method(str(request.method), allowed))

    def process_exception(
        self, request: HttpRequest, exc: Exception
    ) -> HttpResponse | None:
        if is_deadlock(exc):
            log.warning("deadlock outlasted its retries")
        return answer_to(request, exc)


def _is_technical_404(request: HttpRequest, response: HttpResponse) -> bool:
    """Django's own page for developers (DEBUG), where a program expects a problem."""
    is_html = response.get("Content-Type", "").startswith("text/html")
    is_missing = response.status_code == HTTPStatus.NOT_FOUND
    return is_missing and is_html and request.path_info.startswith(API_PREFIX)


def _without_slash(request: HttpRequest) -> str:
    """The address that was meant, when a page was asked for with a slash at its end."""
    path = request.path_info
    if request.method not in {"GET", "HEAD"} or not path.endswith("/"):
        return ""
    if path.startswith((API_PREFIX, "//")):
        return ""
    meant = path.rstrip("/")
    try:
        resolve(meant)
    except Resolver404:
        return ""
    query = request.META.get("QUERY_STRING", "")
    return request.build_absolute_uri(f"{meant}?{query}" if query else meant)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return answer(request, problems.bad_input("The request cannot be read."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer_to(request, exception) or bad_request(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return answer(request, problems.not_found())


def server_error(request: HttpRequest, *_: Any) -> HttpResponse:
    """What nobody expected; or a database that went away between two middlewares."""
    exc = sys.exc_info()[1]
    expected = answer_to(request, exc) if exc is not None else None
    if expected is not None:
        return expected
    request_id = request.META.get("consign.request_id") or request_id_of(request)
    return answer(request, problems.internal_error(request_id))
