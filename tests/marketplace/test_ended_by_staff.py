"""What staff decided is told as the staff's act, in both stories and in the mail."""

import pytest
from django.core.mail import EmailMessage

from marketplace import mails
from marketplace.actions import endings
from marketplace.presentation.leads import lead
from marketplace.presentation.order_page import seller_events
from marketplace.presentation.timeline import events
from resellers import audit, clock
from tests.factories.marketplace import order_in

pytestmark = pytest.mark.django_db

WHY = "Staff decided that this is fraud."
ENDS = [
    ("placed", endings.reject_order, "Consign staff declined this order", True),
    ("accepted", endings.fail_order, "Consign staff ended this order", True),
    ("ordered", endings.fail_order, "Consign staff ended this order", True),
    ("fulfilled", endings.fail_order, "Consign staff ended this order", False),
]


def ended(order, verb, actor):
    order = verb(order, reason_code="other", reason=WHY, actor=actor)
    order.refresh_from_db()
    return order


def told_by_mail(order) -> EmailMessage:
    letter = mails.order_ended(order.pk)
    assert letter is not None
    return letter


@pytest.mark.parametrize("ends", ENDS, ids=lambda ends: ends[0])
def test_what_staff_ended_is_the_staffs_act(owner, relationship, staff, ends):
    state, verb, title, for_seller = ends
    member = owner.provider_member
    order = ended(order_in(state, relationship), verb, staff)
    trail = list(audit.entries(*audit.identity(order)))

    told = events(order.contract, trail, clock.now())[-1]
    mine = list(seller_events(trail, member))[-1]
    letter = told_by_mail(order)

    by = "Consign staff for Nimbus Resale" if for_seller else "Consign staff"
    assert (told.title, told.by, told.text) == (title, by, WHY)
    assert mine.by == ("Consign staff for you" if for_seller else "Consign staff")
    assert lead(order.contract, clock.now()).title == title
    assert "Nimbus" not in letter.body
    assert "Consign’s staff has ended your order" in letter.body
    assert f"The reason given by Consign’s staff: {WHY}" in letter.body


def test_what_the_seller_ended_is_the_sellers_act(relationship, colleague, owner):
    order = ended(order_in("ordered", relationship), endings.fail_order, colleague)
    trail = list(audit.entries(*audit.identity(order)))

    told = events(order.contract, trail, clock.now())[-1]
    mine = list(seller_events(trail, owner.provider_member))[-1]
    letter = told_by_mail(order)

    assert (told.title, told.by) == (
        "Nimbus Resale could not deliver",
        "Nimbus Resale",
    )
    assert mine.by == "o…@example.com"
    assert lead(order.contract, clock.now()).title == told.title
    assert f"Their reason: {WHY}" in letter.body


def test_an_earlier_attempt_of_the_staff_does_not_count(relationship, staff, colleague):
    order = ended(order_in("placed", relationship), endings.reject_order, staff)
    endings.reopen_order(order, reason=WHY, actor=staff)

    order = ended(order, endings.reject_order, colleague)

    assert not order.ended_by_staff
    assert "Their reason" in told_by_mail(order).body
