"""What a row looked like when somebody read it, and whether it still does.

The API tells it as an entity tag and takes it back in `If-Match`; a form carries it in
a hidden `version`. An action checks it on the row it has locked, so that of two
changes made from the same reading one is refused. Source: 8-api, "Concurrency".
"""

import hashlib
from collections.abc import Collection

from django.db.models import Model

from resellers.errors import DomainError

VERSION_CHARACTERS = 20


class VersionChanged(DomainError):
    code = "stale_version"
    status = 412
    title = "Somebody changed this meanwhile"
    sentence = (
        "Somebody changed this meanwhile. Look at it as it is now;"
        " send yours again to replace it."
    )


def version_of(row: Model, *names: str) -> str:
    """A word for the row's columns as they were read; any change changes it.

    With `names` those columns alone.
    """
    columns = [
        (field.attname, str(field.value_from_object(row)))
        for field in row._meta.concrete_fields
        if not names or field.attname in names
    ]
    return hashlib.sha256(repr(columns).encode()).hexdigest()[:VERSION_CHARACTERS]


def check_version(row: Model, versions: Collection[str] | None, *names: str) -> None:
    """Raises VersionChanged when the row is none of the versions; None takes any."""
    if versions is not None and version_of(row, *names) not in versions:
        raise VersionChanged
