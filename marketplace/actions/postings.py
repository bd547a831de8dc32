"""What an order owes its reseller, in the ledger: base passed on, commission earned.

The amounts are the frozen ones; nothing is computed again, and actual cost changes
nothing. Source: 4-marketplace, section 5; keys: 6-ledger, section 4.
"""

from datetime import timedelta

from marketplace import pricing
from marketplace.actions.moves import ABOUT, Case
from resellers import ledger
from resellers.commission import BasisPoints
from resellers.models import Basis, EntryComponent, EntryKind, HoldFor, LedgerEntry
from resellers.money import Money

COMPLETES_AFTER = timedelta(days=7)


def deed(case: Case) -> str:
    """What makes a fulfilment one: the contract and its attempt."""
    return f"mkt:{case.order.contract_id}:{case.attempt.number}"


def post_owed(case: Case) -> None:
    """Post both entries of a fulfilment; at 0 % there is no commission entry."""
    order = case.order
    base = Money.from_e9s(order.base_price_e9s, order.currency)
    rate = BasisPoints.from_percent_int(order.commission_percent)
    owed = pricing.owed(order.base_price_e9s, order.commission_e9s, order.currency)
    for component, money in owed:
        earned = component == "commission"
        ledger.post(
            order.reseller.earning_account,
            money,
            key=f"{deed(case)}:{component}",
            kind=EntryKind.EARNING,
            component=component,
            source=ABOUT,
            source_ref=order.contract_id,
            occurred_at=case.at,
            actor=case.actor,
            basis=Basis.MARKUP if earned else "",
            base=base if earned else None,
            rate=rate if earned else None,
            rule_ref=order.rate_rule_ref if earned else "",
        )


def reverse_owed(case: Case) -> None:
    """Take both entries back exactly."""
    keys = {f"{deed(case)}:{component}": component for component in EntryComponent}
    for root in LedgerEntry.objects.filter(key__in=keys).order_by("pk"):
        ledger.reverse(
            root,
            key=f"{deed(case)}:fail:{keys[root.key]}",
            actor=case.actor,
            occurred_at=case.at,
        )


def hold_owed(case: Case) -> None:
    """Nobody is paid while a problem is open."""
    ledger.hold(
        ABOUT, case.order.contract_id, hold_for=HoldFor.DISPUTE, actor=case.actor
    )


def release_owed(case: Case) -> None:
    """The problem is resolved: the wait starts anew."""
    ledger.release(
        ABOUT,
        case.order.contract_id,
        hold_for=HoldFor.DISPUTE,
        actor=case.actor,
        available_at=case.at + COMPLETES_AFTER,
    )


def free_owed(case: Case) -> None:
    """The order is completed: its entries may be paid from now on."""
    ledger.make_available(ABOUT, case.order.contract_id, at=case.at, actor=case.actor)
