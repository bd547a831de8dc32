"""Commission accounts: balances, and who may stop or open them."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from resellers import ledger
from resellers.actions import accounts
from resellers.admin.deeds import Deed, DeedAdmin
from resellers.models import Account, AccountState


@admin.register(Account)
class AccountAdmin(DeedAdmin[Account]):
    list_display = ["code", "name", "kind", "state", "method", "hold_days"]
    list_filter = ["kind", "state", "method"]
    search_fields = ["code", "name", "=owner_ref"]
    ordering = ["code", "id"]
    readonly_fields = ["balances"]
    deeds = [
        Deed(
            "hold",
            "Hold all payments",
            accounts.hold_account,
            lambda account: account.state == AccountState.OPEN,
            reason=True,
        ),
        Deed(
            "release",
            "Open again",
            accounts.release_account,
            lambda account: account.state != AccountState.OPEN,
            reason=True,
        ),
        Deed(
            "close",
            "Close",
            accounts.close_account,
            lambda account: account.state != AccountState.CLOSED,
            reason=True,
        ),
    ]

    @admin.display(description="balances")
    def balances(self, account: Account) -> SafeString | str:
        """Pending, on hold, available and what was paid, per currency."""
        rows = [
            (
                each.balance.currency,
                each.balance,
                each.pending,
                each.hold,
                each.available,
                each.paid,
            )
            for each in ledger.balances(account)
        ]
        line = "{} {}: pending {}, on hold {}, available {}; paid {}"
        return format_html_join("; ", line, rows) or "N/A"
