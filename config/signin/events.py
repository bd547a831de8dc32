"""Security events: one line each in the log, with nothing in it that opens a door.

Source: 9-quality, section 1, "Logs", which also masks every address.
"""

import structlog
from django.http import HttpRequest

from config.client import client_address

log = structlog.get_logger("consign.security")


def record(request: HttpRequest, event: str, **facts: object) -> None:
    """Write `event` with who, where from, and its facts."""
    log.info(event, ip=client_address(request), **facts)
