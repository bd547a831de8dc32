"""Pages of the trunk: the reseller's own workspace, and links from mails."""

from django.urls import URLPattern, URLResolver

app_name = "resellers"

urlpatterns: list[URLPattern | URLResolver] = []
