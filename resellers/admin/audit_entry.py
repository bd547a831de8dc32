"""The trail, to be read."""

from django.contrib import admin

from resellers.desk.admins import DeskAdmin
from resellers.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(DeskAdmin[AuditEntry]):
    list_display = ["at", "action", "object_type", "object_ref", "actor_label"]
    list_filter = ["at"]
    search_fields = ["object_ref", "action", "request_id"]
    search_help_text = "Reference of the object, action or request id"
    ordering = ["-id"]
