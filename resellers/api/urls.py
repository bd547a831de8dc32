"""`/api/admin`: resellers, referrals, rates and sales. Paths as document 2 writes them.

Names: `api:resellers:<noun>-<role>`.
"""

from django.urls import path

from resellers.api.views.catalogue import ContactGroupViewSet, ExtendedKeyViewSet
from resellers.api.views.referrals import RateViewSet, ReferralViewSet
from resellers.api.views.resellers import ResellerViewSet, TrailViewSet
from resellers.api.views.sales import SaleViewSet

app_name = "resellers"

RESELLER = "resellers/<uuid:reseller_id>"
REFERRAL = "referrals/<uuid:referral_id>"
SALE = "sales/<uuid:sale_id>"

urlpatterns = [
    # /resellers
    path(
        "resellers",
        ResellerViewSet.as_view({"get": "list", "post": "create"}),
        name="reseller-list",
    ),
    path(
        RESELLER,
        ResellerViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="reseller-detail",
    ),
    path(
        f"{RESELLER}/status",
        ResellerViewSet.as_view({"post": "status"}),
        name="reseller-status",
    ),
    path(
        f"{RESELLER}/invite",
        ResellerViewSet.as_view({"post": "invite"}),
        name="reseller-invite",
    ),
    path(
        f"{RESELLER}/email",
        ResellerViewSet.as_view({"post": "email"}),
        name="reseller-email",
    ),
    path(
        f"{RESELLER}/reveal-tax-id",
        ResellerViewSet.as_view({"post": "reveal_tax_id"}),
        name="reseller-reveal-tax-id",
    ),
    path(
        f"{RESELLER}/audit",
        TrailViewSet.as_view({"get": "list"}),
        name="reseller-audit",
    ),
    path(
        f"{RESELLER}/referrals",
        ReferralViewSet.as_view({"get": "list", "post": "create"}),
        name="reseller-referrals",
    ),
    # /referrals
    path(
        REFERRAL,
        ReferralViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
        name="referral-detail",
    ),
    path(
        f"{REFERRAL}/move",
        ReferralViewSet.as_view({"post": "move"}),
        name="referral-move",
    ),
    path(
        f"{REFERRAL}/end",
        ReferralViewSet.as_view({"post": "end"}),
        name="referral-end",
    ),
    # /rates
    path(
        "rates",
        RateViewSet.as_view({"get": "list", "post": "create"}),
        name="rate-list",
    ),
    # /sales
    path(
        "sales",
        SaleViewSet.as_view({"get": "list", "post": "create"}),
        name="sale-list",
    ),
    path(SALE, SaleViewSet.as_view({"get": "retrieve"}), name="sale-detail"),
    path(
        f"{SALE}/post-again",
        SaleViewSet.as_view({"post": "post_again"}),
        name="sale-post-again",
    ),
    # /contact-groups, /extended-keys
    path(
        "contact-groups",
        ContactGroupViewSet.as_view({"get": "list", "post": "create"}),
        name="contact-group-list",
    ),
    path(
        "contact-groups/<str:slug>",
        ContactGroupViewSet.as_view({"patch": "partial_update"}),
        name="contact-group-detail",
    ),
    path(
        "extended-keys",
        ExtendedKeyViewSet.as_view({"get": "list"}),
        name="extended-key-list",
    ),
]
