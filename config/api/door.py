"""What every API call passes before its view: method, limit, known parameters.

Middleware, outside `config.api.idempotency`, inside sessions. Source: 8-api.
"""

from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag

from config import counters, problems
from config.api.authentication import TooManyCalls, identify
from config.api.schema import parameters_of
from config.client import client_address
from config.errors import API_PREFIX, answer, answer_to
from config.problems import Fault

WINDOW_SECONDS = 60
HIT = "consign.rate_hit"
METHODS = ("get", "post", "put", "patch", "delete")
SHOWN_NAME_CHARACTERS = 60
ANY = ".*"


class ApiDoor:
    """Middleware for `/api/`: rate limit, 405, unknown parameters, entity tags."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith(API_PREFIX):
            return response
        hit = request.META.get(HIT)
        if isinstance(hit, counters.Hit):
            response["RateLimit-Limit"] = str(settings.API_CALLS_PER_MINUTE)
            response["RateLimit-Remaining"] = str(hit.remaining)
            response["RateLimit-Reset"] = str(hit.retry_after)
        return with_entity_tag(request, response)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not request.path_info.startswith(API_PREFIX):
            return None
        try:
            return self.stop(request, view)
        except Exception as exc:
            expected = answer_to(request, exc)
            if expected is None:
                raise
            return expected

    def stop(self, request: HttpRequest, view: Any) -> HttpResponseBase | None:
        """The refusal of a call that shall not reach its view."""
        hit = count(request)
        request.META[HIT] = hit
        if not hit.allowed:
            raise TooManyCalls(hit.retry_after)
        allowed = methods_of(view)
        if allowed is not None and request.method not in allowed:
            problem = problems.wrong_method(str(request.method), allowed)
            return answer(request, problem)
        if unknown := unknown_parameters(request):
            return answer(request, problems.invalid(unknown))
        return None


def count(request: HttpRequest) -> counters.Hit:
    """Count the call once, for its key or person, else for its address."""
    caller = identify(request).principal or f"address:{client_address(request)}"
    return counters.take(f"api:{caller}", settings.API_CALLS_PER_MINUTE, WINDOW_SECONDS)


def methods_of(view: Any) -> list[str] | None:
    """What an API view takes, HEAD with GET; None for a view that checks itself."""
    bound = getattr(view, "actions", None)
    if bound is None:
        view_class = getattr(view, "cls", None)
        if view_class is None:
            return None
        bound = [name for name in METHODS if hasattr(view_class, name)]
    methods = {name.upper() for name in bound}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


def unknown_parameters(request: HttpRequest) -> tuple[Fault, ...]:
    """A fault for each query parameter that the schema does not publish."""
    match = request.resolver_match
    if not request.GET or match is None:
        return ()
    method = "GET" if request.method == "HEAD" else str(request.method)
    known = parameters_of(match.route, method)
    if known is None:
        return ()
    sentence = "This parameter is not known here."
    return tuple(
        Fault("unknown_parameter", sentence, f"?{name[:SHOWN_NAME_CHARACTERS]}")
        for name in request.GET
        if name not in known and not _is_of_a_family(name, known)
    )


def _is_of_a_family(name: str, known: Collection[str]) -> bool:
    """`ext.vip_status` where `ext.*` is published."""
    families = (other[:-1] for other in known if other.endswith(ANY))
    return any(name.startswith(family) for family in families)


def with_entity_tag(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Answer `If-None-Match` with 304; the tag is the view's or the content's."""
    is_read = request.method in {"GET", "HEAD"}
    is_found = response.status_code == HTTPStatus.OK
    if not (is_read and is_found) or response.streaming:
        return response
    if not response.has_header("ETag"):
        set_response_etag(response)
    conditional = get_conditional_response(
        request, etag=response.get("ETag"), response=response
    )
    return conditional or response
