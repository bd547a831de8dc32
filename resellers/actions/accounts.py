"""Commission accounts: opened with their owner, held, released, closed.

The ledger never refuses a true fact: an account that is not open still takes postings,
on hold. Source: 6-ledger, sections 2 and 3.
"""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from resellers import ledger
from resellers.audit import record
from resellers.errors import AccountState as AccountStateRefused
from resellers.errors import BalanceNotZero, Invalid
from resellers.ledger.statuses import lock_accounts
from resellers.models import Account, AccountKind, AccountState, Actor
from resellers.models.account import MOVES

HOLD_DAYS = {AccountKind.PROVIDER: 7, AccountKind.OTA_RESELLER: 0}
REASON_LENGTH = 200


@transaction.atomic
def open_account(
    *,
    kind: str,
    owner_ref: str,
    code: str,
    name: str,
    hold_days: int | None = None,
    actor: Actor,
) -> Account:
    """The account of an owner, made once: asked again it answers the same one.

    `hold_days` are the days from a fact until it may be paid; None takes the kind's
    own (provider 7, OTA reseller 0).
    """
    there = Account.objects.filter(kind=kind, owner_ref=owner_ref).first()
    if there is not None:
        return there
    days = HOLD_DAYS.get(AccountKind(kind), 30) if hold_days is None else hold_days
    account = Account(
        kind=kind, owner_ref=owner_ref, code=code, name=name, hold_days=days
    )
    account.clean_fields()  # the database checks the rest, in one statement
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        return Account.objects.get(kind=kind, owner_ref=owner_ref)
    record(actor, "account.opened", account, after={"code": code, "hold_days": days})
    return account


@transaction.atomic
def rename_account(account: Account, *, name: str, actor: Actor) -> Account:
    """Keep the display copy of the owner's name."""
    if account.name == name:
        return account
    before, account.name = account.name, name
    account.clean_fields()
    account.save(update_fields=["name"])
    record(
        actor, "account.renamed", account, before={"name": before}, after={"name": name}
    )
    return account


@transaction.atomic
def hold_account(account: Account, *, reason: str, actor: Actor) -> Account:
    """Stop all that was not paid yet; what comes after waits, too."""
    lock_accounts([account.pk])
    _move(account, AccountState.HELD, reason)
    rows = ledger.hold_account(account)
    return _recorded(account, actor, "account.held", reason, rows)


@transaction.atomic
def release_account(account: Account, *, reason: str, actor: Actor) -> Account:
    """Open it again: what its own hold stopped returns, as if never stopped."""
    lock_accounts([account.pk])
    _move(account, AccountState.OPEN, "")
    rows = ledger.release_account(account, actor)
    return _recorded(account, actor, "account.released", reason, rows)


@transaction.atomic
def close_account(account: Account, *, reason: str, actor: Actor) -> Account:
    """Close an account that owes nothing and is owed nothing.

    Raises BalanceNotZero (409).
    """
    lock_accounts([account.pk])
    standing = [str(each.balance) for each in ledger.balances(account) if each.balance]
    if standing:
        raise BalanceNotZero(balances=standing)
    _move(account, AccountState.CLOSED, reason)
    return _recorded(account, actor, "account.closed", reason, 0)


def _move(account: Account, to: AccountState, reason: str) -> None:
    if to != AccountState.OPEN and not 1 <= len(reason.strip()) <= REASON_LENGTH:
        raise Invalid("Give a reason of at most 200 characters.", field="reason")
    allowed: Sequence[AccountState] = sorted(MOVES[to])
    moved = Account.objects.filter(pk=account.pk, state__in=allowed).update(
        state=to, state_reason=reason
    )
    account.refresh_from_db()
    if not moved:
        raise AccountStateRefused(
            f"The account is {account.get_state_display()}.", state=account.state
        )


def _recorded(
    account: Account, actor: Actor, action: str, reason: str, rows: int
) -> Account:
    after = {"state": account.state, "entries": rows}
    record(actor, action, account, after=after, reason=reason)
    return account
