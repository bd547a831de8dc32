"""What the composition adds to the administration, and what it takes out of it.

Addresses and authenticators change through the sign-in and its support functions
only: a form that shows their rows would be a door around both.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin

from config.signin import two_factor
from resellers.admin.user import UserAdmin
from resellers.desk.deeds import Deed, asks
from resellers.desk.forms import ReasonForm
from resellers.models import User


def is_superuser(person: User) -> bool:
    return person.is_superuser


class PersonAdmin(UserAdmin):
    """People, with the sign-in's help for a lost device."""

    deeds = [
        *UserAdmin.deeds,
        Deed(
            "reset_two_factor",
            "Reset two-factor sign-in",
            two_factor.reset,
            two_factor.enrolled,
            form=asks(ReasonForm),
            about="The person's authenticator and recovery codes are taken away. Do so"
            " only when you know who is asking: until a new one is set up, the"
            " password alone opens the account.",
            done="Two-factor sign-in was reset.",
            is_dangerous=True,
            allowed=is_superuser,
        ),
    ]


admin.site.unregister([EmailAddress, Authenticator, User])
admin.site.register(User, PersonAdmin)
