"""Quotes: the offer a buyer saw, signed, so that it comes back unchanged.

Source: 4-marketplace, section 2.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing

from marketplace.errors import QuoteInvalid
from marketplace.models.relationship import Promise
from marketplace.pricing import Offer

QUOTE_SALT = "marketplace.quote"
QUOTE_VALID_FOR = timedelta(hours=24)
QUOTE_LENGTH_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Quote:
    """One seller's offer of an offering as it stood at `issued_at`."""

    quote_id: str
    offering_id: int
    reseller: str
    offer: Offer
    promise: Promise
    issued_at: datetime

    def is_stale(self, now: datetime) -> bool:
        """True when older than 24 hours: the buyer is asked again."""
        return now - self.issued_at > QUOTE_VALID_FOR


def issue_quote(
    offering_id: int, reseller: str, offer: Offer, promise: Promise, now: datetime
) -> str:
    """Sign the offer of `reseller` (pubkey) with a fresh random quote id."""
    return signing.dumps(
        {
            "id": secrets.token_hex(16),
            "offering": offering_id,
            "reseller": reseller,
            "offer": asdict(offer),
            "promise": asdict(promise),
            "at": round_to_second(now),
        },
        salt=QUOTE_SALT,
    )


def read_quote(text: str) -> Quote:
    """Return the quote behind a signed text; raises QuoteInvalid for any other."""
    if len(text) > QUOTE_LENGTH_LIMIT:
        raise QuoteInvalid
    try:
        said = signing.loads(text, salt=QUOTE_SALT)
    except signing.BadSignature as refused:
        raise QuoteInvalid from refused
    if "promise" not in said:  # signed before the hours were part of it
        raise QuoteInvalid
    return Quote(
        quote_id=said["id"],
        offering_id=said["offering"],
        reseller=said["reseller"],
        offer=Offer(**said["offer"]),
        promise=Promise(**said["promise"]),
        issued_at=datetime.fromtimestamp(said["at"], UTC),
    )


def round_to_second(at: datetime) -> int:
    return int(at.timestamp())
