"""One worked body for each shape that the mount takes, shown in the schema.

Synthetic people only; a test reads every one of them with its serializer.
"""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer

RESELLER_ID = "6f9c2a8e-3b1d-4c5f-9a7e-0d2b4c6e8f10"
WHY = {"reason": "asked by phone"}


def shown_as(value: dict[str, Any], *, answer: bool = False) -> Any:
    """Decorator: the serializer's example, of a body unless it is an answer."""
    example = OpenApiExample(
        "example", value=value, request_only=not answer, response_only=answer
    )
    return extend_schema_serializer(examples=[example])


NEW_RESELLER = {
    "email": "avery@example.com",
    "firstName": "Avery",
    "lastName": "Quill",
    "organization": "Quill Events",
    "contactGroup": "event_registrants",
    "invite": True,
}
RESELLER_CHANGE = {
    "city": "Exampleton",
    "state": "Florida",
    "zipCode": "33707",
    "country": "United States",
    "phone": "727-555-0142",
    "extendedValuesPatch": {"vip_status": "yes", "old_key": None},
}
STATUS_MOVE = {"status": "inactive", **WHY}
ADDRESS_CHANGE = {"email": "quill@example.com", **WHY}
NEW_REFERRAL = {"customerRef": "C-1001", "customerEmail": "customer@example.com"}
REFERRAL_CHANGE = {"notes": "Prefers to be called on Mondays"}
REFERRAL_MOVE = {"resellerId": RESELLER_ID, **WHY}
REFERRAL_END = {"endReason": "customer_left", **WHY}
NEW_RATE = {
    "scope": "reseller",
    "resellerId": RESELLER_ID,
    "commissionRate": "15.5",
    "validFrom": "2026-07-01T00:00:00Z",
    **WHY,
}
NEW_SALE = {
    "eventKey": "inv-1001:1",
    "kind": "paid",
    "customerRef": "C-1001",
    "amount": 6500,
    "currency": "USD",
    "occurredAt": "2026-05-31T09:00:00Z",
    "description": "Annual plan",
}
SALE_ANSWER = {
    "id": "0b7d5a52-6f0e-4c0e-8a55-2f6f3f1c9d11",
    "eventKey": "inv-1001:1",
    "kind": "paid",
    "outcome": "earned",
    "resellerId": RESELLER_ID,
    "referralId": "91aa7c34-58f1-4b6a-9f0d-3f2b1c0d9e88",
    "amount": 6500,
    "currency": "USD",
    "commissionRate": "15.5",
    "rateScope": "reseller",
    "commission": 1008,
    "explanation": "15.5 % of USD 65.00 = 10.075, rounded half-up to 10.08",
}
RESELLER_ROW = {
    "id": RESELLER_ID,
    "firstName": "Avery",
    "lastName": "Quill",
    "email": "avery@example.com",
    "organization": "Quill Events",
    "contactGroup": "event_registrants",
    "city": "Exampleton",
    "state": "FL",
    "phone": "727-555-0142",
    "totalCustomersReferred": 12,
    "totalRevenueGenerated": 78000,
    "status": "active",
}
NEW_GROUP = {
    "slug": "fair_visitors",
    "name": "Fair visitors",
    "suggestedKeys": ["booth_number"],
}
GROUP_CHANGE = {"isActive": False}
