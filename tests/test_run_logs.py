"""What may stand in a log line, and what may not."""

import json
import logging.config

import pytest

from config.logs import logging_settings
from resellers.masks import masked

SECRETS = {
    "ann.smith@example.com": "a…@example.com",
    "mail for Bob <bob@example.com>, urgent": "mail for Bob <b…@example.com>, urgent",
    "call +49 170 1234567 now": "call …67 now",
    "Key (phone)=(727-555-0142) exists": "Key (phone)=…42) exists",
    "call +1 (727) 555-0142.": "call …42.",
    "(727) 555.0143, 7275550144": "…43, …44",
    "'0049 30 1234567'": "'…67'",
    "tax ids 12-3456789 and 123-45-6789": "tax ids …6789 and …6789",
    "Bearer cs_live_ab12cd34_0123456789abcdef": "Bearer cs_live_ab12cd34_…",
    "postgres://consign:hunter2@db:5432/x": "postgres://consign:…@db:5432/x",
}
PLAIN = [
    "2026-03-02T09:00:00.123456Z",
    "2026-03-02 09:00:00",
    "clock:holds:5984247",
    "12.49 EUR",
    "a + b = 3",
    "203.113.100.200 asked",
    "6f9c2a8e-3b1d-4c5f-9a7e-0d2b4c6e8f10",
    "00000000-1111-4222-8333-444444444444",
    "RS-4K9QZ7/2026-10/USD",
]


@pytest.mark.parametrize("text", SECRETS)
def test_personal_data_and_secrets_are_masked(text):
    assert masked(text) == SECRETS[text]


@pytest.mark.parametrize("text", PLAIN)
def test_other_text_stays(text):
    assert masked(text) == text


def line(form, message, **facts):
    """One formatted line of a standard-library record."""
    logging_config = logging_settings(form, "info")
    made = logging.config.DictConfigurator(logging_config)
    formatter = made.configure_formatter(logging_config["formatters"]["line"])
    record = logging.LogRecord(
        "x", logging.INFO, "x.py", 1, message, None, facts.get("exc_info")
    )
    return formatter.format(record)


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_value_starts_a_line_of_its_own(form):
    written = line(form, 'evil\n{"level": "critical"}\r\x1b[2J\u2028x')
    assert len(written.splitlines()) == 1
    assert "\x1b" not in written


def test_json_line_starts_with_time_level_and_event():
    facts = json.loads(line("json", "hello ann@example.com"))
    assert list(facts) == ["ts", "level", "event"]
    assert (facts["level"], facts["event"]) == ("info", "hello a…@example.com")


def test_traceback_is_masked():
    try:
        raise ValueError("Key (email)=(ann@example.com) already exists")
    except ValueError as failure:
        written = line("text", "failed", exc_info=(ValueError, failure, None))
    assert "ann@" not in written
    assert "a…@example.com" in written
