"""Buttons of a row: each calls one action, asks what it needs, answers in words.

A deed with a form is a page that says what will happen and asks; one without is done
by the button itself. Both take POST only to act, call the action with the signed-in
person as actor, and show the refusal's sentence when there is one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from resellers.desk.submitting import form_page
from resellers.errors import submit
from resellers.models import User

FormMaker = Callable[[Any, Any], forms.BaseForm]


def always(_: Any) -> bool:
    return True


def asks(form: type[forms.BaseForm]) -> FormMaker:
    """A form that needs to know nothing of the row."""
    return lambda _row, data: form(data)


@dataclass(frozen=True)
class Deed:
    """One button: its word in the address, its label, its action, when it is there.

    `about` says on the page what will happen, of this row when it is a function; `done`
    what has happened, of the action's answer when it is one. `allowed` may ask more of
    the person than the right to change such rows. `shows` names what the action
    answers, shown once and kept nowhere.
    """

    word: str
    label: str
    action: Callable[..., Any]
    when: Callable[[Any], bool] = always
    form: FormMaker | None = None
    about: str | Callable[[Any], str] = ""
    done: str | Callable[[Any], str] = ""
    is_dangerous: bool = False
    removes: bool = False
    allowed: Callable[[User], bool] = always
    shows: str = ""


@dataclass(frozen=True)
class Button:
    """A deed as the row's page shows it; `asks` first or acts at once."""

    label: str
    url: str
    asks: bool
    is_dangerous: bool
    word: str = ""


def url_name(model: type[models.Model], role: str) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{role}"


def person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def buttons(deeds: list[Deed], row: models.Model, request: HttpRequest) -> list[Button]:
    """The deeds that the row's state and the person's rights allow."""
    return [
        Button(
            deed.label,
            reverse(url_name(type(row), deed.word), args=[row.pk]),
            deed.form is not None,
            deed.is_dangerous,
            deed.word,
        )
        for deed in deeds
        if deed.allowed(person(request)) and deed.when(row)
    ]


def door(
    owner: admin.ModelAdmin[Any], deed: Deed, may: Callable[[HttpRequest], bool]
) -> Callable[..., HttpResponse]:
    """The view behind a button."""

    def perform(request: HttpRequest, object_id: str) -> HttpResponse:
        if not may(request) or not deed.allowed(person(request)):
            raise PermissionDenied
        row = owner.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if request.method == "POST":
            return act(owner, deed, row, request)
        if deed.form is None:
            return HttpResponseNotAllowed(["POST"])
        return ask(owner, deed, row, request, deed.form(row, None))

    return perform


def act(
    owner: admin.ModelAdmin[Any], deed: Deed, row: models.Model, request: HttpRequest
) -> HttpResponse:
    make = deed.form or asks(forms.Form)
    form = make(row, request.POST)
    page = reverse(url_name(type(row), "change"), args=[row.pk])
    answer = submit(form, partial(deed.action, row), actor=person(request))
    if form.errors and deed.form is not None:
        return ask(owner, deed, row, request, form)
    if deed.shows and not form.errors:
        return shown_once(owner, deed, row, request, answer)
    for refusal in form.non_field_errors():
        messages.error(request, str(refusal))
    if not form.errors:
        told = deed.done if isinstance(deed.done, str) else deed.done(answer)
        messages.success(request, told or f"{deed.label}: done.")
    if deed.removes:
        page = reverse(url_name(type(row), "changelist"))
    return HttpResponseRedirect(way_back(request) or page)


def ask(
    owner: admin.ModelAdmin[Any],
    deed: Deed,
    row: models.Model,
    request: HttpRequest,
    form: forms.BaseForm,
) -> HttpResponse:
    return form_page(
        owner,
        request,
        form,
        title=deed.label,
        row=row,
        about=deed.about if isinstance(deed.about, str) else deed.about(row),
        button=deed.label,
        is_dangerous=deed.is_dangerous,
        is_once=not deed.shows,  # an answer shown once is not given again
        way_back=way_back(request),
    )


def shown_once(
    owner: admin.ModelAdmin[Any],
    deed: Deed,
    row: models.Model,
    request: HttpRequest,
    answer: Any,
) -> HttpResponse:
    """A page that nothing keeps: what the action answered, to be read now."""
    context = {
        **owner.admin_site.each_context(request),
        "opts": owner.opts,
        "title": deed.label,
        "subtitle": str(row),
        "original": row,
        "label": deed.shows,
        "about": deed.done,
        "answer": answer,
    }
    page = TemplateResponse(request, "admin/desk/shown.html", context)
    add_never_cache_headers(page)
    return page


def way_back(request: HttpRequest) -> str:
    """Where the person came from, when the page said so: a path of this site."""
    asked = request.POST.get("next", request.GET.get("next", ""))
    is_path = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, None)
    return asked if is_path else ""
