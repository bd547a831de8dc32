"""What was delivered and the buyer's key are on no page of the admin."""

import pytest
from django.urls import reverse

from marketplace.actions import orders
from marketplace.models import Contract, FulfilmentAttempt, Payment, ResellerOrder
from resellers.models import AuditEntry, Job
from tests.factories.marketplace import paid_order
from tests.marketplace.admin.pages import url

pytestmark = pytest.mark.django_db

CANARY = "canary-7f3e-password"
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKeySentByTheBuyerOfThisOrder0000000 me"


@pytest.fixture
def order(owner, relationship) -> ResellerOrder:
    order = paid_order(relationship, note="Please call it web-1.")
    Contract.objects.filter(pk=order.contract_id).update(ssh_public_key=KEY)
    return orders.fulfil_order(
        order,
        external_order_id="EXT-1",
        external_order_details={"password": CANARY},
        actor=owner,
    )


def test_no_page_shows_them(browser, order):
    rows = [order, order.contract, order.contract.payment, order.attempts.get()]
    pages = [url(row, role) for row in rows for role in ("change", "history")]
    models = [ResellerOrder, Contract, Payment, FulfilmentAttempt, AuditEntry, Job]
    pages += [url(model, "changelist") for model in models]
    pages += [url(entry, "change") for entry in AuditEntry.objects.all()]
    pages += [reverse("admin:index"), reverse("admin:system")]
    pages += [url(order, "fail"), url(order, "fulfil"), url(order, "reopen")]
    for page in pages:
        shown = browser.get(page).content.decode()
        assert CANARY not in shown, page
        assert KEY[:40] not in shown, page


def test_the_note_is_shown_and_how_many_details_there_are(browser, order):
    shown = browser.get(url(order, "change")).content.decode()
    assert "Please call it web-1." in shown
    assert "1 details, for the buyer only" in shown


def test_what_others_wrote_is_escaped(browser, order):
    attack = "<script>alert(1)</script>"
    Contract.objects.filter(pk=order.contract_id).update(
        note=attack, problem_text=attack, problem_at=order.fulfilled_at
    )
    for row in (order, order.contract):
        assert attack not in browser.get(url(row, "change")).content.decode()
