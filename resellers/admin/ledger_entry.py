"""The books, to be read. A mistake is corrected by another row, never here."""

from django.contrib import admin

from resellers.desk.admins import DeskAdmin
from resellers.models import LedgerEntry


@admin.register(LedgerEntry)
class LedgerEntryAdmin(DeskAdmin[LedgerEntry]):
    list_display = [
        "id",
        "account",
        "kind",
        "component",
        "amount",
        "currency",
        "status",
        "hold_for",
        "available_at",
        "source",
        "source_ref",
    ]
    list_filter = ["status", "kind", "component"]
    list_select_related = ["account"]
    search_fields = ["=source_ref", "=key", "=account__code"]
    search_help_text = "Reference of the source, key or code of the account"
    ordering = ["-id"]
    exclude = ["amount_minor", "base_minor", "fingerprint"]
    readonly_fields = ["amount", "why"]

    @admin.display(description="amount", ordering="amount_minor")
    def amount(self, entry: LedgerEntry) -> str:
        return str(entry.money)

    @admin.display(description="why this amount")
    def why(self, entry: LedgerEntry) -> str:
        if entry.base is None or entry.rate is None:
            return "–"
        exact = f"{entry.base} × {entry.rate}"
        return f"{exact}, half-up {entry.money}; {entry.get_basis_display()}"
