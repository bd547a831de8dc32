"""What the detail of a profile is made of, read for whoever asks.

Source: 5-resellers, sections 7 and 8.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from resellers import places, rates
from resellers.commission import BasisPoints
from resellers.models import Reseller
from resellers.models.versions import VERSION_CHARACTERS, version_of
from resellers.parsing.preconditions import wanted_versions
from resellers.totals import CurrencyTotals, Totals, by_currency, totals_of

SHOWN_CHARACTERS = 4
HIDDEN = "••••"


@dataclass(frozen=True)
class Profile:
    """A reseller with its rates and totals, as `ResellerOut` reads them."""

    reseller: Reseller
    totals: Totals
    by_currency: list[CurrencyTotals]
    own_rate: BasisPoints | None
    effective: rates.RateInEffect | None
    sees_finance: bool

    @property
    def country(self) -> str:
        return places.country_name(self.reseller.country)

    @property
    def tax_id_last_4(self) -> str:
        return last_4(self.reseller.tax_id)

    @property
    def stripe_connect_id(self) -> str:
        given = self.reseller.account.stripe_account_id
        return given if self.sees_finance or not given else HIDDEN + last_4(given)

    @property
    def effective_rate(self) -> BasisPoints | None:
        return self.effective.rate if self.effective else None

    @property
    def effective_scope(self) -> str | None:
        return self.effective.scope if self.effective else None

    @property
    def etag(self) -> str:
        """The version of the profile, and a word for what else is shown but totals.

        A change is checked against the first part alone.
        """
        beside = (
            self.reseller.user.email,
            self.reseller.user.pending_email,
            self.reseller.contact_group and self.reseller.contact_group.name,
            self.stripe_connect_id,
            self.reseller.account.method,
            self.own_rate,
            self.effective_rate,
            self.effective_scope,
        )
        word = hashlib.sha256(repr(beside).encode()).hexdigest()[:VERSION_CHARACTERS]
        return f'"{version_of(self.reseller)}-{word}"'


def profile_of(reseller: Reseller, now: datetime, *, sees_finance: bool) -> Profile:
    """Read what the detail shows beside the row: eight queries."""
    own = rates.own_rate(reseller, now)
    currency = settings.PROGRAMME_CURRENCY
    return Profile(
        reseller=reseller,
        totals=totals_of([reseller.pk], currency)[reseller.pk],
        by_currency=by_currency(reseller),
        own_rate=own.rate if own else None,
        effective=rates.rates_of([reseller], now).get(reseller.pk),
        sees_finance=sees_finance,
    )


def profile_versions(request: Any) -> Collection[str] | None:
    """The profile's versions that `If-Match` accepts; None when any will do."""
    wanted = wanted_versions(request)
    return None if wanted is None else [tag.partition("-")[0] for tag in wanted]


def last_4(text: str) -> str:
    """The last four characters; of a shorter text none."""
    return text[-SHOWN_CHARACTERS:] if len(text) > SHOWN_CHARACTERS else ""
