"""The staff's door to the marketplace: all eight tables, changed by actions only.

Providers, members, offerings and relationships have forms; contracts, payments, orders
and attempts are read and have buttons. Delivered details and SSH keys are nowhere.
"""

from marketplace.admin import (
    attempt,
    contract,
    member,
    offering,
    order,
    payment,
    provider,
    relationship,
)

__all__ = [
    "attempt",
    "contract",
    "member",
    "offering",
    "order",
    "payment",
    "provider",
    "relationship",
]
