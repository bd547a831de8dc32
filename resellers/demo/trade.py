"""What happens to the crowd and its customers: they come, pay, ask for money back.

Profiles and referrals of a month are made together, each as of its own moment; whatever
follows is one deed each.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from resellers import clock
from resellers.actions.crowds import (
    NewReferral,
    NewReseller,
    attribute_customers,
    create_resellers,
)
from resellers.actions.rates import set_rate
from resellers.actions.referrals import end_referral, move_referral
from resellers.actions.statuses import change_status
from resellers.commission import BasisPoints
from resellers.demo.people import REASONS, Draft
from resellers.demo.stage import Stage
from resellers.models import RateScope, Referral
from resellers.money import Money

FIRST_CUSTOMER = 10_001
OWN_RATE = BasisPoints(2_000)
PRICES = {
    "USD": (2_900, 6_500, 9_900, 14_900, 24_000, 49_000),
    "EUR": (2_500, 5_900, 9_900, 21_900),
    "JPY": (3_980, 9_800, 29_800),
}
PLANS = ("Starter plan", "Annual plan", "Family plan", "Document package")
BUYS_PERCENT = 22
MONTHLY_PERCENT = 2
REFUND_PERCENT = 5
DISPUTE_PERCENT = 1
DOCUMENT_PERCENT = 4
MONTH = 30
MOST_RENEWALS = 9

Coming = tuple[float, Draft]
"""A customer who comes that many days ago to that profile."""


def appear(stage: Stage, drafts: Sequence[Draft]) -> None:
    """Note the profiles, what becomes of them, and their customers."""
    for start, together in by_month((draft.days, draft) for draft in drafts):
        stage.ago(start, partial(join, stage, [each for _, each in together]))
    coming = [(days, draft) for draft in drafts for days in draft.customers]
    for start, together in by_month(each for each in coming if is_known(each[1])):
        stage.ago(start, partial(refer, stage, together))
    for days, draft in coming:
        if not is_known(draft):
            stage.ago(days, partial(refer, stage, [(days, draft)]))
    for draft in drafts:
        for days, status in draft.moves:
            stage.ago(days, partial(move, stage, draft, status))
        if draft.later_rate is not None and draft.rate is not None:
            stage.ago(draft.days / 3, partial(agree, stage, draft))


def is_known(draft: Draft) -> bool:
    """Active from the first day: customers may be given at the month's beginning."""
    return draft.status == "active"


def by_month(coming: Iterable[Coming]) -> Iterator[tuple[float, list[Coming]]]:
    """Those of one month together and how many days ago it began, in order of time."""
    ordered = sorted(coming, key=lambda each: -each[0])
    for month, together in groupby(ordered, key=lambda each: each[0] // MONTH):
        yield (month + 1) * MONTH, list(together)


def moment(stage: Stage, days: float) -> datetime:
    return stage.now - timedelta(days=days)


def join(stage: Stage, drafts: Sequence[Draft]) -> None:
    """Profiles with money in them are made by finance, the others by an editor."""
    paid = [draft for draft in drafts if touches_money(draft)]
    free = [draft for draft in drafts if not touches_money(draft)]
    for some, actor in ((paid, stage.finance), (free, stage.editor)):
        people = [
            NewReseller(
                email=draft.email,
                at=moment(stage, draft.days),
                status=draft.status,
                commission_rate=draft.rate,
                reason="Agreed by phone" if touches_money(draft) else "",
                facts=draft.facts,
            )
            for draft in some
        ]
        for row in create_resellers(people, actor=actor):
            stage.resellers[row.user.email] = row


def touches_money(draft: Draft) -> bool:
    return draft.rate is not None or draft.facts["payment_terms"] != "net30"


def move(stage: Stage, draft: Draft, status: str) -> None:
    reseller = stage.resellers[draft.email]
    actor = stage.finance if reseller.status == "suspended" else stage.editor
    moved = change_status(reseller, status=status, reason=REASONS[status], actor=actor)
    reseller.status = moved.status


def agree(stage: Stage, draft: Draft) -> None:
    set_rate(
        scope=RateScope.RESELLER,
        reseller=stage.resellers[draft.email],
        rate=draft.later_rate,
        reason="Reviewed after a good year",
        actor=stage.finance,
    )


def refer(stage: Stage, coming: Sequence[Coming]) -> None:
    """The customers of one month; a few of them have a rate of their own."""
    new = []
    first = FIRST_CUSTOMER + stage.customers
    stage.customers += len(coming)
    for number, (days, draft) in enumerate(coming, first):
        chance = chance_of(f"C-{number}")
        mail = f"customer-{number}@shop.example.com"
        new.append(
            NewReferral(
                reseller=stage.resellers[draft.email],
                customer_ref=f"C-{number}",
                at=moment(stage, days),
                origin=chance.choice(("staff", "api", "api", "import")),
                customer_email=mail if chance.randrange(2) else "",
            )
        )
    made = attribute_customers(new, actor=stage.editor)
    for row, (days, draft) in zip(made, coming, strict=True):
        stage.referrals[row.customer_ref] = row
        chance = chance_of(f"{row.customer_ref} buys")
        if chance.randrange(25) == 0:
            with clock.at(row.created_at):
                give_rate(stage, row)
        buy(stage, row.customer_ref, days, draft.currency, chance)
        leave(stage, row.customer_ref, days, chance)


def give_rate(stage: Stage, referral: Referral) -> None:
    set_rate(
        scope=RateScope.REFERRAL,
        referral=referral,
        rate=OWN_RATE,
        actor=stage.finance,
        from_beginning=True,
    )


def chance_of(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 -- a story, no secret


def leave(stage: Stage, ref: str, days: float, chance: random.Random) -> None:
    """Few end, fewer are moved to somebody else."""
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


def buy(
    stage: Stage, ref: str, days: float, currency: str, chance: random.Random
) -> None:
    """One in five pays, few of them every month; some only send a document."""
    fate = chance.randrange(100)
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
        if left < 0:
            return
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
