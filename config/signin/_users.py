from django.db import transaction

from resellers import audit
from resellers.errors import EmailTaken
from resellers.models import User


@transaction.atomic
def sign_up(*, email, name, password):
    user = User.objects.create_user(email, password, name=name)
    audit.record(user, "user.created", user)
    return user


@transaction.atomic
def change_password(user, *, password, actor):
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(actor, "user.password_changed", user)


@transaction.atomic
def change_email(user, *, email, actor):
    if User.objects.filter(email=email).exists():
        raise EmailTaken
    before = user.email
    user.email = email
    user.save(update_fields=["email"])
    audit.record(
        actor,
        "user.email_changed",
        user,
        before={"email": before},
        after={"email": email},
    )
