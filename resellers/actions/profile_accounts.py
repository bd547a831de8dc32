"""A profile's commission account: opened with it, stopped and let go by its status.

What somebody else stopped stays stopped: the suspension's own hold is known by its
words. Source: 5-resellers, sections 1 and 4; 6-ledger, section 2.
"""

import secrets

from django.db import IntegrityError, transaction

from resellers.actions import accounts
from resellers.models import Account, AccountKind, AccountState, Actor, Reseller
from resellers.models.reseller import CODE_ALPHABET, CODE_PREFIX, CODE_SIGNS

SUSPENDED = "The profile is suspended"
TRIES = 5
NAME_LENGTH = 200


def save_with_account(row: Reseller, *, actor: Actor) -> Reseller:
    """Insert the profile with a new code and the account of that code.

    A code that somebody else has drawn meanwhile is drawn again. Raises
    IntegrityError where the profile itself is refused.
    """
    for left in reversed(range(TRIES)):
        row.code = new_code()
        for name, text in row.search_columns.items():
            setattr(row, name, text)
        try:
            with transaction.atomic():
                row.account = _opened(row, actor)
                row.save(force_insert=True)
        except (IntegrityError, Account.DoesNotExist):
            if not left or not _code_taken(row.code):
                raise
        else:
            return row
    raise AssertionError("the last try returns or raises")


def new_code() -> str:
    """A code nobody has: RS- and six signs of Crockford's base 32."""
    while True:
        signs = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_SIGNS))
        code = f"{CODE_PREFIX}{signs}"
        if not _code_taken(code):
            return code


def follow_name(row: Reseller, *, actor: Actor) -> None:
    """Keep the account's name as the profile's."""
    accounts.rename_account(row.account, name=_name(row), actor=actor)


def follow_terms(row: Reseller) -> None:
    """Let what is earned from now on wait as the terms say; the caller records it."""
    row.account.hold_days = row.hold_days
    row.account.save(update_fields=["hold_days"])


def stop(row: Reseller, *, actor: Actor) -> None:
    """Hold what the profile was not paid yet; a stopped account is left as it is."""
    if _state(row) == AccountState.OPEN:
        accounts.hold_account(row.account, reason=SUSPENDED, actor=actor)


def let_go(row: Reseller, *, actor: Actor) -> None:
    """Return what the suspension held; what others stopped stays."""
    if _state(row) == AccountState.HELD and row.account.state_reason == SUSPENDED:
        accounts.release_account(row.account, reason="", actor=actor)


def _opened(row: Reseller, actor: Actor) -> Account:
    return accounts.open_account(
        kind=AccountKind.RESELLER,
        owner_ref=str(row.pk),
        code=row.code,
        name=_name(row),
        hold_days=row.hold_days,
        actor=actor,
    )


def _name(row: Reseller) -> str:
    return str(row)[:NAME_LENGTH]


def _state(row: Reseller) -> str:
    row.account.refresh_from_db()
    return row.account.state


def _code_taken(code: str) -> bool:
    return (
        Reseller.objects.filter(code=code).exists()
        or Account.objects.filter(code=code).exists()
    )
