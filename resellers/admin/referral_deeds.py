"""What staff do with a referral: move it, end it, give it a rate, post its sales."""

from typing import Any

from resellers import rights
from resellers.actions import rates
from resellers.actions.referrals import earlier_sales, end_referral, move_referral
from resellers.actions.sales import post_earlier
from resellers.desk.deeds import Deed, asks
from resellers.desk.forms import ConfirmForm, WhyForm
from resellers.forms.referrals import NewRateForm, ToWhomForm, WhyEndedForm
from resellers.models import Rate, RateScope, Referral, User

POST_EARLIER = "post-earlier"


class MoveForm(ToWhomForm, WhyForm):
    field_order = ["to", "reason"]


class EndForm(WhyEndedForm, WhyForm):
    field_order = ["end_reason", "reason"]


class RateForm(NewRateForm, WhyForm):
    field_order = ["rate", "is_cleared", "valid_from", "reason"]


def may_rate(user: User) -> bool:
    return user.has_perm(rights.FINANCE)


def may_post(user: User) -> bool:
    return user.has_perm(rights.POST_AGAIN)


def is_open(referral: Referral) -> bool:
    return referral.ended_at is None


def has_earlier(referral: Referral) -> bool:
    return earlier_sales(referral).exists()


def moving_words(referral: Referral) -> str:
    return (
        f"{referral.customer_ref} is the other reseller's from this moment on. What was"
        f" sold before stays with {referral.reseller}; a rate for this customer alone"
        " is not taken along."
    )


def ending_words(referral: Referral) -> str:
    return (
        f"{referral.customer_ref} is nobody's from this moment on: later sales earn"
        f" nothing. What was sold before stays with {referral.reseller}, refunds of it"
        " included."
    )


def set_own_rate(referral: Referral, *, actor: User, **facts: Any) -> Rate:
    return rates.set_rate(
        scope=RateScope.REFERRAL, referral=referral, actor=actor, **facts
    )


DEEDS = [
    Deed(
        "move",
        "Move",
        move_referral,
        is_open,
        form=asks(MoveForm),
        about=moving_words,
        done="The customer was moved; this referral has ended.",
    ),
    Deed(
        "end",
        "End",
        end_referral,
        is_open,
        form=asks(EndForm),
        about=ending_words,
        done="The referral has ended.",
        is_dangerous=True,
    ),
    Deed(
        "rate",
        "Change rate",
        set_own_rate,
        is_open,
        form=asks(RateForm),
        about="A rate for this customer alone goes before the reseller's and the"
        " programme's, for sales from its time on.",
        done="The rate is set.",
        allowed=may_rate,
    ),
    Deed(
        POST_EARLIER,
        "Post earlier sales",
        post_earlier,
        has_earlier,
        form=asks(ConfirmForm),
        about="Every sale of this customer in this time that has no answer yet is"
        " posted, with its refunds.",
        done="The earlier sales are posted.",
        allowed=may_post,
    ),
]
