"""`/api/admin`: resellers, referrals, rates and sales. Paths as document 2 writes them.

Names: `api:resellers:<noun>-<role>`.
"""

from django.urls import URLPattern, URLResolver

app_name = "resellers"

urlpatterns: list[URLPattern | URLResolver] = []
