"""`/healthz` and `/readyz`, for load balancers and whoever restarts processes.

They answer before host check, redirect and sessions. Source: 9-quality, section 1.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from config.board import DRAINING, board
from config.request_log import request_id_of

PATIENCE_SECONDS = 0.8


def trouble() -> str:
    """What keeps this process from serving: "", "database" or "migrations"."""
    try:
        connection.ensure_connection()
        if not connection.is_usable():
            return "database"
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return "database"
    finally:
        connection.close()
    return "migrations" if plan else ""


class Readiness:
    """Asks in a thread of its own, so that a silent database costs one second.

    Migrations are looked at until they are complete: from then on only a new process
    could need more of them.
    """

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(1, thread_name_prefix="readiness")
        self.asked: Future[str] | None = None

    def state(self) -> str:
        if board.read(DRAINING):
            return "draining"
        if self.asked is None or self.asked.done():
            self.asked = self.threads.submit(trouble)
        try:
            return self.asked.result(timeout=PATIENCE_SECONDS) or "ready"
        except TimeoutError:
            return "database"


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.readiness = Readiness()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info not in {"/healthz", "/readyz"}:
            return self.get_response(request)
        response = self.answer(request)
        response["X-Request-ID"] = request_id_of(request)
        response["Content-Length"] = str(len(response.content))
        response["Cache-Control"] = "no-store"
        return response

    def answer(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        if request.path_info == "/healthz":
            return JsonResponse({"status": "ok"})
        state = self.readiness.state()
        if state == "ready":
            return JsonResponse({"status": "ready", "database": connection.vendor})
        return JsonResponse({"status": state}, status=503)
