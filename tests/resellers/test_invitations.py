"""Two links: the first password, and a new address. Each works once."""

import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail

from resellers import audit, jobs, links
from resellers.actions import invitations
from resellers.errors import EmailTaken, PermissionRefused
from resellers.errors.profiles import AlreadyAccepted, InvalidEmail, ReasonRequired
from resellers.models import Job, User
from tests.factories.profiles import ResellerFactory
from tests.factories.resellers import StaffFactory, SuperuserFactory, UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "seven grey herons on ice"
LINK = re.compile(r"http://[^/]+(/account/\S+)")


@pytest.fixture
def staff():
    return SuperuserFactory.create(email="staff@example.com")


@pytest.fixture
def invited():
    user = User.objects.create_user("avery@example.com", is_active=False)
    return ResellerFactory.create(user=user, first_name="Avery", last_name="Quill")


def sent():
    while jobs.work_once(limit=20):
        pass
    assert set(Job.objects.values_list("state", flat=True)) <= {"done"}
    return {message.to[0]: message for message in mail.outbox}


def link_of(message):
    found = LINK.search(message.body)
    assert found is not None
    return found[1]


def test_an_invitation_sets_the_password_and_lets_in(client, invited, staff):
    invitations.invite(invited, actor=staff)
    address = link_of(sent()["avery@example.com"])

    shown = client.get(address)
    answer = client.post(address, {"password": PASSWORD})

    assert "avery@example.com" in shown.content.decode()
    assert (answer.status_code, answer["Location"]) == (302, "/account/login")
    user = User.objects.get(pk=invited.user_id)
    assert (user.is_active, user.check_password(PASSWORD)) == (True, True)
    assert EmailAddress.objects.get(user=user).verified
    signed_in = client.post(
        "/account/login", {"login": user.email, "password": PASSWORD}
    )
    assert signed_in.status_code == 302
    actions = [e.action for e in audit.entries(*audit.identity(invited))]
    assert actions == ["reseller.invited", "reseller.invitation_accepted"]
    assert not Job.objects.filter(payload__icontains="WyJ").exists()


def test_a_used_or_old_or_foreign_link_is_dead(client, invited, staff):
    address = f"/account/invitation/{links.invitation_token(invited.user)}"
    assert client.get(address).status_code == 200
    assert client.get(address[:-1] + "x").status_code == 404
    other = f"/account/new-address/{links.invitation_token(invited.user)}"
    assert client.get(other).status_code == 404
    client.post(address, {"password": PASSWORD})
    assert client.get(address).status_code == 404
    assert client.post(address, {"password": "another long one"}).status_code == 404


def test_a_link_dies_after_seven_days(client, invited):
    with time_machine.travel("2026-03-02T09:00:00Z", tick=False) as traveller:
        address = f"/account/invitation/{links.invitation_token(invited.user)}"
        traveller.move_to("2026-03-09T08:59:59Z")
        assert client.get(address).status_code == 200
        traveller.move_to("2026-03-09T09:00:01Z")
        assert client.get(address).status_code == 404


def test_a_weak_password_is_refused_at_the_field(client, invited):
    address = f"/account/invitation/{links.invitation_token(invited.user)}"
    answer = client.post(address, {"password": "password1234"})
    assert answer.status_code == 422
    assert "too common" in answer.content.decode()
    assert not User.objects.get(pk=invited.user_id).is_active


def test_who_has_a_password_is_not_invited(staff):
    with pytest.raises(AlreadyAccepted):
        invitations.invite(ResellerFactory.create(), actor=staff)


def test_inviting_needs_the_right(invited):
    with pytest.raises(PermissionRefused):
        invitations.invite(invited, actor=StaffFactory.create())
    with pytest.raises(PermissionRefused):
        invitations.request_email(
            invited, email="x@example.com", reason="asked", actor=StaffFactory.create()
        )


def test_a_mail_is_not_sent_to_who_accepted_meanwhile(invited, staff):
    invitations.invite(invited, actor=staff)
    invited.user.set_password(PASSWORD)
    invited.user.save()
    assert sent() == {}


def test_a_new_address_counts_when_its_link_is_opened(client, staff):
    reseller = ResellerFactory.create(user__email="old@example.com")
    invitations.request_email(
        reseller, email=" New@Example.com", reason="asked by phone", actor=staff
    )
    letters = sent()
    assert set(letters) == {"new@example.com", "old@example.com"}
    assert "n…@example.com" in letters["old@example.com"].body
    address = link_of(letters["new@example.com"])
    assert "new@example.com" in client.get(address).content.decode()
    assert User.objects.get(pk=reseller.user_id).email == "old@example.com"

    answer = client.post(address)

    assert answer.status_code == 302
    user = User.objects.get(pk=reseller.user_id)
    assert (user.email, user.pending_email) == ("new@example.com", "")
    assert client.post(address).status_code == 404
    asked, moved = audit.entries(*audit.identity(reseller))
    assert (moved.action, moved.actor) == ("reseller.email_changed", user)
    assert moved.before == {
        "email": "o…@example.com",
        "pending_email": "n…@example.com",
    }
    assert moved.after == {"email": "n…@example.com", "pending_email": ""}
    assert (asked.action, asked.reason) == (
        "reseller.email_requested",
        "asked by phone",
    )
    assert asked.before == {"pending_email": ""}
    assert asked.after == {"pending_email": "n…@example.com"}


def test_an_address_that_was_taken_meanwhile_is_refused(client, staff):
    reseller = ResellerFactory.create(user__email="old@example.com")
    invitations.request_email(
        reseller, email="new@example.com", reason="asked by phone", actor=staff
    )
    address = link_of(sent()["new@example.com"])
    UserFactory.create(email="new@example.com")
    answer = client.post(address)
    assert answer.status_code == 422
    assert "uses this e-mail address already" in answer.content.decode()
    assert User.objects.get(pk=reseller.user_id).email == "old@example.com"


@pytest.mark.parametrize(
    ("email", "reason", "refusal"),
    [
        ("taken@example.com", "asked by phone", EmailTaken),
        ("nonsense", "asked by phone", InvalidEmail),
        ("new@example.com", "why", ReasonRequired),
    ],
)
def test_what_is_refused_when_asking(staff, email, reason, refusal):
    UserFactory.create(email="taken@example.com")
    reseller = ResellerFactory.create()
    with pytest.raises(refusal):
        invitations.request_email(reseller, email=email, reason=reason, actor=staff)
    assert User.objects.get(pk=reseller.user_id).pending_email == ""


def test_a_reseller_asks_without_a_reason():
    reseller = ResellerFactory.create()
    invitations.request_email(reseller, email="own@example.com", actor=reseller.user)
    assert User.objects.get(pk=reseller.user_id).pending_email == "own@example.com"
