"""Every step of an order has words for its buyer."""

import re
from pathlib import Path

import pytest

from marketplace import actions
from marketplace.actions import endings, orders
from marketplace.presentation.timeline import WORDS, events
from resellers import audit, clock
from tests.factories.marketplace import MemberFactory, order_in, paid_order
from tests.factories.resellers import StaffFactory

STEP = re.compile(r'"((?:order|payment|problem)\.[a-z_]+)"')


def test_every_step_has_words():
    folder = Path(actions.__path__[0])
    found = {
        step
        for module in folder.glob("*.py")
        for step in STEP.findall(module.read_text(encoding="utf-8"))
    }
    assert found == set(WORDS)


@pytest.mark.django_db
def test_steps_name_the_seller_and_never_its_members(relationship, buyer):

    member = MemberFactory.create(provider=relationship.reseller).user
    order = paid_order(relationship, buyer=buyer)
    orders.accept_order(order, actor=member)
    orders.record_purchase(order, external_order_id="A1", actor=StaffFactory.create())
    order.refresh_from_db()

    told = events(order.contract, audit.entries(*audit.identity(order)), clock.now())

    assert [(step.title, step.by) for step in told] == [
        ("You rented it", "You"),
        ("Payment received", "Consign staff"),
        ("Nimbus Resale accepted", "Nimbus Resale"),
        ("Nimbus Resale bought it from Hetzner", "Consign staff for Nimbus Resale"),
        ("Nimbus Resale delivers", "At the latest"),
    ]
    assert all(member.email not in f"{step}" for step in told)


@pytest.mark.django_db
def test_reason_of_an_end_is_told_and_the_staffs_is_not(relationship, buyer):

    order = order_in("rejected", relationship, buyer=buyer)
    endings.reopen_order(order, reason="canary-4711", actor=StaffFactory.create())
    order.refresh_from_db()

    told = events(order.contract, audit.entries(*audit.identity(order)), clock.now())
    texts = {step.title: step.text for step in told}
    assert texts["Nimbus Resale declined"] == "The supplier has none of these left."
    assert texts["The order was started anew"] == ""
