"""The three people one can sign in as, each with a story made by hand."""

from functools import partial
from typing import Any

from resellers.actions.profiles import (
    apply_for_profile,
    change_reseller,
    create_reseller,
    edit_own,
)
from resellers.actions.rates import set_rate
from resellers.actions.referrals import (
    attribute_customer,
    end_referral,
    move_referral,
)
from resellers.actions.statuses import change_status
from resellers.commission import BasisPoints
from resellers.demo.stage import Stage, person
from resellers.models import Reseller
from resellers.money import Money

ROSA, OTIS, ADA = PEOPLE = ("reseller", "reseller-other", "applicant")
MONTH = 30


def tell_all(stage: Stage) -> None:
    tell_rosa(stage)
    tell_otis(stage)
    stage.ago(2.3, partial(apply, stage))


# Rosa: everything that can happen to a reseller, happened to her


def tell_rosa(stage: Stage) -> None:
    stage.ago(712, partial(create_rosa, stage))
    stage.ago(430.4, partial(rate, stage, ROSA, 1_550, "Reviewed after a good year"))
    stage.ago(201.2, partial(change, stage, ROSA, partner_tier="premium"))
    vip = {"vip_status": "yes", "booth_number": "B-42"}
    stage.ago(95.6, partial(change, stage, ROSA, extended_values_patch=vip))
    why = "Two chargebacks in one week"
    stage.ago(66.3, partial(status, stage, ROSA, "suspended", why))
    why = "Both were settled in our favour"
    stage.ago(59.1, partial(status, stage, ROSA, "active", why))
    stage.ago(3.4, partial(move_house, stage))
    customers_of_rosa(stage)
    troubles_of_rosa(stage)


def customers_of_rosa(stage: Stage) -> None:
    refer = partial(referral, stage, ROSA)
    stage.ago(705.1, partial(refer, "C-1001", mail="accounts@harrow.example.com"))
    subscribe(stage, "C-1001", 695, Money(6_500, "USD"), "Monthly plan", times=24)
    stage.ago(521.7, partial(refer, "C-1002", bp=2_000))
    subscribe(stage, "C-1002", 520, Money(2_900, "USD"), "Starter plan", times=18)
    stage.ago(640.2, partial(refer, "C-1003"))
    subscribe(stage, "C-1003", 625, Money(49_000, "USD"), "Annual plan", every=365)
    stage.ago(410.9, partial(refer, "C-1004"))
    subscribe(stage, "C-1004", 400, Money(4_500, "EUR"), "Monthly plan", times=12)
    stage.ago(380.3, partial(refer, "C-1005"))
    subscribe(stage, "C-1005", 370, Money(9_800, "JPY"), "Annual plan", every=360)
    stage.ago(333.3, partial(refer, "C-1006"))
    subscribe(stage, "C-1006", 330, Money(6_500, "USD"), "Monthly plan", times=11)
    stage.ago(180.2, partial(refer, "C-1007"))
    subscribe(stage, "C-1007", 170, Money(6_500, "USD"), "Monthly plan", times=2)
    stage.ago(290.8, partial(refer, "C-1008"))
    subscribe(stage, "C-1008", 280, Money(9_900, "USD"), "Family plan", times=6)
    stage.ago(75.2, partial(leave, stage, "C-1008"))
    stage.ago(11.5, partial(refer, "C-1009", mail="hello@fenn.example.com"))
    stage.ago(10.2, partial(pay, stage, "C-1009", 1, Money(3, "USD"), "Trial"))
    for number in range(14):
        key = f"doc-1001-{number + 1}"
        told = partial(stage.tell, "document", key, customer_ref="C-1001")
        stage.ago(660 - 46 * number, told)


def troubles_of_rosa(stage: Stage) -> None:
    """A refund after four months, one in five parts, disputes won, lost and open."""
    back = partial(stage.tell, "refunded")
    whole = Money(49_000, "USD")
    stage.ago(141.5, partial(back, "re-1003", sale_key="inv-1003:2", money=whole))
    part = Money(1_300, "USD")
    for number in range(5):
        key = f"re-1007-{number + 1}"
        told = partial(back, key, sale_key="inv-1007:1", money=part)
        stage.ago(160 - 9 * number, told)
    again = partial(stage.tell, "restored", "rf-1007", sale_key="inv-1007:1")
    stage.ago(118.4, partial(again, money=part))
    dispute, settle = partial(stage.tell, "disputed"), partial(stage.tell, "released")
    stage.ago(72.2, partial(dispute, "dp-1002", sale_key="inv-1002:15"))
    stage.ago(58.6, partial(settle, "dw-1002", sale_key="inv-1002:15"))
    stage.ago(70.7, partial(dispute, "dp-1008", sale_key="inv-1008:6"))
    lost = Money(9_900, "USD")
    stage.ago(49.9, partial(settle, "dw-1008", sale_key="inv-1008:6"))
    stage.ago(49.8, partial(back, "dl-1008", sale_key="inv-1008:6", money=lost))
    stage.ago(6.2, partial(dispute, "dp-1001", sale_key="inv-1001:23"))


