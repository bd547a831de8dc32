"""The columns of a table of resellers: names of the API and of document 2."""

from resellers import extended
from resellers.actions.profile_facts import LEGACY, STAFF
from resellers.importing.headers import Columns, plain

RATE = "commission_rate"
GROUP = "contact_group"
COUNTRY_CODE = "country_code"
PLACE = frozenset({"country", "state", "state_name", "zip_code"})
"""What is read together: each must fit the others."""

TEXTS = (STAFF | LEGACY | {"state_name"}) - {
    extended.FIELD,
    extended.PATCH_FIELD,
    GROUP,
}
_OTHERS = ["id", "email", "status", GROUP, COUNTRY_CODE, RATE, extended.FIELD]
_OTHER_NAMES = {
    "State/Province": "state",
    "Zip/Postal Code": "zip_code",
    "E-mail address": "email",
}
_READ_ONLY = """
    code userId contactGroupName taxIdLast4 stripeConnectId payoutMethod
    effectiveCommissionRate effectiveRateScope totalCustomersReferred
    totalDocumentsProcessed totalRevenueGenerated totalCommissionEarned totalsCurrency
    totalsByCurrency pendingEmail statusChangedAt createdAt updatedAt
"""

COLUMNS = Columns(
    fields={
        **{plain(name): name for name in (*TEXTS, *_OTHERS)},
        **{plain(name): field for name, field in _OTHER_NAMES.items()},
    },
    read_only=frozenset(plain(name) for name in _READ_ONLY.split()),
    known_by=("id", "email"),
    has_extended=True,
)
