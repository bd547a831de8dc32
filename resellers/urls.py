"""Pages of the trunk: the reseller's own workspace, and links from mails."""

from django.urls import path

from resellers.views import (
    commissions,
    overview,
    payouts,
    profile,
    referrals,
    statements,
)

app_name = "resellers"
PORTAL = "dashboard/reseller"
urlpatterns = [
    # /dashboard/reseller
    path(PORTAL, overview.reseller_dashboard, name="reseller-dashboard"),
    path(f"{PORTAL}/apply", profile.reseller_apply, name="reseller-apply"),
    path(f"{PORTAL}/profile", profile.reseller_form, name="reseller-form"),
    path(f"{PORTAL}/profile/email", profile.reseller_email, name="reseller-email"),
    path(f"{PORTAL}/referrals", referrals.referral_list, name="referral-list"),
    path(f"{PORTAL}/payouts", payouts.payout_list, name="payout-list"),
    # /dashboard/reseller/commissions
    path(f"{PORTAL}/commissions", commissions.commission_list, name="commission-list"),
    path(
        f"{PORTAL}/commissions.csv", commissions.commission_csv, name="commission-csv"
    ),
    path(
        f"{PORTAL}/commissions/<int:entry_id>",
        commissions.commission_detail,
        name="commission-detail",
    ),
    # /dashboard/reseller/statements
    path(f"{PORTAL}/statements", statements.statement_list, name="statement-list"),
    path(
        f"{PORTAL}/statements/<slug:month>.csv",
        statements.statement_csv,
        name="statement-csv",
    ),
    path(
        f"{PORTAL}/statements/<slug:month>",
        statements.statement_detail,
        name="statement-detail",
    ),
]
