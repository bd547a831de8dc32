"""Whose customer paid, at which rate, and what that earns.

Source: 5-resellers, sections 5 and 6.
"""

from resellers import clock, ledger
from resellers.actions.referrals import backdate, locked_reseller, open_referral
from resellers.commission import share
from resellers.errors.profiles import CustomerAlreadyReferred, ReferralOverlaps
from resellers.models import (
    AccountState,
    Actor,
    Basis,
    EntryComponent,
    EntryKind,
    Origin,
    Outcome,
    Referral,
    Reseller,
    Sale,
    SaleKind,
    User,
)
from resellers.models.sale import ANSWER, SOURCE
from resellers.money import Money
from resellers.rates import RateInEffect, first_rate_after, rate_at
from resellers.sales import entry_key

NEEDED = [
    *("reseller", "customer_ref", "referred_at", "ended_at", "origin"),
    *("reseller__code", "reseller__account"),
    *("reseller__account__state", "reseller__account__hold_days"),
]
"""Of a referral, its reseller and its account: a sale reads no wide rows."""


def write(sale: Sale) -> None:
    """Insert the fact with its answer, or give the answer to one that waits."""
    if sale._state.adding:  # noqa: SLF001 -- documented, and there is no other word
        sale.save(force_insert=True)
        return
    answer = {name: getattr(sale, name) for name in ANSWER}
    if not Sale.objects.filter(pk=sale.pk, posted_at=None).update(**answer):
        raise AssertionError("an answer is written once, under the sale's lock")


def referral_in_effect(sale: Sale) -> Referral | None:
    """Whose customer it was when it happened."""
    of = Referral.objects.of_customer(sale.customer_ref).in_effect(sale.occurred_at)
    return of.select_related("reseller__account").only(*NEEDED).first()


def referral_by_code(sale: Sale, actor: Actor) -> Referral | None:
    """The referral that the code on the sale makes, from the sale's time on.

    The first attribution wins: a customer who is anybody's from some time on stays
    so, and only the same reseller's code on an earlier sale lets a referral that a
    code made begin earlier. A code of nobody, or of one who is not active, is none.
    """
    code = sale.reseller_code.upper()
    reseller = Reseller.objects.filter(code=code).first() if code else None
    if reseller is None:
        return None
    owner = locked_reseller(reseller)
    if not owner.may_receive_referrals:
        return None
    referral = Referral(
        reseller=owner,
        customer_ref=sale.customer_ref,
        referred_at=sale.occurred_at,
        origin=Origin.CODE,
        created_by=actor if isinstance(actor, User) else None,
        created_at=clock.now(),
    )
    try:
        open_referral(referral, actor=actor)
    except (CustomerAlreadyReferred, ReferralOverlaps):
        return referral_in_effect(sale) or _begun_earlier(sale, owner, actor)
    return referral


def answer(sale: Sale, referral: Referral | None, rate: RateInEffect | None) -> None:
    """Fill in what the sale is answered with; nothing is written yet."""
    sale.referral = referral
    if referral is None:
        sale.outcome = Outcome.NOT_ATTRIBUTED
    elif sale.kind == SaleKind.DOCUMENT:
        sale.outcome, sale.posted_at = Outcome.COUNTED, clock.now()
    elif rate is None:
        sale.outcome = Outcome.NO_RATE
    else:
        _compute(sale, referral, rate)


def rate_of(sale: Sale, referral: Referral | None) -> RateInEffect | None:
    """The rate at the time of the sale; documents and strangers have none."""
    if referral is None or sale.kind == SaleKind.DOCUMENT:
        return None
    return rate_at(referral, sale.occurred_at)


def later_rate(sale: Sale, referral: Referral | None) -> RateInEffect | None:
    """For a sale that met no rate: the first one that came to hold since."""
    if referral is None or sale.kind == SaleKind.DOCUMENT:
        return None
    return first_rate_after(referral, sale.occurred_at, until=clock.now())


def post(sale: Sale, rate: RateInEffect | None, actor: Actor) -> None:
    """Post to the ledger what the answer says; zero posts nothing."""
    if rate is None or sale.referral is None or not sale.commission:
        return
    ledger.post(
        sale.referral.reseller.account,
        sale.commission,
        key=entry_key(sale.event_key),
        kind=EntryKind.EARNING,
        component=EntryComponent.COMMISSION,
        source=SOURCE,
        source_ref=str(sale.pk),
        occurred_at=sale.occurred_at,
        actor=actor,
        basis=Basis.SHARE,
        base=sale.money,
        rate=rate.rate,
        rule_ref=rate.rule_ref,
    )


def _compute(sale: Sale, referral: Referral, rate: RateInEffect) -> None:
    commission = share(Money(sale.amount_minor, sale.currency), rate.rate)
    sale.rate_bp, sale.rate_scope = rate.rate.bp, rate.scope
    sale.rate_since = rate.since
    sale.commission_minor = commission.amount
    sale.posted_at = clock.now()
    if not commission:
        sale.outcome = Outcome.ZERO
    elif referral.reseller.account.state == AccountState.OPEN:
        sale.outcome = Outcome.EARNED
    else:
        sale.outcome = Outcome.HELD


def _begun_earlier(sale: Sale, reseller: Reseller, actor: Actor) -> Referral | None:
    """The referral a later sale's code made, which this sale's code begins earlier."""
    after = Referral.objects.of_customer(sale.customer_ref).overlapping(
        sale.occurred_at
    )
    first = after.select_related("reseller__account").order_by("referred_at").first()
    if first is None or first.origin != Origin.CODE or first.reseller != reseller:
        return None
    backdate(first, sale.occurred_at, actor=actor)
    return first
