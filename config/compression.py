"""Pages go over the wire compressed; static files are so since they were collected.

Source: 10-face, "at most 60 kB of HTML, CSS and scripts over the wire on first view".
"""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """HTML alone, padded at random so that its length tells nothing (BREACH).

    The API's answers keep their bytes, and with them their strong ETags.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