def create_rosa(stage: Stage) -> None:
    stage.resellers[ROSA] = create_reseller(
        user=person(ROSA),
        commission_rate=BasisPoints(1_200),
        reason="Agreed at the conference",
        contact_group="event_registrants",
        first_name="Rosa",
        last_name="Reseller",
        title="Ms.",
        organization="Quill Events",
        industry="Event Management",
        web_site_url="https://quill-events.example",
        address_1="51 Specimen Street",
        city="Exampleton",
        state="Florida",
        zip_code="33799",
        country="United States",
        phone="727-555-0142",
        extended_values=[
            {"key": "event_name", "value": "Annual Conference"},
            {"key": "booth_number", "value": "B-17"},
            {"key": "preferred_contact_method", "value": "email"},
        ],
        tax_id="00-0001042",
        notes="Brings a guest list to each conference.",
        actor=stage.finance,
    )


def move_house(stage: Stage) -> None:
    me = stage.resellers[ROSA]
    edit_own(
        me,
        address_1="7 Harbour Walk",
        mobile_phone="727-555-0177",
        actor=person(ROSA),
    )


# Otis: away for a while, and given a customer of Rosa's


def tell_otis(stage: Stage) -> None:
    stage.ago(502.4, partial(create_otis, stage))
    why = "No new customers for a year"
    stage.ago(331.2, partial(status, stage, OTIS, "inactive", why))
    why = "Asked to come back by phone"
    stage.ago(288.8, partial(status, stage, OTIS, "active", why))
    stage.ago(360.5, partial(rate, stage, OTIS, 900, "Tried for a season"))
    stage.ago(240.1, partial(rate, stage, OTIS, None, "The season is over"))
    refer = partial(referral, stage, OTIS)
    stage.ago(495.5, partial(refer, "C-2001"))
    subscribe(stage, "C-2001", 490, Money(2_900, "USD"), "Starter plan", times=16)
    stage.ago(270.5, partial(refer, "C-2002", mail="office@oakes.example.com"))
    subscribe(stage, "C-2002", 260, Money(24_000, "USD"), "Annual plan", every=365)
    stage.ago(120.3, partial(give_away, stage))


def create_otis(stage: Stage) -> None:
    stage.resellers[OTIS] = create_reseller(
        user=person(OTIS),
        contact_group="info_seekers",
        first_name="Otis",
        last_name="Other",
        organization="Birch Advisory",
        industry="Consulting",
        address_1="12 Mill Row",
        city="Lake Sample",
        state="ON",
        zip_code="M5V 9Z9",
        country="CA",
        phone="416-555-0119",
        payment_terms="net15",
        reason="As in the contract",
        extended_values=[
            {"key": "inquiry_topic", "value": "Estate Planning"},
            {"key": "lead_source", "value": "Website Form"},
        ],
        actor=stage.finance,
    )


def give_away(stage: Stage) -> None:
    stage.referrals["C-1006"] = move_referral(
        stage.referrals["C-1006"],
        to=stage.resellers[OTIS],
        reason="The customer moved to Lake Sample",
        actor=stage.editor,
    )


# Ada


def apply(stage: Stage) -> None:
    stage.resellers[ADA] = apply_for_profile(
        person(ADA),
        first_name="Ada",
        last_name="Applicant",
        organization="Wren Learning",
        phone="206-555-0163",
        message="I teach estate planning to forty families a year.",
    )


# Deeds


def referral(
    stage: Stage, who: str, ref: str, mail: str = "", bp: int | None = None
) -> None:
    stage.referrals[ref] = attribute_customer(
        stage.resellers[who],
        customer_ref=ref,
        customer_email=mail,
        commission_rate=None if bp is None else BasisPoints(bp),
        origin="staff",
        actor=stage.editor if bp is None else stage.finance,
    )


def subscribe(
    stage: Stage,
    ref: str,
    days: float,
    price: Money,
    plan: str,
    *,
    every: int = MONTH,
    times: int = 2,
) -> None:
    for number in range(times):
        stage.ago(
            days - every * number, partial(pay, stage, ref, number + 1, price, plan)
        )


def pay(stage: Stage, ref: str, number: int, price: Money, plan: str) -> None:
    stage.tell(
        "paid",
        f"inv-{ref[2:]}:{number}",
        money=price,
        customer_ref=ref,
        description=plan,
        invoice_ref=f"INV-{ref[2:]}-{number:02d}",
        payment_ref=f"pay-{ref[2:]}-{number:02d}",
        late_hours=0.1,
    )


def leave(stage: Stage, ref: str) -> None:
    end_referral(
        stage.referrals[ref],
        end_reason="customer_left",
        reason="Closed the account",
        actor=stage.editor,
    )


def rate(stage: Stage, who: str, bp: int | None, why: str) -> None:
    set_rate(
        scope="reseller",
        reseller=stage.resellers[who],
        rate=None if bp is None else BasisPoints(bp),
        reason=why,
        actor=stage.finance,
    )


def status(stage: Stage, who: str, to: str, why: str) -> None:
    stage.resellers[who] = change_status(
        stage.resellers[who], status=to, reason=why, actor=stage.finance
    )


def change(stage: Stage, who: str, **facts: Any) -> None:
    stage.resellers[who] = change_reseller(
        stage.resellers[who], actor=stage.editor, **facts
    )


def reseller_ids() -> dict[str, str]:
    """Ids worth trying, by the word that scripts use."""
    rows = Reseller.objects.filter(user__email=person(ROSA).email)
    return {"reseller": str(rows.get().pk)}
