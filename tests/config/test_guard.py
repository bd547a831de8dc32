"""What cannot be read is refused with 400, 413 or 415, on pages and API alike."""

import json
from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIHandler

from config.screen import screened

pytestmark = pytest.mark.django_db

NUL_COOKIES = [
    'session="\\000"',
    'session="a\\000b"',
    'session="\\201"',
    "a=\x01",
    'x="\\177"',
]
PATHS = ["/market%00place", "/a%0Ab", "/a%FFb", "/a%C2%85b", "/" + "x" * 2049]
QUERIES = [
    "q=%00",
    "q=%0a",
    "q=%FF",
    "q=%ED%A0%80",
    "%00=1",
    "q=1&q=2",
    "q=" + "x" * 5000,
    "&".join(f"p{n}=1" for n in range(51)),
]
HEADERS = [
    {"HTTP_USER_AGENT": "a\x00b"},
    {"HTTP_ACCEPT_LANGUAGE": "\x7f"},
    {"HTTP_IF_NONE_MATCH": "\xff"},
    {"HTTP_REFERER": "x" * 9000},
    {"CONTENT_LENGTH": "-1", "CONTENT_TYPE": "application/json"},
    {"CONTENT_LENGTH": "1e3", "CONTENT_TYPE": "application/json"},
    {"HTTP_TRANSFER_ENCODING": "chunked"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[x"},
]


def refused(response, status=400, code="bad_input"):
    assert response.status_code == status
    if response.wsgi_request.path.startswith("/api/"):
        assert response.json()["code"] == code
    assert "no-store" not in response.get("Set-Cookie", "")


@pytest.mark.parametrize("address", ["/raising", "/api/v1/counters"])
@pytest.mark.parametrize("cookie", NUL_COOKIES)
def test_cookie_that_hides_a_control_character(client, cookie, address):
    refused(client.get(address, HTTP_COOKIE=cookie))


def test_cookies_longer_than_4_kib(client):
    refused(client.get("/api/v1/counters", HTTP_COOKIE="a=" + "x" * 5000))


@pytest.mark.parametrize("path", PATHS)
def test_path_that_cannot_be_read(client, path):
    refused(client.get(path))
    refused(client.get(f"/api{path}"))


@pytest.mark.parametrize("query", QUERIES)
def test_query_that_cannot_be_read(client, query):
    refused(client.get("/api/v1/counters", QUERY_STRING=query))


@pytest.mark.parametrize("headers", HEADERS)
def test_header_that_cannot_be_read(client, headers):
    refused(client.get("/api/v1/counters", **headers))


def test_readable_requests_pass(client, counter):
    query = "limit=5&cursor="
    cookie = 'theme=dark; messages="a\\054b"; x=é'.encode().decode("latin-1")
    response = client.get(
        "/api/v1/counters",
        QUERY_STRING=query,
        HTTP_COOKIE=cookie,
        HTTP_USER_AGENT="Zoë/1.0".encode().decode("latin-1"),
    )
    assert response.status_code == 200


BODIES = [
    (b'{"amount": "\\u0000"}', "control"),
    (b'{"amount": "\\ud800"}', "control"),
    (b'{"\\u0007": 1}', "control"),
    (b'{"amount": "\xff"}', "UTF-8"),
    (b'\xef\xbb\xbf{"amount": 1}', "JSON"),
    (b'{"amount": NaN}', "NaN"),
    (b'{"amount": Infinity}', "Infinity"),
    (b'{"amount": -Infinity}', "-Infinity"),
    (b'{"amount": 1, "amount": 2}', "twice"),
    (b'{"amount": ' + b"9" * 41 + b"}", "40"),
    (b'{"amount": 1e' + b"9" * 41 + b"}", "40"),
    (b"[" * 21 + b"]" * 21, "deeper"),
    (b"[" * 100_000, "deeper"),
    (b"{", "JSON"),
    (b"'a'", "JSON"),
    (b'{"amount": 0x10}', "JSON"),
    (b'{"amount": 01}', "JSON"),
    ('{"amount": 1}'.encode("utf-16"), "UTF-8"),
]


@pytest.mark.parametrize(("body", "word"), BODIES)
def test_json_that_cannot_be_read(api, counter, body, word):
    response = api.generic(
        "POST", f"/api/v1/counters/{counter.pk}/add", body, "application/json"
    )
    refused(response)
    assert word in response.json()["detail"]


@pytest.mark.parametrize("body", [b"[]", b"1", b'"a"', b"null", b"1e400", b"{}"])
def test_json_that_is_no_answer_to_the_question(api, counter, body):
    response = api.generic(
        "POST", f"/api/v1/counters/{counter.pk}/add", body, "application/json"
    )
    assert response.status_code == 400


def test_twenty_levels_pass_the_parser(api, counter):
    body = json.dumps({"amount": 1, "x": eval("[" * 19 + "]" * 19)})  # noqa: S307 -- brackets
    response = api.generic(
        "POST", f"/api/v1/counters/{counter.pk}/add", body, "application/json"
    )
    assert response.json()["code"] == "unknown_field"


def test_body_over_1_mib(api, client, counter):
    body = b" " * (1024 * 1024 + 1)
    address = f"/api/v1/counters/{counter.pk}/add"
    refused(api.generic("POST", address, body, "application/json"), 413, "too_large")
    form = "application/x-www-form-urlencoded"
    refused(client.generic("POST", f"/forms/{counter.pk}/add", body, form), 413)


TYPES = [
    "",
    "text/plain",
    "application/json; charset=latin-1",
    'application/json; charset="utf-16"',
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/xml",
    "nonsense",
]


@pytest.mark.parametrize("content_type", TYPES)
def test_other_types_and_charsets(api, counter, content_type):
    address = f"/api/v1/counters/{counter.pk}/add"
    response = api.generic("POST", address, b'{"amount": 1}', content_type)
    assert response.status_code in {400, 415}
    assert response.json()["code"] in {"bad_input", "unsupported_media_type"}


def test_json_is_no_form_and_utf8_may_be_named(api, client, counter):
    page = f"/forms/{counter.pk}/add"
    refused(client.generic("POST", page, b"{}", "application/json"), 415)
    address = f"/api/v1/counters/{counter.pk}/add"
    named = "application/json; charset=UTF-8"
    assert api.generic("POST", address, b'{"amount":1}', named).status_code == 200


FORMS = [
    b"note=%00",
    b"note=%FF",
    b"note=\xff",
    b"n%00=1",
    b"note=%ED%A0%80",
    b"note=1&note=2",
    b"&".join(b"f%d=1" % n for n in range(1001)),
]


@pytest.mark.parametrize("form", FORMS)
def test_form_that_cannot_be_read(client, counter, form):
    address = f"/forms/{counter.pk}/add"
    kind = "application/x-www-form-urlencoded"
    refused(client.generic("POST", address, form, kind))


def test_lines_pass_in_a_form(client, counter):
    response = client.post(f"/forms/{counter.pk}/add", {"note": "a\tb\r\nc"})
    assert response.status_code == 302


@pytest.mark.parametrize("value", [b"\xff", b"a\x00b", b"\x1b[2J"])
def test_multipart_field_that_cannot_be_read(client, counter, value):
    body = b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\n'
    body += value + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    refused(client.generic("POST", f"/forms/{counter.pk}/add", body, kind))


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html; charset*=utf-8''utf%008",
        "text/html; x*=bogus''x",
        'text/html; charset="a\x00b"',
        "multipart/form-data; boundary*=x''y",
    ],
)
def test_content_type_on_which_django_fails_is_415(content_type):
    statuses = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/counters",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": "2",
        "wsgi.input": BytesIO(b"{}"),
        "wsgi.url_scheme": "http",
    }
    answer = screened(WSGIHandler())(environ, lambda status, _: statuses.append(status))
    assert json.loads(b"".join(answer))["code"] == "unsupported_media_type"
    assert statuses == ["415 Unsupported Media Type"]


def test_bad_host_is_400_without_a_traceback(client, caplog):
    refused(client.get("/api/v1/counters", HTTP_HOST="evil.example\x80"))
    response = client.get("/api/v1/counters", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert "Traceback" not in caplog.text
