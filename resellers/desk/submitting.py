"""Pages of the admin with a form of our own whose only effect is an action."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.template.response import TemplateResponse


def form_page(
    owner: admin.ModelAdmin[Any],
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    title: str,
    row: models.Model | None = None,
    **context: Any,
) -> TemplateResponse:
    """The form in the admin's frame; 422 with its refusals and the input kept."""
    facts = {
        **owner.admin_site.each_context(request),
        "opts": owner.opts,
        "title": title,
        "subtitle": str(row) if row is not None else None,
        "form": form,
        "original": row,
        **context,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    template = "admin/desk/form.html"
    return TemplateResponse(request, template, facts, status=status)
