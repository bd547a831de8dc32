"""One log line for each request, and the request id every answer carries.

Never logged: query strings, bodies, cookies, authorization. The route is the pattern,
not the path. Source: 9-quality, section 1, "Logs".
"""

import re
import time
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.http import HttpRequest, HttpResponse

from config.client import client_address
from resellers import audit

log = structlog.get_logger("consign.request")
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


def request_id_of(request: HttpRequest) -> str:
    """The caller's X-Request-ID where it is well formed, else a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if REQUEST_ID.fullmatch(given) else str(uuid.uuid4())


class QueryMeter:
    """Counts the queries of one request and the time they took."""

    def __init__(self) -> None:
        self.queries = 0
        self.seconds = 0.0

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,
        many: Any,
        context: Any,
    ) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.queries += 1
            self.seconds += time.perf_counter() - started


def principal_of(request: HttpRequest) -> str:
    """Who asked, as far as it is known already: logging never queries."""
    key = getattr(request, "auth", None)
    if key is not None:
        return f"{key.principal_kind}:{key.principal_ref or key.user_id}"
    session = getattr(request, "session", None)
    if session is not None and session.accessed and SESSION_KEY in session:
        return f"user:{session[SESSION_KEY]}"
    return ""


class RequestLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request_id_of(request)
        token = audit.request_id.set(request_id)
        started = time.perf_counter()
        meter = QueryMeter()
        with (
            structlog.contextvars.bound_contextvars(request_id=request_id),
            connection.execute_wrapper(meter),
        ):
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            seconds = time.perf_counter() - started
            self.write(request, response, seconds=seconds, meter=meter)
        audit.request_id.reset(token)
        return response

    def write(
        self,
        request: HttpRequest,
        response: HttpResponse,
        *,
        seconds: float,
        meter: QueryMeter,
    ) -> None:
        match = request.resolver_match
        key = getattr(request, "auth", None)
        level = (
            "error"
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
            else "info"
        )
        getattr(log, level)(
            "request",
            method=request.method,
            route=match.route if match else "",
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            db_ms=round(meter.seconds * 1000, 1),
            queries=meter.queries,
            principal=principal_of(request),
            key_prefix=key.prefix if key is not None else "",
            ip=client_address(request),
        )
