"""The marketplace's pages, grouped by prefix."""

from django.urls import path

from marketplace.views import contracts, dashboard, offerings, orders, rent

app_name = "marketplace"
RESELLER = "dashboard/provider/reseller"
ORDERS = f"{RESELLER}/orders"
urlpatterns = [
    # /marketplace
    path("marketplace", offerings.offering_list, name="offering-list"),
    path(
        "marketplace/how-sellers-are-picked", offerings.pick_detail, name="pick-detail"
    ),
    path(
        "marketplace/<int:offering_id>",
        offerings.offering_detail,
        name="offering-detail",
    ),
    path("marketplace/<int:offering_id>/rent", rent.order_place, name="order-place"),
    # /contracts
    path("contracts", contracts.contract_list, name="contract-list"),
    path(
        "contracts/<hex32:contract_id>",
        contracts.contract_detail,
        name="contract-detail",
    ),
    path(
        "contracts/<hex32:contract_id>/cancel",
        contracts.contract_cancel,
        name="contract-cancel",
    ),
    path(
        "contracts/<hex32:contract_id>/confirm",
        contracts.contract_confirm,
        name="contract-confirm",
    ),
    path(
        "contracts/<hex32:contract_id>/problem",
        contracts.contract_problem,
        name="contract-problem",
    ),
    # /dashboard/provider
    path("dashboard/provider", dashboard.provider_dashboard, name="provider-dashboard"),
    # /dashboard/provider/reseller
    path(RESELLER, dashboard.relationship_dashboard, name="relationship-dashboard"),
    path(f"{RESELLER}/earnings.csv", dashboard.earnings_csv, name="earnings-csv"),
    path(
        f"{RESELLER}/<hex32:pubkey>/become",
        dashboard.relationship_create,
        name="relationship-create",
    ),
    path(
        f"{RESELLER}/<hex32:pubkey>/terms",
        dashboard.relationship_form,
        name="relationship-form",
    ),
    path(
        f"{RESELLER}/<hex32:pubkey>/suspend",
        dashboard.relationship_suspend,
        name="relationship-suspend",
    ),
    path(
        f"{RESELLER}/<hex32:pubkey>/resume",
        dashboard.relationship_resume,
        name="relationship-resume",
    ),
    path(
        f"{RESELLER}/<hex32:pubkey>/preview",
        dashboard.relationship_preview,
        name="relationship-preview",
    ),
    # /dashboard/provider/reseller/orders
    path(ORDERS, orders.order_list, name="order-list"),
    path(f"{ORDERS}.csv", orders.order_csv, name="order-csv"),
    path(f"{ORDERS}/<hex32:contract_id>", orders.order_detail, name="order-detail"),
    path(
        f"{ORDERS}/<hex32:contract_id>/accept",
        orders.order_accept,
        name="order-accept",
    ),
    path(
        f"{ORDERS}/<hex32:contract_id>/purchase",
        orders.order_purchase,
        name="order-purchase",
    ),
    path(
        f"{ORDERS}/<hex32:contract_id>/fulfill",
        orders.order_fulfil,
        name="order-fulfil",
    ),
    path(
        f"{ORDERS}/<hex32:contract_id>/reject",
        orders.order_reject,
        name="order-reject",
    ),
    path(f"{ORDERS}/<hex32:contract_id>/fail", orders.order_fail, name="order-fail"),
    path(
        f"{ORDERS}/<hex32:contract_id>/details",
        orders.order_details,
        name="order-details",
    ),
]
