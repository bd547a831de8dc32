"""Sales as a table: the fact, and its answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from resellers.exporting.sheets import Sheet, Table, column, decimal_of, in_chunks
from resellers.models import Sale


@dataclass
class Line:
    sale: Sale

    @property
    def amount(self) -> Decimal | None:
        return decimal_of(self.sale.money)

    @property
    def commission(self) -> Decimal | None:
        return decimal_of(self.sale.commission)

    @property
    def commission_currency(self) -> str:
        return self.sale.currency if self.sale.commission is not None else ""

    @property
    def rate(self) -> str:
        return self.sale.rate.percent if self.sale.rate is not None else ""


class SaleSheet(Sheet):
    id = column("id", "sale__pk")
    event_key = column("eventKey", "sale__event_key")
    kind = column("kind", "sale__kind")
    source = column("source", "sale__source")
    customer_ref = column("customerRef", "sale__customer_ref")
    seller_code = column("resellerCode", "sale__reseller_code")
    sale_key = column("saleKey", "sale__sale_key")
    amount = column("amount", "amount")
    currency = column("currency", "sale__currency")
    occurred_at = column("occurredAt", "sale__occurred_at")
    description = column("description", "sale__description")
    invoice_ref = column("invoiceRef", "sale__invoice_ref")
    payment_ref = column("paymentRef", "sale__payment_ref")
    received_at = column("receivedAt", "sale__received_at")
    outcome = column("outcome", "sale__outcome")
    reseller_id = column("resellerId", "sale__referral__reseller_id")
    reseller_name = column("resellerName", "sale__referral__reseller__full_name")
    referral_id = column("referralId", "sale__referral_id")
    commission_rate = column("commissionRate", "rate")
    rate_scope = column("rateScope", "sale__rate_scope")
    commission = column("commission", "commission")
    commission_currency = column("commissionCurrency", "commission_currency")
    posted_at = column("postedAt", "sale__posted_at")


def sales_table(ids: Sequence[UUID]) -> Table:
    """The sales in this order: one query for each 500."""
    sheet = SaleSheet()

    def rows() -> Iterator[list[Any]]:
        for chunk in in_chunks(ids):
            found = Sale.objects.select_related("referral__reseller").in_bulk(chunk)
            for pk in filter(found.__contains__, chunk):
                yield sheet.cells(Line(found[pk]))

    return Table(sheet.header, rows())
