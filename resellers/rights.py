"""What staff may do beside looking, asked by actions, API and administration alike.

A right is a permission of Django; an access key acts with the rights of its person.
The system (clock, worker, commands) may do everything. Source: 5-resellers, section 9.
"""

from resellers.errors import PermissionRefused
from resellers.models import AccessKey, Actor

VIEW = "resellers.view_reseller"
CHANGE = "resellers.change_reseller"
ADD = "resellers.add_reseller"
FINANCE = "resellers.finance_reseller"
IMPORT = "resellers.import_reseller"
EXPORT = "resellers.export_reseller"
ADD_SALE = "resellers.add_sale"
POST_AGAIN = "resellers.change_sale"
SET_RATE = "resellers.add_rate"


def may(actor: Actor, right: str) -> bool:
    """Whether the actor has this right; staff only, and the system."""
    if actor is None:
        return True
    person = actor.user if isinstance(actor, AccessKey) else actor
    return person is not None and person.is_staff and person.has_perm(right)


def require(actor: Actor, right: str, *, field: str | None = None) -> None:
    """Raises PermissionRefused (403), which names the right."""
    if not may(actor, right):
        raise PermissionRefused(f"This needs the right {right}.", field=field)
