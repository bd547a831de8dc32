"""Addresses of the admin's pages, and what a form on one of them holds."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Model, Q
from django.test import Client
from django.urls import reverse

from resellers.models import User

ROOMS = ("resellers", "marketplace")


def url(model: type[Model] | Model, role: str, *args: object) -> str:
    """`url(Offering, "changelist")`, `url(order, "fail")`: a row names itself."""
    rows = [model.pk] if isinstance(model, Model) else args
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{role}", args=rows)


def form_of(client: Client, row: Model, **changed: Any) -> dict[str, Any]:
    """What a browser sends back of a row's form, with some fields filled in anew."""
    page = client.get(url(row, "change"))
    form = page.context["adminform"].form
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        sent[bound.html_name] = "" if value in (None, False) else value
        sent[bound.html_initial_name] = sent[bound.html_name]
        if value is False:
            del sent[bound.html_name]
            sent[bound.html_initial_name] = "False"
    return sent | changed


def sentences(page: Any) -> list[str]:
    """What the page after a deed says on top."""
    return [str(message) for message in page.context["messages"]]


def allow(user: User, *starts: str) -> User:
    """Give the rights whose names begin so, in the product's rooms."""
    wanted = Q()
    for start in starts:
        wanted |= Q(codename__startswith=start)
    rooms = Q(content_type__app_label__in=ROOMS)
    user.user_permissions.set(Permission.objects.filter(wanted & rooms))
    return user
