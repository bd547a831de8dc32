"""Commission accounts: balances, and who may stop or open them."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from resellers import ledger
from resellers.actions import accounts
from resellers.desk.admins import DeskAdmin
from resellers.desk.deeds import Deed, asks
from resellers.desk.forms import ReasonForm
from resellers.models import Account, AccountState


@admin.register(Account)
class AccountAdmin(DeskAdmin[Account]):
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
            form=asks(ReasonForm),
            about="Nothing is paid out until the account is opened again.",
            done="The account is on hold.",
            is_dangerous=True,
        ),
        Deed(
            "release",
            "Open again",
            accounts.release_account,
            lambda account: account.state != AccountState.OPEN,
            form=asks(ReasonForm),
            about="What the account's own hold stopped may be paid again.",
            done="The account is open.",
        ),
        Deed(
            "close",
            "Close",
            accounts.close_account,
            lambda account: account.state != AccountState.CLOSED,
            form=asks(ReasonForm),
            about="Possible when nothing is owed either way.",
            done="The account is closed.",
            is_dangerous=True,
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
