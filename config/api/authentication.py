"""Who calls: the key in a header, else the browser session.

The door identifies a request once, before the view, for rate limits and idempotency
(`config.api.door`); the authentication classes hand the result to the view.
`request.auth` is the access key, None for a session. Source: 8-api, mounts and keys.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from rest_framework import authentication, exceptions, permissions
from rest_framework.request import Request

from config import counters
from config.client import client_address
from resellers import keys
from resellers.errors import DomainError
from resellers.models import AccessKey, User

if TYPE_CHECKING:  # REST framework's views load the classes of this module
    from rest_framework.views import APIView

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
WRONG_KEYS_LIMIT, WRONG_KEYS_WINDOW_SECONDS = 100, 15 * 60
IDENTITY = "consign.identity"
BAD_KEY = "The access key is wrong, revoked or expired. Issue a new one."
CSRF = "Send the CSRF token of the session in the header X-CSRFToken."
BAD_HEADER = "Send the access key as `Authorization: Bearer <key>`."


class TooManyCalls(DomainError):
    code = "too_many_requests"
    status = 429
    title = "Too many requests"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(
            "Wait as long as Retry-After says, then go on.",
            retry_after_seconds=retry_after_seconds,
        )


@dataclass(frozen=True)
class Identity:
    """The user and the key of a request, or the reason why there is none."""

    user: User | AccessKey | None = None
    key: AccessKey | None = None
    refusal: Exception | None = None

    @property
    def principal(self) -> str:
        """One word for whoever calls: two keys of one principal are the same one."""
        if isinstance(self.user, User):
            return f"user:{self.user.pk}"
        if self.key is not None:
            return f"{self.key.principal_kind}:{self.key.principal_ref}"
        return ""


def identify(request: HttpRequest) -> Identity:
    """Find out who calls, once for each request."""
    known = request.META.get(IDENTITY)
    if not isinstance(known, Identity):
        known = request.META[IDENTITY] = _identify(request)
    return known


def _identify(request: HttpRequest) -> Identity:
    try:
        text = _key_text(request)
        if text is not None:
            return _identity_of_key(request, text)
    except (exceptions.APIException, DomainError) as refusal:
        return Identity(refusal=refusal)
    user = request.user
    if isinstance(user, User) and user.is_active:
        return Identity(user=user)
    return Identity()


def _key_text(request: HttpRequest) -> str | None:
    """The key as the mount wants it: `/api/ota` by X-API-Key, others by Bearer."""
    if request.path.startswith("/api/ota/"):
        return request.headers.get("X-API-Key")
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise exceptions.AuthenticationFailed(BAD_HEADER)
    return text.strip()


def _identity_of_key(request: HttpRequest, text: str) -> Identity:
    key = keys.find(text)
    if key is None:
        raise _wrong_key(request)
    return Identity(user=key.user or key, key=key)


def _wrong_key(request: HttpRequest) -> Exception:
    """401, and from the 101st of an address on 429."""
    hit = counters.hit(
        f"wrong-key:{client_address(request)}",
        WRONG_KEYS_LIMIT,
        WRONG_KEYS_WINDOW_SECONDS,
    )
    if hit.allowed:
        return exceptions.AuthenticationFailed(BAD_KEY)
    return TooManyCalls(hit.retry_after)


class KeyAuthentication(authentication.BaseAuthentication):
    """The access key, as the door found it."""

    def authenticate(self, request: Request) -> tuple[Any, AccessKey] | None:
        identity = identify(request._request)  # noqa: SLF001 -- the request DRF wraps
        if identity.refusal is not None:
            raise identity.refusal
        return (identity.user, identity.key) if identity.key else None

    def authenticate_header(self, request: Request) -> str:
        if request.path.startswith("/api/ota/"):
            return "X-API-Key"
        return 'Bearer realm="consign"'


class BrowserSession(authentication.SessionAuthentication):
    """The session of a signed-in person; writes need the CSRF token."""

    def enforce_csrf(self, request: Any) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as refusal:
            raise exceptions.PermissionDenied(CSRF, code="csrf_failed") from refusal


class DeclaredPermission(permissions.BasePermission):
    """What each view declares: its scopes, and which actions are open to visitors.

    A view says `scope = "marketplace"`: reads need a key with `marketplace:read`,
    writes one with `marketplace:write`; `scopes = {"redeem": "tickets:redeem"}` names
    an exception; `open_actions = {"list"}` lets visitors in. Sessions have no scopes:
    their rights are the person's, which the view and the action check.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        action = getattr(view, "action", None) or (request.method or "").lower()
        if request.auth is None:
            is_open = action in getattr(view, "open_actions", ())
            return is_open or not isinstance(request.user, AnonymousUser)
        scope = scope_of(view, action, request.method or "")
        key = request.auth
        if isinstance(key, AccessKey) and key.has_scope(scope):
            return True
        raise exceptions.PermissionDenied(
            f"The access key lacks the scope {scope}.", code="insufficient_scope"
        )


def scope_of(view: "APIView", action: str, method: str) -> str:
    """The scope a key needs here. A view that declares none is a mistake."""
    named: str | None = getattr(view, "scopes", {}).get(action)
    if named:
        return named
    base: str = view.scope  # type: ignore[attr-defined]  # every view declares it
    return f"{base}:{'read' if method in SAFE_METHODS else 'write'}"
