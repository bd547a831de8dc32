"""What packages put into the administration and Consign takes out again.

Addresses and authenticators change through the sign-in and its support functions
only: a form that shows their rows would be a door around both.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin

admin.site.unregister([EmailAddress, Authenticator])
