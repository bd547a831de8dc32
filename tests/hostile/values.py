"""More than a thousand things that somebody may send, none of which is welcome."""

import itertools
import json
from collections.abc import Callable
from urllib.parse import quote

WORDS = [
    "' OR '1'='1",
    "'; DROP TABLE marketplace_offering; --",
    '" OR ""="',
    "1) OR (1=1",
    "%' ESCAPE '%",
    "\\",
    "\\'",
    "%",
    "_",
    "%%%s%d%n",
    "{0.__class__}",
    "{{7*7}}",
    "{% debug %}",
    "${7*7}",
    "#{7*7}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "]]>",
    "<!--",
    "&lt;",
    "&#0;",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "+1+1",
    "-1+1",
    "../../../../etc/passwd",
    "..\\..\\windows",
    "/etc/passwd",
    "file:///etc/passwd",
    "http://169.254.169.254/",
    "//evil.example",
    "https://evil.example\\@localhost",
    "$(id)",
    "`id`",
    "| id",
    "; id",
    "() { :;}; id",
    "null",
    "None",
    "undefined",
    "true",
    "NaN",
    "Infinity",
    "[]",
    "{}",
    "[object Object]",
    "0x1F",
    "1e3",
    "1e400",
    "15,5",
    "1 000",
    "1_000",
    "+1",
    "-0",
    "00012",
    "1.0",
    ".5",
    "5.",
    "١٢٣",
    "\uff11\uff12\uff13",
    "½",
    "²",
    "Ⅷ",
    "ß",
    "İ",
    "\u0131",
    "ﬀ",
    "e\u0301",
    "\u00e9",
    "\u202eabc",
    "\u200b",
    "\ufeff",
    "\ufffd",
    "\uffff",
    "\U0001f4a9",
    "\U0010ffff",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "z\u0351\u036b\u0343" * 20,
    "田中さん",
    "الله",
    "קָרָאתִי",
    "Ω≈ç√∫\u02dcµ≤≥÷",
    " ",
    "  leading",
    "trailing  ",
    "a" * 255,
    "a" * 256,
    "a" * 3000,
    "é" * 1000,
    "\U0001f4a9" * 500,
    "a b" * 700,
    "1" * 39,
    "1" * 400,
    "9" * 3000,
    "-" + "9" * 300,
    "a@b",
    "a@example.com\r\nBcc: x@example.com",
    "line\nline",
    "tab\ttab",
    "cr\rcr",
    "ssh-rsa AAAA",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "eyJhbGciOiJub25lIn0.e30.",
    "2026-02-30",
    "2026-13-01T00:00:00Z",
    "0000-00-00",
    "9999-12-31T23:59:60Z",
    "2026-03-02T09:00:00",
    "10000-01-01",
    "24:00:00",
    "USD",
    "XXX",
    "us",
    "DE'",
]
CONTROLS = [chr(n) for n in (*range(32), *range(0x7F, 0xA0))]
BROKEN_UTF8 = [
    b"\xff",
    b"\xfe",
    b"\x80",
    b"\xc0\x80",
    b"\xc0\xaf",
    b"\xe0\x80\x80",
    b"\xed\xa0\x80",
    b"\xed\xbf\xbf",
    b"\xf0\x80\x80\x80",
    b"\xf4\x90\x80\x80",
    b"\xf8\x88\x80\x80\x80",
    b"\xc3",
    b"\xe2\x82",
    b"a\xc3\x28",
]
POWERS = [2**n for n in (7, 8, 15, 16, 31, 32, 53, 63, 64, 127, 128, 1000)]
NUMBERS = [
    0,
    -1,
    *POWERS,
    *(n - 1 for n in POWERS),
    *(n + 1 for n in POWERS),
    *(-n for n in POWERS),
    *(-n - 1 for n in POWERS),
    10**14,
    10**14 + 1,
    10**18,
    10**19,
    10**39,
    10**40,
]
LITERALS = [
    *map(str, NUMBERS),
    "1.0", "0.1", "-0", "-0.0", "1e0", "1e3", "1E+2", "1e-2", "1e400", "-1e400",
    "1e-400", "0.1e1", "1.00000000000000000001", "9007199254740993",
    "123456789012345678901234567890.5", "NaN", "Infinity", "-Infinity", "01", "+1",
    ".5", "5.", "0x10", "1_0", "true", "false", "null", '"1"', '"1e3"', "[]", "{}",
    "[1]", '{"a":1}', "[[[]]]", '""', '" 1"', '"\uff11"',
]  # fmt: skip
RAW_BODIES = [
    b"", b" ", b"null", b"true", b"1", b'"a"', b"[]", b"[{}]", b"{", b"}", b"{]",
    b"{'a':1}", b'{"a":1,}', b'{"a"}', b'{"a":}', b"{,}", b"[,]", b"//", b"/**/{}",
    b'{"a":1}{"b":2}', b'{"a":1} x', b'{"a":1,"a":2}', b'{"":1}', b'{"\\u0000":1}',
    b'{"__proto__":{"x":1}}', b'{"constructor":{}}', b'{"id":1}', b'{"pk":1}',
    b"\xef\xbb\xbf{}", "{}".encode("utf-16"), "{}".encode("utf-32"), b"\x00",
    b"\x1f\x8b\x08", b"PK\x03\x04", b"<xml/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>",
    b"a=1&b=2", b"--x--", b"[" * 21 + b"]" * 21, b"[" * 5000, b"[" * 200_000,
    b'{"a":' * 21 + b"1" + b"}" * 21, b'{"a":' * 5000 + b"1", b'"' + b"\\" * 999,
    b'"\\ud800"', b'"\\udc00\\ud800"', b'{"a":"\\ud83d"}', b'{"a":"\\u0007"}',
    b'{"a":' + b"9" * 5000 + b"}", b'{"a":1e' + b"9" * 50 + b"}",
    b'{"a":"' + b"x" * 900_000 + b'"}', b" " * 1_048_577,
    b"{" + b",".join(b'"k%d":1' % n for n in range(5000)) + b"}",
]  # fmt: skip
COOKIES = [
    'session="\\000"',
    'session="\\000\\000"',
    'session="a\\000b"',
    'session="\\012"',
    'session="\\177"',
    'session="\\200"',
    'session="\\377"',
    'session="\\303\\050"',
    "session=" + "a" * 32,
    "session=" + "a" * 4000,
    "session=" + "a" * 5000,
    "session='",
    'session="',
    'session="\\"',
    "session=\\000",
    "session=%00",
    "session==",
    "session",
    "=",
    ";",
    ";;;;",
    "session=a; session=b",
    "csrf=" + "a" * 32,
    'csrf="\\000"',
    "csrf=" + "é",
    'messages="\\000"',
    "messages=[[1,2,3]]",
    "messages=gAAAAA:1:2",
    "messages=" + "x" * 2000,
    "theme=<script>",
    'theme="\\000"',
    "a=\x01",
    "a=\x7f",
    "a=\xff",
    "\xc3\x28=1",
    "$Version=1; session=a",
    "__Host-session=a",
    "session[]=a",
    "session=../../etc/passwd",
    "; ".join(f"c{n}=1" for n in range(300)),
]
HEADERS = [
    {"HTTP_ACCEPT": "text/html; x*=bogus''x"},
    {"HTTP_ACCEPT": "*"},
    {"HTTP_ACCEPT": ";;;,"},
    {"HTTP_ACCEPT": "application/xml"},
    {"HTTP_ACCEPT_LANGUAGE": "xx-" * 200},
    {"HTTP_ACCEPT_LANGUAGE": "de;q=abc"},
    {"HTTP_ACCEPT_ENCODING": "gzip;q=9"},
    {"HTTP_IF_NONE_MATCH": "W/"},
    {"HTTP_IF_NONE_MATCH": '"' * 99},
    {"HTTP_IF_MATCH": "*"},
    {"HTTP_IF_MATCH": '"nothing"'},
    {"HTTP_IF_MODIFIED_SINCE": "yesterday"},
    {"HTTP_IF_MODIFIED_SINCE": "Sat, 29 Oct 99999 19:43:31 GMT"},
    {"HTTP_RANGE": "bytes=0-99999999999999999999"},
    {"HTTP_HOST": "evil.example"},
    {"HTTP_HOST": "localhost:99999"},
    {"HTTP_HOST": "localhost\x00"},
    {"HTTP_HOST": "[::1"},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_X_FORWARDED_FOR": "not an address, ::::"},
    {"HTTP_X_FORWARDED_PROTO": "gopher"},
    {"HTTP_X_REQUEST_ID": "a b"},
    {"HTTP_X_REQUEST_ID": "x" * 500},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
    {"HTTP_X_CSRFTOKEN": "\xff"},
    {"HTTP_X_CSRFTOKEN": "a" * 5000},
    {"HTTP_REFERER": "http://[::1"},
    {"HTTP_REFERER": "x" * 9000},
    {"HTTP_ORIGIN": "null"},
    {"HTTP_ORIGIN": "http://[evil"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[x"},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "%00"},
    {
        "HTTP_HX_REQUEST": "true",
        "HTTP_HX_TARGET": "%00",
        "HTTP_HX_TARGET_URI_AUTOENCODED": "true",
    },
    {"HTTP_AUTHORIZATION": ""},
    {"HTTP_AUTHORIZATION": "Bearer"},
    {"HTTP_AUTHORIZATION": "Bearer a b c"},
    {"HTTP_AUTHORIZATION": "Basic \xff"},
    {"HTTP_AUTHORIZATION": "Bearer cs_live_" + "0" * 8 + "_" + "0" * 40},
    {"HTTP_AUTHORIZATION": "Bearer cs_live_'_\""},
    {"HTTP_IDEMPOTENCY_KEY": ""},
    {"HTTP_IDEMPOTENCY_KEY": '"'},
    {"HTTP_IDEMPOTENCY_KEY": '""'},
    {"HTTP_IDEMPOTENCY_KEY": "a b"},
    {"HTTP_IDEMPOTENCY_KEY": "x" * 256},
    {"HTTP_IDEMPOTENCY_KEY": "\x00"},
    {"HTTP_USER_AGENT": ""},
    {"HTTP_USER_AGENT": "\x1b[2J"},
    {"HTTP_TRANSFER_ENCODING": "chunked"},
    {"HTTP_EXPECT": "100-continue"},
    {"HTTP_CONTENT_ENCODING": "gzip"},
    {"HTTP_UPGRADE": "websocket"},
    {"CONTENT_LENGTH": "-1"},
    {"CONTENT_LENGTH": "99999999999999999999"},
    {"CONTENT_LENGTH": "a"},
]


FRAMES = ("{}", "a{}b", "ab {}")


def letters() -> list[str]:
    """A character of every block of 256 that Unicode has in use, in both planes."""
    starts = [*range(0x100, 0xD800, 0x100), *range(0xE000, 0x20000, 0x400)]
    return [chr(start + start % 251) for start in starts]


def texts() -> list[str]:
    """Words and control characters, alone and framed; letters; numbers as text."""
    framed = [
        frame.format(word)
        for frame, word in itertools.product(FRAMES, (*WORDS[:55], *CONTROLS))
    ]
    return list(dict.fromkeys([*framed, *WORDS, *letters(), *LITERALS]))


def count() -> int:
    """How many different things there are."""
    kinds = (texts(), LITERALS, BROKEN_UTF8, RAW_BODIES, COOKIES, HEADERS)
    return sum(len(kind) for kind in kinds)


Make = Callable[[str], str]


def queries() -> list[Make]:
    """Raw query strings for a parameter's name."""
    values = [quote(text) for text in texts()] + [quote(raw) for raw in BROKEN_UTF8]
    broken = ["&", "=", "&&=&", "%", "%zz", "%u0041=1", "a" * 5000, "a=1&" * 60]
    twisted = ["{}=1&{}=2", "{}[]=1", "{}__gt=1", "{}=", "{}", "{}%00=1"]
    return [
        *(_with(f"{{}}={value}") for value in values),  # quoted: holds no brace
        *(_with(twist) for twist in twisted),
        *(_always(query) for query in broken),
    ]


def _with(template: str) -> Make:
    return lambda name: template.replace("{}", name)


def _always(query: str) -> Make:
    return lambda name: query


def bodies() -> list[Callable[[str], bytes]]:
    """JSON bodies for a field's name, then bodies that are none."""

    def text_body(text: str) -> Callable[[str], bytes]:
        return lambda name: json.dumps({name: text}).encode()

    def literal_body(literal: bytes) -> Callable[[str], bytes]:
        return lambda name: b'{"%s": %s}' % (name.encode(), literal)

    def raw_body(raw: bytes) -> Callable[[str], bytes]:
        return lambda name: raw

    return [
        *map(text_body, texts()),
        *(literal_body(literal.encode()) for literal in LITERALS),
        *(literal_body(b'"%s"' % raw) for raw in BROKEN_UTF8),
        *map(raw_body, RAW_BODIES),
    ]
