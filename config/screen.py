"""The outermost look at a request: content types on which Django itself fails.

They carry RFC 2231 parameters, whose charsets are looked up before any middleware
runs. Imports nothing, since `config.wsgi` needs it before the settings are loaded.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

WSGI: TypeAlias = Callable[[dict[str, Any], Any], Iterable[bytes]]

PARAMETER = r'[\w-]+=(?:"[ !#-\[\]-~]*"|[!#-+\x2d-:<-~]+)'
CONTENT_TYPE = re.compile(rf"[\w.+-]+/[\w.+-]+(?:\s*;\s*{PARAMETER})*\s*;?", re.ASCII)
UNREADABLE = "application/x-unreadable"


def screened(application: WSGI) -> WSGI:
    """Wrap the WSGI application: an unreadable type gets a name that is refused."""

    def screen(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        content_type = environ.get("CONTENT_TYPE")
        if content_type and not CONTENT_TYPE.fullmatch(content_type):
            environ["CONTENT_TYPE"] = UNREADABLE
        return application(environ, start_response)

    return screen
