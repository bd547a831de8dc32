"""`{% load idempotency %}`: the hidden key that makes a form's second sending harmless."""

import uuid

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.api.idempotency import KEY_FIELD

register = template.Library()


@register.simple_tag
def idempotency_key() -> SafeString:
    """A new key for each rendering: a double click sends it twice, a new page not."""
    return format_html(
        '<input type="hidden" name="{}" value="{}">', KEY_FIELD, uuid.uuid4().hex
    )
