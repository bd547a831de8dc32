"""The input guard: what cannot be read is refused before sessions and views see it.

Source: 8-api, "Input guard"; 9-quality, section 3. JSON bodies are read strictly by
`config.api.parsers`; here they are only measured.
"""

import logging
import re
from collections.abc import Callable, Iterable
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.http import HttpRequest, HttpResponse, parse_cookie
from django.http.multipartparser import MultiPartParserError

from config import problems
from config.errors import answer
from config.problems import Problem
from config.screen import CONTENT_TYPE
from resellers.parsing.values import has_control_character

log = logging.getLogger("consign.guard")

PATH_BYTES = 2_048
QUERY_BYTES = 4 * 1024
QUERY_PARAMETERS = 50
COOKIE_BYTES = 4 * 1024
HEADER_BYTES = 8 * 1024
BODY_BYTES = 1024 * 1024
FORM_FIELDS = 1_000

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
JSON = "application/json"
CHARSET = re.compile(r'charset=(?:"([^"]*)"|([^\s;]*))', re.IGNORECASE)
UTF8 = {"utf-8", "utf8"}
BROKEN_BYTE = re.compile(r"%[89A-F][0-9A-F]")


class Refused(Exception):
    """A part of the request that the guard does not let in."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


class InputGuard:
    """Middleware, after health and before sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            check_host(request)
            check_path(request)
            check_query(request)
            check_headers(request)
            check_current_url(request)
            check_cookies(request)
            check_body(request)
        except Refused as refused:
            return answer(request, refused.problem)
        return self.get_response(request)


def check_host(request: HttpRequest) -> None:
    try:
        request.get_host()
    except SuspiciousOperation:
        log.warning("refused a host that is not ours")
        raise bad("This host is not served here.") from None


def check_path(request: HttpRequest) -> None:
    path = request.path_info
    if len(path.encode()) > PATH_BYTES:
        raise bad("The address is too long.")
    # Django writes bytes that are not UTF-8 as `%FF`; no address of ours holds that.
    if BROKEN_BYTE.search(path):
        raise bad("The address is not UTF-8.")
    _check_text(path, "The address")


def check_query(request: HttpRequest) -> None:
    query = request.META.get("QUERY_STRING", "")
    if len(query) > QUERY_BYTES:
        raise bad("The query is too long.")
    if not query:
        return
    parts = [part for part in query.split("&") if part]
    if len(parts) > QUERY_PARAMETERS:
        raise bad("The query has too many parameters.")
    names = []
    for part in parts:
        name, _, value = part.partition("=")
        names.append(_decoded(name))
        _decoded(value)
    _check_once(names)


def _decoded(text: str) -> str:
    raw = unquote_to_bytes(text.replace("+", " ").encode("latin-1", "replace"))
    decoded = _utf8(raw, "The query")
    _check_text(decoded, "The query")
    return decoded


def check_headers(request: HttpRequest) -> None:
    for name, value in request.META.items():
        if not name.startswith("HTTP_") and name != "CONTENT_TYPE":
            continue
        if not isinstance(value, str):
            continue
        raw = value.encode("latin-1", "replace")
        if len(raw) > HEADER_BYTES:
            raise bad("A header is too long.")
        text = _utf8(raw, "A header").replace("\t", " ")
        _check_text(text, "A header")


def check_current_url(request: HttpRequest) -> None:
    """The page's address that htmx sends along, as its middleware will read it."""
    given = request.META.get("HTTP_HX_CURRENT_URL", "")
    if request.META.get("HTTP_HX_CURRENT_URL_URI_AUTOENCODED") == "true":
        given = _utf8(unquote_to_bytes(given), "A header")
    try:
        urlsplit(given)
    except ValueError:
        raise bad("HX-Current-URL is no address.") from None


def check_cookies(request: HttpRequest) -> None:
    """Look at the values as they will be used: quoted ones may hide a NUL."""
    header = request.META.get("HTTP_COOKIE", "")
    if len(header) > COOKIE_BYTES:
        raise bad("The cookies are too long.")
    for name, value in parse_cookie(header).items():
        _check_text(name + value, "A cookie")


def check_body(request: HttpRequest) -> None:
    if "HTTP_TRANSFER_ENCODING" in request.META and not _length(request):
        raise bad("Send the body with its Content-Length.")
    if not _length(request):
        return
    if _length(request) > body_limit(request.path_info):
        raise Refused(problems.too_large("The body is larger than this address takes."))
    content_type = request.META.get("CONTENT_TYPE", "")
    if not CONTENT_TYPE.fullmatch(content_type):
        raise Refused(problems.unsupported("Name the body's type in Content-Type."))
    for quoted, bare in CHARSET.findall(content_type):
        if (quoted or bare).lower() not in UTF8:
            raise Refused(problems.unsupported("Send the body in UTF-8."))
    if request.content_type in {FORM, MULTIPART}:
        check_form(request)
    elif request.content_type != JSON or not request.path_info.startswith("/api/"):
        raise Refused(problems.unsupported("The API takes JSON, a page takes a form."))


def _length(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not re.fullmatch(r"[0-9]{1,19}", length, re.ASCII):
        raise bad("The Content-Length is not a number.")
    return int(length)


def body_limit(path: str) -> int:
    """Bytes that an address takes: uploads have their own limit."""
    for prefix, limit in settings.UPLOAD_LIMITS.items():
        if path.startswith(prefix):
            return int(limit)
    return BODY_BYTES


def check_form(request: HttpRequest) -> None:
    """Form fields as they will be used, and the bytes they came from."""
    is_upload = body_limit(request.path_info) > BODY_BYTES
    if not is_upload:
        _utf8(request.body, "The form")
    try:
        fields = request.POST
    except RequestDataTooBig:
        raise Refused(problems.too_large("The form is too large.")) from None
    except (BadRequest, SuspiciousOperation, MultiPartParserError):
        raise bad("The form cannot be read.") from None
    if request.content_type == FORM:
        _utf8(unquote_to_bytes(request.body), "The form")
    for name, values in fields.lists():
        _check_text(name, "A field's name")
        for value in values:
            _check_text(value, "A field", multiline=True)
    if not request.path_info.startswith("/admin/"):
        _check_once(
            name
            for name, values in fields.lists()
            for _ in values
            if name not in settings.REPEATABLE_FIELDS
        )


def bad(detail: str) -> Refused:
    return Refused(problems.bad_input(detail))


def _utf8(raw: bytes, what: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise bad(f"{what} is not UTF-8.") from None


def _check_text(text: str, what: str, *, multiline: bool = False) -> None:
    if has_control_character(text, multiline=multiline):
        raise bad(f"{what} holds a control character.")


def _check_once(names: Iterable[str]) -> None:
    seen = set()
    for name in names:
        if name in seen and name not in settings.REPEATABLE_FIELDS:
            raise bad("A parameter that has one value is given twice.")
        seen.add(name)
