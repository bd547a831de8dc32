"""What staff do with a sale that has no answer: say whose customer it was, post it."""

from dataclasses import replace
from typing import Any

from django import forms

from resellers import rights
from resellers.actions.referrals import attribute_customer, earlier_sales
from resellers.actions.sales import post_again, post_earlier
from resellers.desk.deeds import Button, Deed, asks
from resellers.desk.forms import ConfirmForm
from resellers.forms.referrals import WhoseForm
from resellers.models import Origin, Outcome, Referral, Reseller, Sale, User
from resellers.models.sale import CUSTOMER_KINDS, UNPOSTED_OUTCOMES

POST_EARLIER = "post-earlier"


def may_edit(user: User) -> bool:
    return user.has_perm(rights.CHANGE)


def may_post(user: User) -> bool:
    return user.has_perm(rights.POST_AGAIN)


def owner_then(sale: Sale) -> Referral | None:
    """Whose customer it was when it happened."""
    found = Referral.objects.of_customer(sale.customer_ref).in_effect(sale.occurred_at)
    return found.select_related("reseller").first()


def is_nobodys(sale: Sale) -> bool:
    return sale.outcome == Outcome.NOT_ATTRIBUTED and owner_then(sale) is None


def may_be_posted(sale: Sale) -> bool:
    if sale.is_posted or sale.outcome not in UNPOSTED_OUTCOMES:
        return False
    return not is_nobodys(sale)


def has_earlier(sale: Sale) -> bool:
    """Whether more than this sale of the customer waits for an answer."""
    if sale.is_posted or sale.kind not in CUSTOMER_KINDS:
        return False
    return earlier_count(sale) > 1


def earlier_count(sale: Sale) -> int:
    referral = owner_then(sale)
    return 0 if referral is None else earlier_sales(referral).count()


def ask_whose(sale: Sale, data: Any) -> forms.BaseForm:
    return WhoseForm(data, initial={"referred_at": sale.occurred_at})


def whose_words(sale: Sale) -> str:
    return (
        f"{sale.customer_ref} becomes the reseller's customer from that time on. This"
        " sale and earlier ones without an answer can be posted then."
    )


def attribute(sale: Sale, *, reseller: Reseller, actor: User, **facts: Any) -> Referral:
    return attribute_customer(
        reseller,
        customer_ref=sale.customer_ref,
        origin=Origin.STAFF,
        actor=actor,
        **facts,
    )


def post_all(sale: Sale, *, actor: User) -> int:
    referral = owner_then(sale)
    return 0 if referral is None else post_earlier(referral, actor=actor)


DEEDS = [
    Deed(
        "attribute",
        "Attribute customer",
        attribute,
        is_nobodys,
        form=ask_whose,
        about=whose_words,
        done="The customer is attributed; the sale can be posted again.",
        allowed=may_edit,
    ),
    Deed(
        "post-again",
        "Post again",
        post_again,
        may_be_posted,
        done="The sale has its answer.",
        allowed=may_post,
    ),
    Deed(
        POST_EARLIER,
        "Post earlier sales",
        post_all,
        has_earlier,
        form=asks(ConfirmForm),
        about="Every sale of this customer in the reseller's time that has no answer"
        " yet is posted, with its refunds.",
        done="The customer's earlier sales are posted.",
        allowed=may_post,
    ),
]


def counted(button: Button, sale: Sale) -> Button:
    """The button that posts several says how many."""
    if button.word != POST_EARLIER:
        return button
    return replace(button, label=f"Post {earlier_count(sale)} earlier sales")
