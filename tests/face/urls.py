"""The product's addresses, every component, and a page whose requests may fail."""

from django.urls import path

from config import face
from config.urls import urlpatterns as product
from tests.face import tried

urlpatterns = [
    *product,
    path("dev/components", face.components, name="components"),
    path("try", tried.page, name="try"),
    path("try/rows", tried.rows),
    path("try/act", tried.act),
    path("try/broken", tried.broken),
]
