"""What each mail says, to whom, and that delivered details are in none."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.utils.module_loading import import_string

from marketplace import mails
from marketplace.actions import clock as order_clock
from marketplace.actions import endings, orders, payments, problems
from resellers import clock, jobs
from resellers.models import Job
from tests.factories.marketplace import (
    WHY,
    MemberFactory,
    order_in,
    paid_order,
    placed_order,
)
from tests.marketplace.ledgers import due

pytestmark = pytest.mark.django_db

CANARY = "canary-3c9e"
OURS = sorted(k for k, v in settings.MAIL_BUILDERS.items() if "marketplace" in v)


def send_all():
    """Work the outbox off, time after time, until it is empty."""
    while jobs.work_once(limit=50):
        pass
    assert not Job.objects.exclude(state="done").exists()
    return {job.key.split(":")[1]: job for job in Job.objects.filter(kind="mail")}


def letter(kind, order):
    return import_string(settings.MAIL_BUILDERS[kind])(order=order.pk)


def test_the_sellers_mail_says_what_to_do_by_when(
    relationship, owner, colleague, viewer, buyer
):
    order = paid_order(relationship, buyer=buyer)
    offering = order.offering

    message = letter("order_new", order)

    assert message.to == [owner.email, colleague.email]
    assert message.subject.startswith(f"New order: {offering.offer_name}, accept by ")
    for said in (
        f"{offering.offer_name}, code {offering.code}, at Hetzner",
        "6.35 USD",
        "5.77 USD",
        "0.58 USD, 10 % on top",
        mails.moment(order.fulfil_by),
        f"{settings.PUBLIC_URL}/dashboard/provider/reseller/orders/{order.contract_id}",
    ):
        assert said in message.body
    assert buyer.name not in message.body
    assert buyer.email not in message.body


def test_without_people_the_providers_address_is_told(relationship):
    order = paid_order(relationship)

    assert letter("order_new", order).to == [relationship.reseller.support_email]


def test_an_inactive_member_is_not_told(relationship, owner):
    gone = MemberFactory.create(provider=relationship.reseller, user__is_active=False)

    message = letter("order_new", paid_order(relationship))

    assert message.to == [owner.email]
    assert gone.user.email not in message.to


def test_the_buyer_reads_how_to_pay(relationship, buyer, settings):
    settings.INVOICE_INSTRUCTIONS = "To Consign Ltd, IBAN on request."
    order = placed_order(relationship, buyer=buyer)

    message = letter("order_placed", order)

    assert (message.to, message.subject[:22]) == (
        [buyer.email],
        "Please pay 6.35 USD: C",
    )
    for said in (
        f"CS-{order.contract_id[:8]}",
        mails.moment(order.contract.payment.due_at),
        "To Consign Ltd, IBAN on request.",
        f"/contracts/{order.contract_id}",
    ):
        assert said in message.body


def test_nothing_is_escaped(relationship, buyer):
    relationship.reseller.name = "Müller & <Söhne>"
    relationship.reseller.save()

    message = letter("order_placed", placed_order(relationship, buyer=buyer))

    assert "Müller & <Söhne>" in message.body


def test_a_subject_stays_one_line(relationship, buyer, offering):
    offering.offer_name = "Cloud\r\nBcc: someone@example.com"
    offering.save()

    order = placed_order(relationship, buyer=buyer, offering=offering)

    assert letter("order_placed", order).subject.endswith(
        "Cloud Bcc: someone@example.com"
    )


@pytest.mark.parametrize(
    ("state", "subject", "said"),
    [
        ("rejected", "Declined: ", f"Their reason: {WHY}"),
        ("failed", "Not delivered: ", f"Their reason: {WHY}"),
        ("expired", "Not delivered in time: ", "You get all of the 6.35 USD back"),
        ("cancelled", "Cancelled: ", "You get all of the 6.35 USD back"),
    ],
)
def test_an_end_says_why_and_what_becomes_of_the_money(
    state, subject, said, relationship
):
    message = letter("order_ended", order_in(state, relationship))

    assert message.subject.startswith(subject)
    assert said in message.body
    assert "You owe nothing" not in message.body


def test_an_unpaid_end_owes_nothing(relationship):
    order = placed_order(relationship)
    late = order.contract.payment.due_at + timedelta(seconds=1)
    order = endings.expire_order(order, at=late)

    message = letter("order_ended", order)

    assert message.subject.startswith("Not paid in time")
    assert "You owe nothing" in message.body


def test_a_late_payment_is_answered(relationship, staff):
    order = placed_order(relationship)
    late = order.contract.payment.due_at + timedelta(seconds=1)
    endings.expire_order(order, at=late)
    payments.receive_payment(order.contract.payment, reference="IN-1", actor=staff)

    assert letter("payment_received", order).subject.startswith(
        "Payment arrived too late"
    )


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("order_accept_due", "accepted"),
        ("order_fulfil_due", "fulfilled"),
        ("order_overdue", "fulfilled"),
        ("staff_overdue", "cancelled"),
        ("order_placed", "placed"),
        ("order_fulfilled", "failed"),
        ("order_ended", "placed"),
        ("refund_sent", "rejected"),
        ("staff_refund_due", "fulfilled"),
        ("problem_reported", "fulfilled"),
    ],
)
def test_what_is_no_longer_true_is_not_sent(kind, state, relationship, owner, staff):
    assert letter(kind, order_in(state, relationship)) is None


def test_every_mail_goes_out_and_none_holds_a_detail(
    relationship, owner, buyer, staff, client_for
):
    """One order through everything; the details' canary could be in any of them."""
    details = {"password": CANARY}
    order = placed_order(relationship, buyer=buyer, note=f"note {CANARY}-note")
    sent = send_all()
    payments.receive_payment(order.contract.payment, reference="IN-1", actor=staff)
    order.refresh_from_db()
    order_clock.run_deadlines(due(order.accept_by))
    sent |= send_all()
    orders.record_purchase(order, external_order_id="SUP-1", actor=owner)
    order_clock.run_deadlines(due(order.fulfil_by))
    sent |= send_all()
    with clock.at(due(order.fulfil_by) + timedelta(seconds=1)):
        order_clock.run_deadlines(clock.now())
        sent |= send_all()
        orders.fulfil_order(order, external_order_details=details, actor=owner)
        new = {"password": f"{CANARY}-2"}
        orders.correct_details(order, external_order_details=new, actor=owner)
        text = f"It does not work with {CANARY}."
        problems.report_problem(order, text=text, actor=buyer)
        sent |= send_all()
        endings.fail_order(order, reason_code="other", reason=WHY, actor=staff)
        sent |= send_all()
        payments.record_refund(order.contract.payment, reference="OUT-1", actor=staff)
        sent |= send_all()
    for state in ("cancelled", "expired"):
        order_in(state, relationship, buyer=buyer)
        sent |= send_all()

    assert sorted(sent) == [kind for kind in OURS if kind != "prices_rose"]
    assert {job.note == "nobody to tell" for job in sent.values()} == {False}
    everything = [(m.subject, m.body) for m in mail.outbox] + [
        (job.key, job.note, job.payload) for job in Job.objects.all()
    ]
    assert CANARY not in str(everything)
    assert all(
        message.subject and "\n" not in message.subject for message in mail.outbox
    )
    assert all("None" not in message.body for message in mail.outbox)


def test_an_order_lists_its_mails_masked(relationship, buyer):
    order = placed_order(relationship, buyer=buyer)
    send_all()

    (job,) = jobs.for_object(f"marketplace.order:{order.contract_id}")
    assert (job.state_word, job.note) == ("sent", "b…@example.com")


@pytest.mark.parametrize("state", ["fulfilled", "cancelled"])
def test_the_mail_of_a_new_order_is_sent_however_fast_it_moves(state, relationship):
    order = order_in(state, relationship)
    message = letter("order_new", order)
    assert order.contract_id in message.body
