"""Personal data and secrets that stand somewhere in a text: for logs and the trail.

Where a field's own name says what it holds, `audit.mask` masks it as a whole.
Source: 1-product, decision 6; 5-resellers, section 11. Imports no model.
"""

import re

MAIL_ADDRESS = re.compile(r"\b([\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]*@")
# 7 to 15 digits in 10 to 24 signs, as a profile keeps them; no date, no IPv4 address.
PHONE = re.compile(
    r"(?<![\w.-])(?!\d{4}-\d\d-\d\d)(?!(?:\d{1,3}\.){3}\d{1,3}(?![\w.]))"
    r"(?=[-+ ().\d/]{10})[+(]?\d(?:[- ().+/]{0,2}\d){4,12}[- ().+/]{0,2}(\d{2})(?![\w-])"
)
TAX_ID = re.compile(r"(?<![\w-])(?:\d{2}-\d{3}|\d{3}-\d{2}-)(\d{4})(?![\w-])")
ACCESS_KEY = re.compile(r"\b(cs_[a-z]+_[A-Za-z0-9]{8})_\w+")
PASSWORD_IN_URL = re.compile(r"(://[^:/@\s]*):[^@\s]+@")


def masked(text: str) -> str:
    """The text without addresses, phone numbers, tax ids and secrets.

    >>> masked("ann@example.com, +49 170 1234567, cs_live_abcdefgh_secret")
    'a…@example.com, …67, cs_live_abcdefgh_…'
    """
    text = PASSWORD_IN_URL.sub(r"\1:…@", text)
    text = ACCESS_KEY.sub(r"\1_…", text)
    text = MAIL_ADDRESS.sub(r"\1…@", text)
    return PHONE.sub(r"…\1", TAX_ID.sub(r"…\1", text))
