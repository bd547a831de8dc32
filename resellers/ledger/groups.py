"""A root with what reversed and restored it, and what of it still stands."""

from dataclasses import dataclass

from resellers.commission import share, standing_markup
from resellers.errors import NothingLeftToReverse
from resellers.models import Basis, EntryComponent, EntryKind, LedgerEntry
from resellers.models.ledger_entry import ROOT_KINDS
from resellers.money import Money


@dataclass(frozen=True)
class Group:
    """Read after the account's lock. Refunds are counted against what was paid."""

    root: LedgerEntry
    rows: list[LedgerEntry]
    commission: Money

    @classmethod
    def of(cls, entry: LedgerEntry) -> "Group":
        rows = list(LedgerEntry.objects.group(entry))
        root = rows[0]
        if root.kind not in ROOT_KINDS or root.amount_minor < 0:
            raise NothingLeftToReverse("Only money that was earned is reversed.")
        return cls(root, rows, commission_beside(root))

    @property
    def sum(self) -> Money:
        return Money.total((row.money for row in self.rows), self.root.currency)

    @property
    def refunded(self) -> Money:
        return Money(self.rows[-1].refunded_minor or 0, self.root.currency)

    @property
    def paid(self) -> Money:
        """What the buyer paid in all: refunds are counted against this."""
        if self.root.basis == Basis.SHARE and self.root.base is not None:
            return self.root.base
        return self._base + self.commission

    @property
    def _base(self) -> Money:
        if self.root.basis == Basis.MARKUP and self.root.base is not None:
            return self.root.base
        return self.root.money

    def standing(self, refunded: Money) -> Money:
        """What is still earned after all refunds."""
        left = self.paid - refunded
        if self.root.basis == Basis.SHARE and self.root.rate is not None:
            return share(left, self.root.rate)
        base, commission = standing_markup(self._base, self.paid, refunded)
        return commission if self.root.basis == Basis.MARKUP else base

    def follower(self, kind: EntryKind, amount: Money, refunded: Money) -> LedgerEntry:
        return LedgerEntry(
            account_id=self.root.account_id,
            currency=self.root.currency,
            amount_minor=amount.amount,
            kind=kind,
            component=self.root.component,
            source=self.root.source,
            source_ref=self.root.source_ref,
            rule_ref=self.root.rule_ref,
            reverses=self.root,
            refunded_minor=refunded.amount,
        )


def commission_beside(root: LedgerEntry) -> Money:
    """The commission of the same deed: `mkt:…:base` stands beside `mkt:…:commission`."""
    if root.basis == Basis.MARKUP:
        return root.money
    zero = Money.zero(root.currency)
    if root.component != EntryComponent.BASE:
        return zero
    deed, _, component = root.key.rpartition(":")
    beside = LedgerEntry.objects.filter(
        key=f"{deed}:{EntryComponent.COMMISSION}", account_id=root.account_id
    ).first()
    return zero if component != EntryComponent.BASE or beside is None else beside.money
