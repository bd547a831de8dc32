"""Every API mount in one file. Paths stand in the applications, as documents write them.

Names: `api:<app>:<noun>-<role>`. Source: 8-api, the table of mounts.
"""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularJSONAPIView

from config.api.docs import docs

mounts: list[URLPattern | URLResolver] = [
    # /api/v1/reseller, /api/v1/offerings, /api/v1/contracts
    path("v1/", include("marketplace.api.urls")),
    # /api/admin
    path("admin/", include("resellers.api.urls")),
]

urlpatterns = [
    path("schema", SpectacularJSONAPIView.as_view(), name="api-schema"),
    path("docs", docs, name="api-docs"),
    path("", include((mounts, "api"))),
]
