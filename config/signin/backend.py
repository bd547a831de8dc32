"""The one way a password becomes a person: same work for every refusal."""

from functools import cache
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from resellers.models import User


@cache
def nobodys_password() -> str:
    """What is checked when there is no password to check: costs what a real one does."""
    return make_password("nobody has this password")


class EmailBackend(ModelBackend):
    """E-mail and password; wrong, unknown and inactive are one answer, one query and
    one hash apart from nothing. Permissions are the stock ones.
    """

    def authenticate(  # type: ignore[override]  # the stock one names a username
        self,
        request: HttpRequest | None,
        email: str | None = None,
        password: str | None = None,
        **others: object,
    ) -> User | None:
        if not email or password is None:
            return None
        person = User.objects.filter(email=email.lower()).first()
        known = person is not None and person.has_usable_password()
        encoded = person.password if person and known else nobodys_password()
        right = check_password(password, encoded)
        if person is None or not (known and right and person.is_active):
            return None
        return person

    def get_user(self, user_id: Any) -> User | None:
        """The person of a session, with the profile that the frame asks for."""
        known = User.objects.select_related("reseller")
        person = known.filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None
