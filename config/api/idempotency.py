"""One key, one effect: a POST sent twice is done once and answered twice.

Key row, effect and job rows commit in one transaction. A twin waits at the unique
key until the first commits (PostgreSQL: as long as lock_timeout; SQLite: at the
write lock), then gets the same answer. Source: 8-api, "Idempotency"; 9-quality, 4.5.

API calls name the key in `Idempotency-Key`, forms in a hidden `idempotency_key`
(`{% idempotency_key %}`). A refused form is never remembered: it is sent again,
corrected. Innermost middleware, since it calls the view: also where a transaction
that ended in a deadlock runs again.

The first answer is given again byte for byte, to whom the view would still let in
(`config.api.replay`); it lies sealed until then.
"""

import hashlib
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from rest_framework.exceptions import APIException

from config.api.authentication import BrowserSession, identify
from config.api.replay import denial
from config.database_faults import is_deadlock, is_lock_timeout
from config.errors import API_PREFIX, SERVER_ERROR, answer_to
from config.models import IdempotentCall
from config.signin.sealing import SealBroken, seal_bytes, unseal_bytes
from resellers.errors import DomainError
from resellers.models import User

KEPT: Final = timedelta(hours=48)
KEY_FIELD: Final = "idempotency_key"
KEY = re.compile(r"[\x21-\x7e]{1,255}")
PATH = re.compile(r"[\x21-\x7e]{1,1000}")
NEVER_REMEMBERED: Final = {401, 409, 429}
REFUSED: Final = 400
RUNS: Final = 3
PAUSE_SECONDS: Final = 0.02
NOT_THE_BODY: Final = {KEY_FIELD, "csrfmiddlewaretoken"}
# A try must stay counted when its form is refused, and no answer here is kept.
SIGN_IN_PREFIX: Final = "/account/"

View = Callable[..., HttpResponseBase]
Call = Callable[[], HttpResponseBase]


class InvalidIdempotencyKey(DomainError):
    code = "invalid_idempotency_key"
    status = 400
    title = "The idempotency key must be 1 to 255 visible ASCII characters"


class IdempotencyKeyReused(DomainError):
    code = "idempotency_key_reused"
    status = 422
    title = "This key was used for another request; take a new one for this"


class InProgress(DomainError):
    code = "in_progress"
    status = 409
    title = "The first request with this key is still running"

    def __init__(self) -> None:
        super().__init__(retry_after_seconds=1)


class AnswerUnreadable(DomainError):
    code = "answer_unreadable"
    title = "This was done; its answer was sealed with a key that is gone"


class Answered(Exception):
    """Leaves an atomic block, so that it rolls back, with the answer to give."""

    def __init__(self, response: HttpResponseBase) -> None:
        self.response = response


class KeyTaken(Exception):
    """Somebody answered a request with this key before."""


class Idempotency:
    """Middleware: innermost of all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return None

        def call() -> HttpResponseBase:
            return view(request, *args, **kwargs)

        try:
            claim = claim_of(request)
            if claim is None:
                return run(call)
            return run(lambda: once(claim, request, call))
        except Exception as exc:
            expected = answer_to(request, exc)
            if expected is None:
                raise
            return expected


def claim_of(request: HttpRequest) -> IdempotentCall | None:
    """The row that claims the key of a request, not yet saved; None without a key.

    Callers without a name (their POST is a 401, or a sign-in) have no keys. Raises
    InvalidIdempotencyKey.
    """
    if request.method != "POST" or not PATH.fullmatch(request.path):
        return None
    if request.path_info.startswith(SIGN_IN_PREFIX):
        return None
    given = _header_key(request) if _is_api(request) else request.POST.get(KEY_FIELD)
    if not given:
        return None
    principal = _principal(request)
    if not principal:
        return None
    if not KEY.fullmatch(given):
        raise InvalidIdempotencyKey
    return IdempotentCall(
        principal=principal,
        method="POST",
        path=request.path,
        key=given,
        fingerprint=_fingerprint(request),
        created_at=timezone.now(),
    )


def run(call: Call) -> HttpResponseBase:
    """Call, and again when a deadlock ended the outermost transaction."""
    for attempt in range(1, RUNS + 1):
        try:
            return call()
        except OperationalError as exc:
            is_last = attempt == RUNS or connection.in_atomic_block
            if is_last or not is_deadlock(exc):
                raise
            time.sleep(PAUSE_SECONDS * attempt)
    raise AssertionError  # pragma: no cover -- the last attempt returns or raises


def once(claim: IdempotentCall, request: HttpRequest, call: Call) -> HttpResponseBase:
    """Make the effect and remember the answer, or give the remembered one.

    Raises InProgress, IdempotencyKeyReused, AnswerUnreadable.
    """
    try:
        with transaction.atomic():
            _save(claim)
            response = _effect(call)
            if _is_forgotten(response, is_page=not _is_api(request)):
                raise Answered(response)
            _remember(claim, response)
            return response
    except Answered as answered:
        return answered.response
    except KeyTaken:
        first = _first_call(claim)
        refused = denial(request, call) if _is_accepted(first) else None
        return refused or _replay(first)


def _save(claim: IdempotentCall) -> None:
    claim.pk = None
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError as exc:
        raise KeyTaken from exc
    except OperationalError as exc:
        if is_lock_timeout(exc):
            raise InProgress from exc
        raise


def _effect(call: Call) -> HttpResponseBase:
    """The view's answer; from 400 on everything it wrote is rolled back."""
    try:
        with transaction.atomic():
            response = call()
            render = getattr(response, "render", None)
            if callable(render):
                response = render()
            if response.status_code >= REFUSED:
                raise Answered(response)
    except Answered as refused:
        return refused.response
    return response


