"""Where a page stands: the links above its title."""

from django.urls import reverse

from marketplace.models import Offering


def crumbs() -> list[dict[str, str]]:
    """The way to everything below the marketplace."""
    return [{"label": "Marketplace", "url": reverse("marketplace:offering-list")}]


def crumb(offering: Offering) -> dict[str, str]:
    url = reverse("marketplace:offering-detail", args=[offering.pk])
    return {"label": offering.offer_name, "url": url}
