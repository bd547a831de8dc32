"""Logs: one line per event on stderr, escaped, with personal data masked.

Source: 9-quality, section 1, "Logs".
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from resellers.masks import masked

Event = MutableMapping[str, Any]


class StderrHandler(logging.StreamHandler[TextIO]):
    """Writes to what stderr is at the moment, also when somebody captures it."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class Exceptions(logging.Filter):
    """Lets pass what carries an exception: the rest stands in the request line."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.exc_info is not None


def mask(_logger: object, _method: str, event: Event) -> Event:
    """Mask every text of an event, tracebacks included."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = masked(value)
        elif not isinstance(value, int | float | bool | None):
            event[name] = masked(str(value))
    return event


def escape(_logger: object, _method: str, event: Event) -> Event:
    """No value starts a line of its own or steers a terminal."""
    return {
        name: value.encode("unicode_escape").decode()
        if isinstance(value, str) and not value.isprintable()
        else value
        for name, value in event.items()
    }


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *SHARED,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)


def first(*names: str) -> Any:
    """A processor that puts these names first, for the reader's eye."""

    def order(_logger: object, _method: str, event: Event) -> Event:
        head = {name: event[name] for name in names if name in event}
        return head | {name: event[name] for name in event if name not in head}

    return order


def line(_logger: object, _method: str, event: Event) -> str:
    """The text form: words, then name=value."""
    words = [str(event.pop(name, "")) for name in ("ts", "level", "event")]
    return " ".join([*words, *(f"{name}={value}" for name, value in event.items())])


def logging_settings(form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING for `LOG_FORMAT` and `LOG_LEVEL`."""
    render: dict[str, list[Any]] = {
        "json": [structlog.processors.JSONRenderer()],
        "text": [escape, line],
    }
    processors = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        mask,
        first("ts", "level", "event", "request_id"),
        *render[form],
    ]
    inherited = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": processors,
                "foreign_pre_chain": SHARED,
            }
        },
        "filters": {"exceptions": {"()": Exceptions}},
        "handlers": {
            "stderr": {"()": StderrHandler, "formatter": "line"},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            "django": inherited,
            # Refusals are told by the request line; paths and queries are told nowhere.
            "django.request": {**inherited, "filters": ["exceptions"]},
            "django.server": {"handlers": ["nowhere"], "propagate": False},
            # It would tell the path, and with it a link's secret: `csrf_refused` is told.
            "django.security.csrf": {"handlers": ["nowhere"], "propagate": False},
            "gunicorn.error": {**inherited, "level": level.upper()},
        },
    }