def _is_forgotten(response: HttpResponseBase, *, is_page: bool) -> bool:
    status = response.status_code
    if is_page and status >= REFUSED:
        return True
    return status in NEVER_REMEMBERED or status >= SERVER_ERROR


def _remember(claim: IdempotentCall, response: HttpResponseBase) -> None:
    body = (
        b"".join(response) if response.streaming else getattr(response, "content", b"")
    )
    IdempotentCall.objects.filter(pk=claim.pk).update(
        status=response.status_code,
        headers=dict(response.items()),
        body=seal_bytes(body) if body else b"",
    )


def _first_call(claim: IdempotentCall) -> IdempotentCall:
    """The answered call under the same key; it must have asked for the same."""
    first = IdempotentCall.objects.filter(
        principal=claim.principal, method=claim.method, path=claim.path, key=claim.key
    ).first()
    if first is None or first.status is None:
        raise InProgress
    if first.fingerprint != claim.fingerprint:
        raise IdempotencyKeyReused
    return first


def _is_accepted(first: IdempotentCall) -> bool:
    return first.status is not None and first.status < REFUSED


def _replay(first: IdempotentCall) -> HttpResponse:
    try:
        body = unseal_bytes(bytes(first.body)) if first.body else b""
    except SealBroken as broken:
        raise AnswerUnreadable from broken
    response = HttpResponse(body, status=first.status, headers=first.headers)
    response["Idempotent-Replayed"] = "true"
    return response


def purge_calls(now: datetime) -> str:
    """Delete answers older than 48 hours; a task of the clock."""
    deleted, _ = IdempotentCall.objects.filter(created_at__lt=now - KEPT).delete()
    return f"{deleted} answers"


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API_PREFIX)


def _header_key(request: HttpRequest) -> str:
    """The key as it stands, or within the quotes of a structured field."""
    given = request.headers.get("Idempotency-Key", "").strip()
    if len(given) > 1 and given.startswith('"') and given.endswith('"'):
        return given[1:-1]
    return given


def _principal(request: HttpRequest) -> str:
    """Whose key it is; nobody's when the view is going to refuse the caller."""
    if not _is_api(request):
        return f"user:{request.user.pk}" if isinstance(request.user, User) else ""
    identity = identify(request)
    if identity.key is None and identity.principal:
        try:
            BrowserSession().enforce_csrf(request)
        except (APIException, PermissionDenied):
            return ""
    return identity.principal


def _fingerprint(request: HttpRequest) -> str:
    """A digest of what was asked: for a form the fields, else the bytes."""
    digest = hashlib.sha256(request.META.get("QUERY_STRING", "").encode())
    if _is_api(request):
        digest.update(b"\n" + request.body)
        return digest.hexdigest()
    for name, values in sorted(request.POST.lists()):
        if name not in NOT_THE_BODY:
            digest.update(repr((name, values)).encode())
    return digest.hexdigest()
