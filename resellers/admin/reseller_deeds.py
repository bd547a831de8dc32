"""What staff do with a profile beside editing it: each asks why and says what follows.

A move of the status has a button in the statuses it leaves. Rate, terms and tax id are
finance's, and so is the end of a suspension. Source: 5-resellers, sections 4, 5 and 9.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from resellers import clock, links, rates, rights
from resellers.actions import invitations, profiles, statuses
from resellers.actions.rates import set_rate
from resellers.actions.referrals import attribute_customer, earlier_sales
from resellers.admin.reseller_asks import (
    AttributeForm,
    EmailForm,
    RateForm,
    TaxIdForm,
    TermsForm,
)
from resellers.commission import BasisPoints
from resellers.desk.deeds import Deed, FormMaker, asks
from resellers.desk.forms import ConfirmForm, WhyForm
from resellers.errors.profiles import StatusMoveNotAllowed
from resellers.models import (
    Origin,
    Rate,
    RateScope,
    Referral,
    Reseller,
    ResellerStatus,
    User,
)
from resellers.models.reseller import moves_from

APPLICANT, ACTIVE, INACTIVE, SUSPENDED = ResellerStatus
TOLD = "They are told by e-mail, without the reason."


def is_finance(person: User) -> bool:
    return rights.may(person, rights.FINANCE)


def ask_terms(reseller: Reseller, data: Any) -> forms.BaseForm:
    return TermsForm(data, initial={"payment_terms": reseller.payment_terms})


def set_own_rate(
    reseller: Reseller,
    *,
    rate: BasisPoints | None,
    actor: User,
    **facts: Any,
) -> Rate:
    return set_rate(
        scope=RateScope.RESELLER, reseller=reseller, rate=rate, actor=actor, **facts
    )


def attribute(reseller: Reseller, *, actor: User, **facts: Any) -> Referral:
    return attribute_customer(reseller, origin=Origin.STAFF, actor=actor, **facts)


def attributed(referral: Referral) -> str:
    """Whose customer it is now, and that earlier sales may be posted."""
    told = f"Customer {referral.customer_ref} is {referral.reseller}'s now."
    count = earlier_sales(referral).count()
    if not count:
        return told
    page = reverse("admin:resellers_referral_change", args=[referral.pk])
    words = "1 earlier sale" if count == 1 else f"{count:,} earlier sales"
    return format_html('{} <a href="{}">Post {}</a> if they count.', told, page, words)


def rate_words(reseller: Reseller) -> str:
    """The rate of now, and what a new one does."""
    now = rates.rates_of([reseller], clock.now()).get(reseller.pk)
    words = "No rate holds: their sales earn nothing."
    if now is not None:
        whose = "their own" if now.scope == RateScope.RESELLER else "the programme's"
        words = f"{now.rate} of what customers pay holds now, {whose}."
    return f"{words} A new one counts for sales from its time on; none is redone."


def moving(to: ResellerStatus, *leaving: ResellerStatus) -> Callable[..., Reseller]:
    """The move of one button: from another status than its own it is refused."""

    def move(reseller: Reseller, *, reason: str, actor: User) -> Reseller:
        if reseller.status not in {*leaving, to}:
            allowed = [str(each) for each in moves_from(reseller.status)]
            raise StatusMoveNotAllowed(
                f"The profile is {reseller.status} by now: look at it again.",
                status=reseller.status,
                allowed=allowed,
            )
        return statuses.change_status(reseller, status=to, reason=reason, actor=actor)

    return move


def move_deed(
    word: str,
    label: str,
    to: ResellerStatus,
    *leaving: ResellerStatus,
    about: str,
    done: str,
    **more: Any,
) -> Deed:
    return Deed(
        word,
        label,
        moving(to, *leaving),
        lambda reseller: reseller.status in leaving,
        form=asks(WhyForm),
        about=about,
        done=done,
        **more,
    )


MOVE_DEEDS = [
    move_deed(
        "approve",
        "Approve",
        ACTIVE,
        APPLICANT,
        about=f"They may receive referrals and earn from now on; nothing before counts."
        f" {TOLD}",
        done="The application is approved.",
    ),
    move_deed(
        "decline",
        "Decline",
        INACTIVE,
        APPLICANT,
        about="The application ends: no referrals and no commission. The profile stays"
        " and can be made active later. No mail is sent.",
        done="The application is declined.",
        is_dangerous=True,
    ),
    move_deed(
        "reactivate",
        "Make active",
        ACTIVE,
        INACTIVE,
        about=f"They may receive referrals again. {TOLD}",
        done="The profile is active.",
    ),
    move_deed(
        "deactivate",
        "Make inactive",
        INACTIVE,
        ACTIVE,
        about="No new referrals. Existing customers keep earning and payouts go on. No"
        " mail is sent.",
        done="The profile is inactive.",
    ),
    move_deed(
        "suspend",
        "Suspend",
        SUSPENDED,
        ACTIVE,
        INACTIVE,
        about="No new referrals. New and unpaid commission goes on hold and payouts are"
        f" blocked; queued ones are taken out. Only finance can end it. {TOLD}",
        done="The profile is suspended.",
        is_dangerous=True,
    ),
    move_deed(
        "reinstate",
        "End suspension",
        ACTIVE,
        SUSPENDED,
        about="What the suspension held returns to where it was; nothing is lost. They"
        f" may receive referrals again. {TOLD}",
        done="The suspension has ended; the profile is active.",
        allowed=is_finance,
    ),
    move_deed(
        "release",
        "End suspension, inactive",
        INACTIVE,
        SUSPENDED,
        about="What the suspension held returns to where it was; nothing is lost. They"
        f" get no new referrals. {TOLD}",
        done="The suspension has ended; the profile is inactive.",
        allowed=is_finance,
    ),
]


def finance_deed(
    word: str,
    label: str,
    action: Callable[..., Any],
    form: FormMaker,
    **more: Any,
) -> Deed:
    return Deed(word, label, action, form=form, allowed=is_finance, **more)


DEEDS = [
    *MOVE_DEEDS,
    Deed(
        "invite",
        "Mail an invitation",
        invitations.invite,
        lambda reseller: not links.has_accepted(reseller.user),
        form=asks(ConfirmForm),
        about="They get a link, good for seven days, by which they choose a password"
        " and may sign in. Earlier links keep working until one is used.",
        done="The invitation is on its way.",
    ),
    Deed(
        "email",
        "Change e-mail",
        invitations.request_email,
        form=asks(EmailForm),
        about="A link goes to the new address and a notice to the old one. They sign in"
        " with the old one until the link is opened.",
        done="The link is on its way to the new address.",
    ),
    finance_deed(
        "rate",
        "Change rate",
        set_own_rate,
        asks(RateForm),
        about=rate_words,
        done="The rate is set.",
    ),
    finance_deed(
        "terms",
        "Change terms",
        profiles.change_reseller,
        ask_terms,
        about="Commission of new sales waits that many days before it is available;"
        " what was earned before keeps its day.",
        done="The terms are set.",
    ),
    finance_deed(
        "tax-id",
        "Change tax id",
        profiles.change_reseller,
        asks(TaxIdForm),
        done="The tax id is changed.",
    ),
    finance_deed(
        "reveal",
        "Reveal tax id",
        profiles.reveal_tax_id,
        asks(WhyForm),
        when=lambda reseller: bool(reseller.tax_id),
        about="The whole tax id is shown once; who asked and why stands in the history.",
        done="Shown once: leave this page and it is hidden again.",
        shows="Tax id",
    ),
    Deed(
        "attribute",
        "Add customer",
        attribute,
        lambda reseller: reseller.may_receive_referrals,
        form=asks(AttributeForm),
        about="Sales of this customer earn for this reseller from the given time on.",
        done=attributed,
    ),
]
