"""Lists as tables for a spreadsheet; delivered details are never in them."""

from collections.abc import Iterable, Iterator, Sequence

from marketplace.models import ResellerOrder
from marketplace.reports import Earnings
from resellers.money import Money
from resellers.tables import Cell

ORDER_COLUMNS = [
    "contract_id",
    "created_at",
    "status",
    "state",
    "payment",
    "offering_code",
    "offering_name",
    "external_provider",
    "currency",
    "base_price",
    "commission_percent",
    "commission",
    "total_paid",
    "external_order_id",
    "actual_cost",
    "actual_cost_currency",
    "accept_by",
    "fulfil_by",
    "fulfilled_at",
    "on_time",
    "reason_code",
]


def order_table(
    orders: Iterable[ResellerOrder],
) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
    """Header and rows of reseller orders; amounts are decimals of `currency`."""
    return ORDER_COLUMNS, (order_row(order) for order in orders)


def order_row(order: ResellerOrder) -> Sequence[Cell]:
    snapshot = order.contract.offering_snapshot
    return [
        order.contract_id,
        order.created_at,
        str(order.status),
        order.state,
        order.contract.payment.state,
        snapshot["code"],
        snapshot["offer_name"],
        order.external_provider.name,
        order.currency,
        amount(order.base_price_e9s, order.currency),
        order.commission_percent,
        amount(order.commission_e9s, order.currency),
        amount(order.total_paid_e9s, order.currency),
        order.external_order_id,
        amount(order.actual_cost_e9s, order.actual_cost_currency),
        order.actual_cost_currency,
        order.accept_by,
        order.fulfil_by,
        order.fulfilled_at,
        order.on_time,
        order.reason_code,
    ]


def amount(e9s: int | None, currency: str) -> str:
    """An amount as digits; empty when there is none. Digits alone are no formula."""
    return "" if e9s is None else str(Money.from_e9s(e9s, currency))


EARNINGS_COLUMNS = ["currency", "by", "what", "orders", "commission"]


def earnings_table(
    rows: Iterable[Earnings],
) -> tuple[Sequence[str], Iterator[Sequence[Cell]]]:
    """Earnings by month and by external provider, one line each; never added across."""
    return EARNINGS_COLUMNS, (line for row in rows for line in earnings_lines(row))


def earnings_lines(row: Earnings) -> Iterator[Sequence[Cell]]:
    for month in row.months:
        sum_ = amount(month.commission_e9s, row.currency)
        yield [row.currency, "month", month.month, month.orders, sum_]
    for supplier in row.providers:
        sum_ = amount(supplier.commission_e9s, row.currency)
        yield [row.currency, "supplier", supplier.name, supplier.orders, sum_]
