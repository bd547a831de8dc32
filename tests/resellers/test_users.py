"""People are made and changed by actions; who may is decided there."""

from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError

from resellers.actions import users
from resellers.errors import DomainError, EmailTaken, Invalid, PermissionRefused, submit
from resellers.models import AuditEntry, User
from tests.factories.resellers import (
    PASSWORD,
    StaffFactory,
    SuperuserFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
RIGHTS: dict[str, Any] = {
    "is_active": True,
    "is_staff": True,
    "is_superuser": False,
    "groups": [],
}


def actions():
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_signing_up_folds_the_address():
    user = users.sign_up(email=" Jane@Example.COM ", name="Jane", password=PASSWORD)
    assert user.email == "jane@example.com"
    assert user.check_password(PASSWORD)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor) == ("user.signed_up", user)
    assert entry.after == {"email": "j…@example.com", "name": "Jane"}
    assert User.objects.get_by_natural_key("JANE@example.com") == user


@pytest.mark.parametrize("email", ["jane@example.com", "JANE@EXAMPLE.COM"])
def test_an_address_belongs_to_one_person(email):
    UserFactory(email="jane@example.com")
    other = UserFactory()
    with pytest.raises(EmailTaken):
        users.sign_up(email=email, name="", password=PASSWORD)
    with pytest.raises(EmailTaken):
        users.change_email(other, email=email, actor=other)
    other.refresh_from_db()
    assert other.email != "jane@example.com"


def test_a_weak_password_or_bad_address_is_refused():
    with pytest.raises(ValidationError):
        users.sign_up(email="jane@example.com", name="", password="short")
    with pytest.raises(Invalid):
        users.sign_up(email="jane", name="", password=PASSWORD)
    assert not User.objects.exists()


def test_changes_are_audited_masked():
    user = UserFactory(email="jane@example.com", name="Jane")
    users.rename_user(user, name="Jane Doe", actor=user)
    users.rename_user(user, name="Jane Doe", actor=user)
    users.change_email(user, email="doe@example.com", actor=user)
    users.change_password(user, password="another long sentence", actor=user)
    assert actions() == ["user.renamed", "user.email_changed", "user.password_changed"]
    assert AuditEntry.objects.get(action="user.email_changed").after == {
        "email": "d…@example.com"
    }
    user.refresh_from_db()
    assert user.check_password("another long sentence")


def test_only_a_superuser_changes_rights_and_not_his_own():
    boss, staff, person = SuperuserFactory(), StaffFactory(), UserFactory()
    group = Group.objects.create(name="Auditors")
    for actor, target in [(staff, person), (person, person), (boss, boss)]:
        with pytest.raises(PermissionRefused):
            users.change_rights(target, **{**RIGHTS, "groups": [group]}, actor=actor)
    users.change_rights(person, **{**RIGHTS, "groups": [group]}, actor=boss)
    person.refresh_from_db()
    assert person.is_staff
    assert list(person.groups.all()) == [group]
    users.change_rights(person, **{**RIGHTS, "groups": [group]}, actor=staff)
    assert actions() == ["user.rights_changed"]


def test_staff_never_touch_a_superuser_or_make_staff():
    boss, staff = SuperuserFactory(), StaffFactory()
    facts: dict[str, Any] = {**RIGHTS, "is_superuser": True, "name": boss.name}
    with pytest.raises(PermissionRefused):
        users.edit_user(boss, **facts, email="mine@example.com", actor=staff)
    with pytest.raises(PermissionRefused):
        users.create_user(email="new@example.com", is_staff=True, actor=staff)
    assert users.create_user(email="new@example.com", actor=staff).name == ""


class NameForm(forms.Form):
    name = forms.CharField()


def test_submit_puts_a_refusal_where_it_belongs():
    class Taken(DomainError):
        code = "taken"
        title = "Taken"

    def refuse(*, name, field):
        raise Taken(f"{name} is taken.", field=field)

    for field, place in [("name", "name"), (None, "__all__"), ("other", "__all__")]:
        form = NameForm({"name": "Jane"})
        assert submit(form, refuse, field=field) is None
        assert form.errors == {place: ["Jane is taken."]}
        assert form.errors.as_data()[place][0].code == "taken"


def test_submit_spreads_a_validation_error():
    def refuse(*, name):
        raise ValidationError({"name": "Too plain.", "other": "Missing."})

    form = NameForm({"name": "Jane"})
    assert submit(form, refuse) is None
    assert form.errors == {"name": ["Too plain."], "__all__": ["Missing."]}
    invalid = NameForm({})
    assert submit(invalid, refuse) is None
    assert list(invalid.errors) == ["name"]
    assert submit(NameForm({"name": "Jane"}), lambda *, name: name) == "Jane"
