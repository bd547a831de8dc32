"""Headers of every answer that Django and django-csp do not set themselves.

Source: 9-quality, section 6, "Headers" and "Private pages".
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

PERMISSIONS = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in PERMISSIONS)
PRIVATE_PATHS = ("/account", "/admin", "/contracts", "/dashboard", "/demo")


class SecurityHeaders:
    """Isolates every answer, and keeps the private ones out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("X-Frame-Options", "DENY")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if is_private(request, response):
            response["Cache-Control"] = "no-store"
            patch_vary_headers(response, ("Cookie", "Authorization", "X-API-Key"))
        return response


def is_private(request: HttpRequest, response: HttpResponse) -> bool:
    """Anything said to somebody in particular: a session, a key, a cookie that is set."""
    if request.path.startswith(settings.STATIC_URL):
        return False
    return (
        settings.SESSION_COOKIE_NAME in request.COOKIES
        or "authorization" in request.headers
        or "x-api-key" in request.headers
        or bool(response.cookies)
        or request.path.startswith(PRIVATE_PATHS)
    )
