"""One signed, immutable amount on one account."""

from typing import Any, ClassVar, NoReturn

from django.db import models

from resellers import clock
from resellers.commission import BasisPoints
from resellers.models.access_key import AccessKey
from resellers.models.account import Account
from resellers.models.conditions import LIMIT_MINOR, between, length, one_of
from resellers.models.user import User
from resellers.money import Money
from resellers.pg import AppendOnly, Group


class EntryKind(models.TextChoices):
    EARNING = "earning", "earning"
    REVERSAL = "reversal", "reversal"
    RESTORE = "restore", "restore"
    ADJUSTMENT = "adjustment", "adjustment"
    OPENING = "opening", "opening balance"
    PAYOUT = "payout", "payout"
    PAYOUT_RETURN = "payout_return", "returned payout"
    NETTING = "netting", "netting"


ROOT_KINDS = [EntryKind.EARNING, EntryKind.ADJUSTMENT, EntryKind.OPENING]
FOLLOWING_KINDS = [EntryKind.REVERSAL, EntryKind.RESTORE]
STATED_KINDS = [EntryKind.ADJUSTMENT, EntryKind.OPENING]
LEAVING_KINDS = [EntryKind.PAYOUT, EntryKind.PAYOUT_RETURN, EntryKind.NETTING]


class EntryComponent(models.TextChoices):
    COMMISSION = "commission", "commission"
    BASE = "base", "base price passed on"


class EntryStatus(models.TextChoices):
    PENDING = "pending", "pending"
    HOLD = "hold", "on hold"
    APPROVED = "approved", "available"
    PAID = "paid", "paid"
    REVERSED = "reversed", "reversed"


MOVES: dict[EntryStatus, frozenset[EntryStatus]] = {
    EntryStatus.PENDING: frozenset({EntryStatus.HOLD}),
    EntryStatus.APPROVED: frozenset({EntryStatus.PENDING, EntryStatus.HOLD}),
    EntryStatus.HOLD: frozenset({EntryStatus.PENDING, EntryStatus.APPROVED}),
    EntryStatus.PAID: frozenset({EntryStatus.APPROVED}),
    EntryStatus.REVERSED: frozenset(
        {EntryStatus.PENDING, EntryStatus.HOLD, EntryStatus.APPROVED}
    ),
}
"""Each status and those it may be reached from; paid and reversed are final."""

UNPAID = [EntryStatus.PENDING, EntryStatus.HOLD, EntryStatus.APPROVED]
FINAL = [EntryStatus.PAID, EntryStatus.REVERSED]


class HoldFor(models.TextChoices):
    """Why an entry is on hold; an earlier word wins over a later one."""

    APPROVAL = "approval", "waits for a second person"
    DISPUTE = "dispute", "a dispute is open"
    FINANCE = "finance", "held by finance"
    ACCOUNT = "account", "the account is held"


class Basis(models.TextChoices):
    MARKUP = "markup", "mark-up on the base price"
    SHARE = "share", "share of what was paid"


class Reason(models.TextChoices):
    ORDER_CANCELLED = "order_cancelled", "order cancelled"
    FRAUD = "fraud", "fraud"
    TERMS_VIOLATION = "terms_violation", "terms violation"
    TRACKING_ERROR = "tracking_error", "tracking error"
    PAYMENT_FAILED = "payment_failed", "payment failed"
    DUPLICATE = "duplicate", "duplicate"
    WRONG_ACCOUNT = "wrong_account", "wrong account"
    WRONG_RATE = "wrong_rate", "wrong rate"
    GOODWILL = "goodwill", "goodwill"
    OVERPAYMENT = "overpayment", "overpayment"
    WITHHOLDING = "withholding", "withholding"
    WRITE_OFF = "write_off", "write-off"
    IMPORT_FIX = "import_fix", "import fix"
    UNDO = "undo", "undo"
    OTHER = "other", "other"


def _none(*fields: str) -> models.Q:
    return models.Q(**{f"{field}__isnull": True for field in fields})


def _all(*fields: str) -> models.Q:
    return models.Q(**{f"{field}__isnull": False for field in fields})


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    def for_account(self, account: Account) -> "LedgerEntryQuerySet":
        return self.filter(account=account)

    def from_source(self, source: str, source_ref: str) -> "LedgerEntryQuerySet":
        return self.filter(source=source, source_ref=source_ref)

    def group(self, root: "LedgerEntry") -> "LedgerEntryQuerySet":
        """The root and what reverses or restores it, in order of posting."""
        return self.filter(models.Q(pk=root.pk) | models.Q(reverses=root)).order_by(
            "id"
        )

    def unpaid(self) -> "LedgerEntryQuerySet":
        return self.filter(status__in=UNPAID)

    def commission(self) -> "LedgerEntryQuerySet":
        return self.filter(component=EntryComponent.COMMISSION)

    def delete(self) -> NoReturn:
        raise TypeError("ledger entries are never deleted; post a reversal")


