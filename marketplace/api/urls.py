"""The marketplace's endpoints, to be laid beside source document 1.

Names: `api:marketplace:<noun>-<role>`.
"""

from django.urls import path

from marketplace.api.views.contracts import ContractViewSet
from marketplace.api.views.offerings import OfferingViewSet
from marketplace.api.views.orders import OrderViewSet
from marketplace.api.views.relationships import (
    EarningsViewSet,
    ExternalProviderViewSet,
    RelationshipViewSet,
)

app_name = "marketplace"

ORDER = "reseller/orders/<hex32:contract_id>"
CONTRACT = "contracts/<hex32:contract_id>"

urlpatterns = [
    # /reseller/external-providers
    path(
        "reseller/external-providers",
        ExternalProviderViewSet.as_view({"get": "list"}),
        name="external-provider-list",
    ),
    # /reseller/relationships
    path(
        "reseller/relationships",
        RelationshipViewSet.as_view({"get": "list", "post": "create"}),
        name="relationship-list",
    ),
    path(
        "reseller/relationships/<hex32:external_provider_pubkey>",
        RelationshipViewSet.as_view(
            {"get": "retrieve", "put": "update", "delete": "destroy"}
        ),
        name="relationship-detail",
    ),
    # /reseller/orders
    path(
        "reseller/orders",
        OrderViewSet.as_view({"get": "list"}),
        name="order-list",
    ),
    path(
        "reseller/orders.csv",
        OrderViewSet.as_view({"get": "csv"}),
        name="order-csv",
    ),
    path(ORDER, OrderViewSet.as_view({"get": "retrieve"}), name="order-detail"),
    path(
        f"{ORDER}/accept",
        OrderViewSet.as_view({"post": "accept"}),
        name="order-accept",
    ),
    path(
        f"{ORDER}/purchase",
        OrderViewSet.as_view({"post": "purchase"}),
        name="order-purchase",
    ),
    path(
        f"{ORDER}/fulfill",
        OrderViewSet.as_view({"post": "fulfil"}),
        name="order-fulfil",
    ),
    path(
        f"{ORDER}/reject",
        OrderViewSet.as_view({"post": "reject"}),
        name="order-reject",
    ),
    path(f"{ORDER}/fail", OrderViewSet.as_view({"post": "fail"}), name="order-fail"),
    # /reseller/earnings
    path(
        "reseller/earnings",
        EarningsViewSet.as_view({"get": "list"}),
        name="earnings-list",
    ),
    # /offerings
    path("offerings", OfferingViewSet.as_view({"get": "list"}), name="offering-list"),
    path(
        "offerings/<int:offering_id>",
        OfferingViewSet.as_view({"get": "retrieve"}),
        name="offering-detail",
    ),
    path(
        "offerings/<int:offering_id>/offers",
        OfferingViewSet.as_view({"get": "offers"}),
        name="offering-offers",
    ),
    # /contracts
    path(
        "contracts",
        ContractViewSet.as_view({"get": "list", "post": "create"}),
        name="contract-list",
    ),
    path(
        CONTRACT, ContractViewSet.as_view({"get": "retrieve"}), name="contract-detail"
    ),
    path(
        f"{CONTRACT}/cancel",
        ContractViewSet.as_view({"post": "cancel"}),
        name="contract-cancel",
    ),
    path(
        f"{CONTRACT}/confirm",
        ContractViewSet.as_view({"post": "confirm"}),
        name="contract-confirm",
    ),
    path(
        f"{CONTRACT}/problem",
        ContractViewSet.as_view({"post": "problem"}),
        name="contract-problem",
    ),
]
