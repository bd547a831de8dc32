"""Every address of Consign."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.views.generic import RedirectView

from config import face
from config.converters import Hex32
from config.metrics import metrics
from config.signin.views import demo_sign_in

register_converter(Hex32, "hex32")

urlpatterns: list[URLPattern | URLResolver] = [
    # /
    path("", RedirectView.as_view(pattern_name="marketplace:offering-list")),
    # /theme
    path("theme", face.theme, name="theme"),
    # /metrics
    path("metrics", metrics, name="metrics"),
    # /account, /demo
    path("account/", include("config.signin.urls")),
    path("demo/sign-in", demo_sign_in, name="demo-sign-in"),
    # /api
    path("api/", include("config.api.urls")),
    # /admin
    path("admin/", admin.site.urls),
    # /marketplace, /contracts, /dashboard/provider
    path("", include("marketplace.urls")),
    # /dashboard/reseller
    path("", include("resellers.urls")),
]
if settings.DEBUG or settings.DEMO:
    urlpatterns.append(path("dev/components", face.components, name="components"))

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
