"""Path converters, registered once in `config.urls`."""

import re


class Hex32:
    """32 bytes in hexadecimal, any case in, lower case out: a provider's key."""

    regex = "[0-9A-Fa-f]{64}"

    def to_python(self, value: str) -> str:
        return value.lower()

    def to_url(self, value: str) -> str:
        if not re.fullmatch(self.regex, value):
            raise ValueError(value)
        return value.lower()
