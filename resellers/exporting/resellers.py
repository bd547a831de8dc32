"""Profiles as a table: everything but the whole tax id."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from import_export.fields import Field

from resellers import places
from resellers.errors import Invalid
from resellers.exporting.sheets import (
    AsItIs,
    Sheet,
    Table,
    column,
    decimal_of,
    in_chunks,
)
from resellers.models import RateScope, Reseller
from resellers.money import Money
from resellers.rates import RateInEffect, rates_of
from resellers.totals import Totals, totals_of

LAST = 4
DOTS = "••••"
KEY_COLUMNS = 500
"""Extended keys that get a column each; more are one column of JSON."""

TOO_MANY_KEYS = (
    "These profiles have more extended keys than a sheet has columns:"
    " narrow the selection, or take CSV."
)


@dataclass
class Line:
    """A profile with its rate and totals."""

    reseller: Reseller
    effective: RateInEffect | None
    totals: Totals
    currency: str
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
        return given if self.sees_finance or not given else DOTS + last_4(given)

    @property
    def own_rate(self) -> str:
        own = self.effective and self.effective.scope == RateScope.RESELLER
        return self.effective_rate if own else ""

    @property
    def effective_rate(self) -> str:
        return self.effective.rate.percent if self.effective else ""

    @property
    def effective_scope(self) -> str:
        return self.effective.scope.value if self.effective else ""

    @property
    def revenue(self) -> Decimal | None:
        return decimal_of(Money.sum_of(self.totals.revenue, self.currency))

    @property
    def commission(self) -> Decimal | None:
        return decimal_of(Money.sum_of(self.totals.commission, self.currency))

    @property
    def extended_json(self) -> str:
        return json.dumps(self.reseller.extended_values, ensure_ascii=False)

    @cached_property
    def extended(self) -> dict[str, str]:
        return {pair["key"]: pair["value"] for pair in self.reseller.extended_values}


class ResellerSheet(Sheet):
    """Names are those of the API; after them one column for each extended key."""

    id = column("id", "reseller__pk")
    code = column("code", "reseller__code")
    user_id = column("userId", "reseller__user_id")
    email = column("email", "reseller__user__email")
    pending_email = column("pendingEmail", "reseller__user__pending_email")
    status = column("status", "reseller__status")
    contact_group = column("contactGroup", "reseller__contact_group__slug")
    contact_group_name = column("contactGroupName", "reseller__contact_group__name")
    title = column("title", "reseller__title")
    first_name = column("firstName", "reseller__first_name")
    last_name = column("lastName", "reseller__last_name")
    organization = column("organization", "reseller__organization")
    industry = column("industry", "reseller__industry")
    web_site_url = column("webSiteUrl", "reseller__web_site_url")
    address_1 = column("address1", "reseller__address_1")
    address_2 = column("address2", "reseller__address_2")
    city = column("city", "reseller__city")
    state = column("state", "reseller__state")
    state_name = column("stateName", "reseller__state_name")
    zip_code = column("zipCode", "reseller__zip_code")
    country = column("country", "country")
    country_code = column("countryCode", "reseller__country")
    phone = column("phone", "reseller__phone")
    mobile_phone = column("mobilePhone", "reseller__mobile_phone")
    fax = column("fax", "reseller__fax")
    company_name = column("companyName", "reseller__company_name")
    company_phone = column("companyPhone", "reseller__company_phone")
    company_address = column("companyAddress", "reseller__company_address")
    tax_id_last_4 = column("taxIdLast4", "tax_id_last_4")
    partner_tier = column("partnerTier", "reseller__partner_tier")
    payment_terms = column("paymentTerms", "reseller__payment_terms")
    payout_method = column("payoutMethod", "reseller__account__method")
    stripe_connect_id = column("stripeConnectId", "stripe_connect_id")
    commission_rate = column("commissionRate", "own_rate")
    effective_rate = column("effectiveCommissionRate", "effective_rate")
    effective_scope = column("effectiveRateScope", "effective_scope")
    customers = column("totalCustomersReferred", "totals__customers")
    documents = column("totalDocumentsProcessed", "totals__documents")
    revenue = column("totalRevenueGenerated", "revenue")
    commission = column("totalCommissionEarned", "commission")
    currency = column("totalsCurrency", "currency")
    notes = column("notes", "reseller__notes")
    status_changed_at = column("statusChangedAt", "reseller__status_changed_at")
    created_at = column("createdAt", "reseller__created_at")
    updated_at = column("updatedAt", "reseller__updated_at")

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__()
        if len(keys) > KEY_COLUMNS:
            self.fields["extended_values"] = column("extendedValues", "extended_json")
        else:
            self.fields |= {f"ext.{key}": ExtendedColumn(key) for key in keys}


class ExtendedColumn(Field):  # type: ignore[misc]  # the package has no types
    """The value of one extended key; nothing where a profile lacks it."""

    def __init__(self, key: str) -> None:
        super().__init__(column_name=f"ext.{key}", widget=AsItIs())
        self.key = key

    def get_value(self, instance: Line) -> str | None:
        return instance.extended.get(self.key)


def resellers_table(
    ids: Sequence[UUID],
    *,
    currency: str,
    at: datetime,
    sees_finance: bool,
    is_workbook: bool,
) -> Table:
    """The profiles in this order, totals in one currency: seven queries for each 500.

    Raises Invalid when a workbook cannot hold the extended values.
    """
    keys = _keys(ids)
    if is_workbook and len(keys) > KEY_COLUMNS:
        raise Invalid(TOO_MANY_KEYS)
    sheet = ResellerSheet(keys)

    def rows() -> Iterator[list[Any]]:
        for chunk in in_chunks(ids):
            found = _found(chunk)
            effective = rates_of(found.values(), at)
            totals = totals_of(chunk, currency)
            for pk in filter(found.__contains__, chunk):
                line = Line(
                    found[pk], effective.get(pk), totals[pk], currency, sees_finance
                )
                yield sheet.cells(line)

    return Table(sheet.header, rows())


def last_4(text: str) -> str:
    """The last four characters; of a shorter text none."""
    return text[-LAST:] if len(text) > LAST else ""


def _found(ids: Sequence[UUID]) -> dict[UUID, Reseller]:
    rows = Reseller.objects.select_related("user", "account", "contact_group")
    return rows.defer("search_text", "search_digits").in_bulk(ids)


def _keys(ids: Sequence[UUID]) -> list[str]:
    """The extended keys of these profiles, by name."""
    keys: set[str] = set()
    for chunk in in_chunks(ids):
        values = Reseller.objects.filter(pk__in=chunk).exclude(extended_values=[])
        for pairs in values.values_list("extended_values", flat=True):
            keys.update(pair["key"] for pair in pairs)
    return sorted(keys)
