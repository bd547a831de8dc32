"""Payouts in finished values: what left, and how the account is set up.

Source: 5-resellers, section 10.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from resellers.ledger import Balance
from resellers.models import (
    AccountState,
    EntryKind,
    LedgerEntry,
    PaymentTerms,
    PayoutMethod,
    Reseller,
    SettlementCycle,
)
from resellers.presentation.portal.dates import day_html
from resellers.presentation.portal.entries import KIND_WORDS, entry_url
from resellers.templatetags.moneys import money_html
from resellers.templatetags.signs import status_html

MASK_SHOWN = 4
METHOD_WORDS = {
    PayoutMethod.MANUAL: "Bank transfer",
    PayoutMethod.STRIPE: "Stripe",
    PayoutMethod.NETTING: "Netted on the statement",
}
CYCLE_WORDS = {
    SettlementCycle.WEEKLY: "Every week",
    SettlementCycle.MONTHLY: "Every month",
    SettlementCycle.QUARTERLY: "Every quarter",
}
SIGNS = {
    EntryKind.PAYOUT: ("done", "Sent"),
    EntryKind.NETTING: ("done", "Netted"),
    EntryKind.PAYOUT_RETURN: ("soon", "Returned"),
}


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """One payout; the amount is what arrived, so its sign is turned."""

    public_id: int
    url: str
    date: str
    what: str
    status: str
    amount: str


def payout_row(entry: LedgerEntry, now: datetime) -> PayoutRow:
    kind = EntryKind(entry.kind)
    tone, word = SIGNS[kind]
    return PayoutRow(
        public_id=entry.pk,
        url=entry_url(entry.pk),
        date=day_html(entry.occurred_at, now),
        what=KIND_WORDS[kind],
        status=status_html(tone, word),
        amount=money_html(-entry.money),
    )


def due(balances: Sequence[Balance]) -> list[dict[str, str]]:
    """What the next payout would be, by currency; a debt comes off it."""
    return [
        {
            "label": "Available" if row.available.amount >= 0 else "You owe",
            "amount": money_html(abs(row.available)),
        }
        for row in balances
        if row.available
    ]


def set_up(reseller: Reseller) -> list[dict[str, str]]:
    """How and when money leaves, as agreed."""
    account = reseller.account
    facts = [
        ("Paid by", METHOD_WORDS[PayoutMethod(account.method)]),
        ("Stripe account", masked(account.stripe_account_id)),
        ("Settled", CYCLE_WORDS[SettlementCycle(account.settlement_cycle)]),
        ("Payment terms", terms_words(reseller)),
    ]
    if account.state != AccountState.OPEN:
        facts.append(("At present", "Payouts are stopped"))
    return [{"label": label, "value": value} for label, value in facts if value]


def terms_words(reseller: Reseller) -> str:
    days = reseller.account.hold_days
    label = PaymentTerms(reseller.payment_terms).label
    if not days:
        return "Immediate: available at the time of the sale"
    return f"{label.capitalize()}: available {days} days after the sale"


def masked(account_id: str) -> str:
    return f"…{account_id[-MASK_SHOWN:]}" if account_id else ""
