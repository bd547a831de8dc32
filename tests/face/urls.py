"""The addresses of the product, and the page that shows every component."""

from django.urls import path

from config import face
from config.urls import urlpatterns as product

urlpatterns = [*product, path("dev/components", face.components, name="components")]
