"""What the marketplace holds true. Actions write it, QuerySets read it."""

from marketplace.models.attempt import FulfilmentAttempt
from marketplace.models.contract import Contract, ContractStatus
from marketplace.models.offering import (
    ON_REQUEST_SORT_KEY,
    Offering,
    OfferingStatus,
    StockStatus,
    Visibility,
)
from marketplace.models.order import (
    DELIVERED_STATES,
    END_STATES,
    MOVES,
    OPEN_STATES,
    STATUS_OF_STATE,
    OrderState,
    OrderStatus,
    ReasonCode,
    ResellerOrder,
)
from marketplace.models.payment import (
    PAYMENT_MOVES,
    Payment,
    PaymentMethod,
    PaymentState,
)
from marketplace.models.provider import (
    Provider,
    ProviderKind,
    ProviderMember,
    ProviderRole,
    external_pubkey,
)
from marketplace.models.relationship import (
    RelationshipStatus,
    ResellerRelationship,
    SuspendedBy,
)

__all__ = [
    "DELIVERED_STATES",
    "END_STATES",
    "MOVES",
    "ON_REQUEST_SORT_KEY",
    "OPEN_STATES",
    "PAYMENT_MOVES",
    "STATUS_OF_STATE",
    "Contract",
    "ContractStatus",
    "FulfilmentAttempt",
    "Offering",
    "OfferingStatus",
    "OrderState",
    "OrderStatus",
    "Payment",
    "PaymentMethod",
    "PaymentState",
    "Provider",
    "ProviderKind",
    "ProviderMember",
    "ProviderRole",
    "ReasonCode",
    "RelationshipStatus",
    "ResellerOrder",
    "ResellerRelationship",
    "StockStatus",
    "SuspendedBy",
    "Visibility",
    "external_pubkey",
]