class LedgerEntry(models.Model):
    """Balance = SUM(amount_minor). A status says when it may leave, not if it counts.

    Only `ledger` inserts and moves entries. What was posted is final; the database
    refuses the rest (`append_only`), and a mistake is corrected by another row.
    Source: 6-ledger, sections 2 and 3.
    """

    append_only = AppendOnly(
        mutable=frozenset({"status", "status_at", "hold_for", "available_at"}),
        state="status",
        moves=MOVES,
        never_new=frozenset({EntryStatus.REVERSED}),
        while_in={"available_at": frozenset({EntryStatus.PENDING, EntryStatus.HOLD})},
        integers=("amount_minor", "base_minor", "rate_bp", "refunded_minor"),
        group=Group(
            root="reverses_id",
            amount="amount_minor",
            same=("account_id", "currency", "component"),
            root_is=("kind", tuple(ROOT_KINDS)),
        ),
    )

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    kind = models.CharField(max_length=15, choices=EntryKind)
    component = models.CharField(max_length=10, choices=EntryComponent)
    status = models.CharField(max_length=10, choices=EntryStatus)
    status_at = models.DateTimeField(default=clock.now)
    hold_for = models.CharField(max_length=10, choices=HoldFor, blank=True, default="")
    available_at = models.DateTimeField()
    occurred_at = models.DateTimeField()
    posted_at = models.DateTimeField(default=clock.now)
    source = models.CharField(max_length=50)
    source_ref = models.CharField(max_length=120)
    basis = models.CharField(max_length=10, choices=Basis, blank=True, default="")
    base_minor = models.BigIntegerField(null=True, blank=True)
    rate_bp = models.IntegerField(null=True, blank=True)
    rule_ref = models.CharField(max_length=200, blank=True, default="")
    reverses = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followers",
        db_index=False,
    )
    refunded_minor = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=20, choices=Reason, blank=True, default="")
    memo = models.CharField(max_length=500, blank=True, default="")
    actor = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    actor_key = models.ForeignKey(
        AccessKey,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    correction_group = models.UUIDField(null=True, blank=True)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "ledger entries"
        ordering = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["key"],
                name="entry_key",
                violation_error_code="posting_conflict",
            ),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"\A[A-Z]{3}\Z"),
                name="entry_currency_iso",
            ),
            models.CheckConstraint(
                condition=between("amount_minor", -LIMIT_MINOR, LIMIT_MINOR)
                & ~models.Q(amount_minor=0),
                name="entry_amount_range",
                violation_error_code="amount_out_of_range",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["adjustment", "opening", "netting"])
                | models.Q(
                    kind__in=["earning", "restore", "payout_return"],
                    amount_minor__gt=0,
                )
                | models.Q(kind__in=["reversal", "payout"], amount_minor__lt=0),
                name="entry_kind_sign",
            ),
            models.CheckConstraint(
                condition=one_of("component", EntryComponent),
                name="entry_component_known",
            ),
            models.CheckConstraint(
                condition=one_of("status", EntryStatus), name="entry_status_known"
            ),
            models.CheckConstraint(
                condition=models.Q(status="hold", hold_for__in=HoldFor.values)
                | (~models.Q(status="hold") & models.Q(hold_for="")),
                name="entry_hold_has_reason",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(basis__in=Basis.values)
                    & _all("base_minor", "rate_bp")
                    & between("base_minor", 0, LIMIT_MINOR)
                    & between("rate_bp", 0, 10_000)
                )
                | (models.Q(basis="") & _none("base_minor", "rate_bp")),
                name="entry_basis_whole",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(kind__in=["reversal", "restore"])
                    & _all("reverses", "refunded_minor")
                    & between("refunded_minor", 0, LIMIT_MINOR)
                )
                | (
                    ~models.Q(kind__in=["reversal", "restore"])
                    & _none("reverses", "refunded_minor")
                ),
                name="entry_reversal_has_root",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["adjustment", "opening"])
                | (
                    models.Q(reason__in=Reason.values)
                    & length("memo", 5, 500)
                    & _all("actor")
                ),
                name="entry_stated_has_author",
            ),
            models.CheckConstraint(
                condition=models.Q(reason="") | one_of("reason", Reason),
                name="entry_reason_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["payout", "netting"])
                | models.Q(status="paid"),
                name="entry_payout_is_paid",
            ),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0)
                | models.Q(kind="reversal")
                | models.Q(status__in=["approved", "paid", "reversed"]),
                name="entry_negative_never_waits",
            ),
            models.CheckConstraint(
                condition=_none("actor") | _none("actor_key"), name="entry_one_actor"
            ),
            models.CheckConstraint(
                condition=length("key", 8, 255)
                & length("fingerprint", 64, 64)
                & length("source", 1, 50)
                & length("source_ref", 1, 120)
                & length("rule_ref", 0, 200)
                & length("memo", 0, 500),
                name="entry_lengths",
            ),
        ]
        indexes = [
            # balances: a range of the index, amounts included
            models.Index(
                fields=["account", "currency", "status", "amount_minor"],
                name="entry_balance",
            ),
            # the clock settles what is due
            models.Index(
                fields=["available_at"],
                name="entry_due",
                condition=models.Q(status="pending"),
            ),
            # an account's entries, newest first
            models.Index(fields=["account", "id"], name="entry_account"),
            # the group of a root
            models.Index(fields=["reverses"], name="entry_reverses"),
            # what an order, sale or redemption posted
            models.Index(fields=["source", "source_ref"], name="entry_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.money} {self.currency}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("ledger entries are never deleted; post a reversal")

    @property
    def money(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def base(self) -> Money | None:
        if self.base_minor is None:
            return None
        return Money(self.base_minor, self.currency)

    @property
    def rate(self) -> BasisPoints | None:
        return None if self.rate_bp is None else BasisPoints(self.rate_bp)
