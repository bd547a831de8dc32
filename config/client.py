"""Who is at the other end of the connection."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's address, as far as the trusted proxies vouch for it.

    Each of `TRUSTED_PROXIES` proxies appends the address it saw to X-Forwarded-For;
    what stands further left was written by the client and is worth nothing.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    trusted: int = settings.TRUSTED_PROXIES
    if not trusted:
        return peer
    hops = [
        hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")
    ]
    return hops[-trusted] if len(hops) >= trusted and hops[-trusted] else peer
