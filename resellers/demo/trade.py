"""What the customers of the crowd do: come, pay, pay again, ask for money back."""

import random
from datetime import timedelta
from functools import partial

from resellers import clock
from resellers.actions.profiles import create_reseller
from resellers.actions.rates import set_rate
from resellers.actions.referrals import (
    attribute_customer,
    end_referral,
    move_referral,
)
from resellers.actions.statuses import change_status
from resellers.commission import BasisPoints
from resellers.demo.people import REASONS, Draft
from resellers.demo.stage import Stage
from resellers.demo.words import FIRST_NAMES, LAST_NAMES
from resellers.models import RateScope
from resellers.money import Money

FIRST_CUSTOMER = 10_001
PRICES = {
    "USD": (2_900, 6_500, 9_900, 14_900, 24_000, 49_000),
    "EUR": (2_500, 5_900, 9_900, 21_900),
    "JPY": (3_980, 9_800, 29_800),
}
PLANS = ("Starter plan", "Annual plan", "Family plan", "Document package")
BUYS_PERCENT = 24
MONTHLY_PERCENT = 2
REFUND_PERCENT = 5
DISPUTE_PERCENT = 1
DOCUMENT_PERCENT = 5
MONTH = 30
MOST_RENEWALS = 9


def appear(stage: Stage, draft: Draft) -> None:
    """Note a person's profile, what becomes of it, and the customers."""
    stage.ago(draft.days, partial(join, stage, draft))
    days, chance = draft.days, draft.chance
    for status in draft.statuses[1:]:
        days *= 0.2 + 0.6 * chance.random()
        stage.ago(days, partial(move, stage, draft, status))
    if draft.later_rate is not None and draft.rate is not None:
        stage.ago(draft.days / 3, partial(agree, stage, draft))


def join(stage: Stage, draft: Draft) -> None:
    has_rate = draft.rate is not None or draft.facts["payment_terms"] != "net30"
    reseller = create_reseller(
        email=draft.email,
        status=draft.statuses[0],
        commission_rate=draft.rate,
        reason="Agreed by phone" if has_rate else "",
        actor=stage.finance if has_rate else stage.editor,
        **draft.facts,
    )
    stage.resellers[draft.email] = reseller
    if draft.statuses[0] == "active":
        find_customers(stage, draft, draft.days)


def move(stage: Stage, draft: Draft, status: str) -> None:
    reseller = stage.resellers[draft.email]
    actor = stage.finance if reseller.status == "suspended" else stage.editor
    stage.resellers[draft.email] = change_status(
        reseller, status=status, reason=REASONS[status], actor=actor
    )
    if draft.statuses[0] == "applicant" and status == "active":
        find_customers(stage, draft, (stage.now - clock.now()) / timedelta(days=1))


def agree(stage: Stage, draft: Draft) -> None:
    set_rate(
        scope=RateScope.RESELLER,
        reseller=stage.resellers[draft.email],
        rate=draft.later_rate,
        reason="Reviewed after a good year",
        actor=stage.finance,
    )


def find_customers(stage: Stage, draft: Draft, days: float) -> None:
    """Customers come in the first part of the time that is left."""
    for place in range(draft.customers):
        after = 0.02 + 0.9 * draft.chance.random()
        stage.ago(days * (1 - after), partial(refer, stage, draft, place))


def refer(stage: Stage, draft: Draft, place: int) -> None:
    reseller = stage.resellers[draft.email]
    if not reseller.may_receive_referrals:
        return
    chance = random.Random(f"{draft.email} {place}")  # noqa: S311 -- a story
    ref = f"C-{FIRST_CUSTOMER + len(stage.referrals)}"
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    own = BasisPoints(2_000) if chance.randrange(25) == 0 else None
    mail = f"customer-{ref[2:]}@shop.example.com"
    stage.referrals[ref] = attribute_customer(
        reseller,
        customer_ref=ref,
        customer_email=mail if chance.randrange(2) else "",
        commission_rate=own,
        notes=f"{first} {last}" if chance.randrange(5) == 0 else "",
        origin=chance.choice(("staff", "api", "api", "import")),
        actor=stage.finance if own else stage.editor,
    )
    buy(stage, ref, draft.currency, chance)
    leave(stage, ref, chance)


def leave(stage: Stage, ref: str, chance: random.Random) -> None:
    """Few end, fewer are moved to somebody else."""
    days = (stage.now - stage.referrals[ref].referred_at) / timedelta(days=1)
    fate = chance.randrange(100)
    if fate < 3:  # noqa: PLR2004 -- percent
        reason = ("customer_left", "mistake", "other")[fate]
        stage.ago(days * 0.4, partial(end, stage, ref, reason))
    elif fate == 3:  # noqa: PLR2004 -- percent
        stage.ago(days * 0.5, partial(give, stage, ref))


def end(stage: Stage, ref: str, reason: str) -> None:
    end_referral(
        stage.referrals[ref],
        end_reason=reason,
        reason="As the shop told us",
        actor=stage.editor,
    )


def give(stage: Stage, ref: str) -> None:
    """To the first who may have the customer."""
    referral = stage.referrals[ref]
    for reseller in stage.resellers.values():
        if reseller.may_receive_referrals and reseller.pk != referral.reseller_id:
            stage.referrals[ref] = move_referral(
                referral,
                to=reseller,
                reason="Asked to be looked after nearby",
                actor=stage.editor,
            )
            return


def buy(stage: Stage, ref: str, currency: str, chance: random.Random) -> None:
    """One in four pays, few of them every month."""
    fate = chance.randrange(100)
    days = (stage.now - stage.referrals[ref].referred_at) / timedelta(days=1)
    if fate >= BUYS_PERCENT + DOCUMENT_PERCENT:
        return
    if fate >= BUYS_PERCENT:
        document = partial(stage.tell, "document", f"doc-{ref}", customer_ref=ref)
        stage.ago(days * 0.7, document)
        return
    price = Money(chance.choice(PRICES[currency]), currency)
    plan = chance.choice(PLANS)
    step = MONTH if fate < MONTHLY_PERCENT else 12 * MONTH
    left = days * (0.3 + 0.69 * chance.random())
    for number in range(MOST_RENEWALS):
        key = f"inv-{ref[2:]}:{number + 1}"
        stage.ago(left, partial(pay, stage, key, ref, price, plan))
        trouble(stage, key, price, left, chance)
        left -= step


def pay(stage: Stage, key: str, ref: str, price: Money, plan: str) -> None:
    invoice = key.partition(":")[0].upper()
    stage.tell(
        "paid",
        key,
        money=price,
        customer_ref=ref,
        description=plan,
        invoice_ref=invoice,
        payment_ref=f"pay-{key}",
        late_hours=0.1,
    )


def trouble(
    stage: Stage, key: str, price: Money, left: float, chance: random.Random
) -> None:
    """A refund in full or of a third, or a dispute that ends after two weeks."""
    fate = chance.randrange(100)
    later = left * (0.2 + 0.7 * chance.random())
    if fate < REFUND_PERCENT:
        third = Money(price.amount // 3, price.currency)
        back = chance.choice((price, third))
        refund = partial(stage.tell, "refunded", f"re-{key}", sale_key=key, money=back)
        stage.ago(later, refund)
    elif fate < REFUND_PERCENT + DISPUTE_PERCENT:
        stage.ago(later, partial(stage.tell, "disputed", f"dp-{key}", sale_key=key))
        won = partial(stage.tell, "released", f"dw-{key}", sale_key=key)
        stage.ago(later - 14, won)
