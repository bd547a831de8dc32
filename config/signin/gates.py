"""What a signed-in session must be before a view runs: young, complete and fresh.

Source: 9-quality, section 6, "Sessions", "Staff two-factor", "Re-authentication".
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from config import errors
from config.problems import Problem
from config.signin import events, fresh, two_factor
from resellers import audit
from resellers.models import User

Answer = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Limits:
    idle_seconds: int
    total_seconds: int


# The form asks for the password itself.
ASKED_ON_THE_PAGE = {("account_change_password", "password")}
HOUR = 60 * 60
STAFF_LIMITS = Limits(idle_seconds=HOUR, total_seconds=12 * HOUR)
LIMITS = Limits(idle_seconds=24 * HOUR, total_seconds=14 * 24 * HOUR)
STARTED_AT = "signed_in_at"
SEEN_AT = "seen_at"
SEEN_EVERY_SECONDS = 60
SIGN_IN_PAGES = "/account/"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
OPEN_WHILE_OWED = {
    "mfa_activate_totp",
    "account_reauthenticate",
    "account_logout",
    "account_login",
    "demo-sign-in",
    "theme",
}


class SessionLimits:
    """Ends a session that was idle too long, or is too old altogether."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            self.limit(request)
        return self.get_response(request)

    def limit(self, request: HttpRequest) -> None:
        person = request.user
        if not isinstance(person, User):
            return
        limits = STAFF_LIMITS if person.is_staff else LIMITS
        now = int(time.time())
        started = request.session.setdefault(STARTED_AT, now)
        seen = request.session.setdefault(SEEN_AT, now)
        if now - seen > limits.idle_seconds or now - started > limits.total_seconds:
            events.record(request, "session_ended", email=person.email)
            logout(request)
            messages.info(request, "You were signed out after a while. Sign in again.")
        elif now - seen >= SEEN_EVERY_SECONDS:
            request.session[SEEN_AT] = now


class Gates:
    """Sends staff without a second factor to set it up, and stale proofs to renew."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        location = response.get("Location", "")
        if HtmxDetails(request) and location.startswith(SIGN_IN_PAGES):
            return towards(request, urlsplit(location).path)
        return response

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        route = request.resolver_match.view_name if request.resolver_match else ""
        is_sensitive = route in settings.FRESH_ROUTES
        if settings.SESSION_COOKIE_NAME not in request.COOKIES and not is_sensitive:
            return None  # nobody is signed in: nothing is asked of the database
        person = request.user
        if not isinstance(person, User):
            is_api = request.path.startswith(errors.API_PREFIX)
            if is_api or not is_sensitive:
                return None  # a key proves itself anew with every call
            return send(request, settings.LOGIN_URL, "not_authenticated")
        if route not in OPEN_WHILE_OWED and two_factor.is_owed(person):
            return send(request, "mfa_activate_totp", "two_factor_required")
        return self.refresh(request, person, route) if is_sensitive else None

    def refresh(
        self, request: HttpRequest, person: User, route: str
    ) -> HttpResponse | None:
        """Ask for the proof that is missing or too old."""
        proof = fresh.missing(request)
        if proof is None or (route, proof) in ASKED_ON_THE_PAGE:
            return None
        if not is_safe(request):
            audit.record(person, "user.stale_session_refused", person, reason=route)
        events.record(request, "stale_session", email=person.email, route=route)
        return send(request, fresh.PAGES[proof], "reauthentication_required")


SENTENCES = {
    "not_authenticated": "Sign in first.",
    "two_factor_required": "Set up the second factor in the browser first.",
    "reauthentication_required": "Enter your password in the browser again first.",
}


def send(request: HttpRequest, page: str, code: str) -> HttpResponse:
    """To a page of the sign-in; a program is told with a problem instead."""
    if request.path.startswith(errors.API_PREFIX):
        return errors.answer(
            request, Problem(403, code, "Not allowed", SENTENCES[code])
        )
    return towards(request, reverse(page))


def towards(request: HttpRequest, page: str) -> HttpResponse:
    """To a page, and from there back; a fragment is never filled with that page."""
    htmx = HtmxDetails(request)
    here = request.get_full_path() if is_safe(request) else request.path
    url = f"{page}?{urlencode({'next': htmx.current_url_abs_path or here})}"
    return HttpResponseClientRedirect(url) if htmx else HttpResponseRedirect(url)


def is_safe(request: HttpRequest) -> bool:
    return request.method in SAFE_METHODS
