"""`{% load consign %}`: the tags behind `templates/components/`.

Each tag is also a plain function, so that a view can hand finished values to the
rows of a long list. Source: 10-face, ground rules; 3-style, pages.
"""

from datetime import datetime

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from resellers.templatetags import charts, moments, moneys, signs

register = template.Library()

register.simple_tag(signs.icon_html, name="icon")
register.simple_tag(signs.status_html, name="status")
register.simple_tag(moneys.money_html, name="money")
register.simple_tag(moneys.money_e9s_html, name="money_e9s")
register.simple_tag(moments.time_html, name="moment")
register.simple_tag(moments.countdown_html, name="countdown")
register.simple_tag(charts.column_chart, name="column_chart")
register.simple_tag(charts.row_chart, name="row_chart")
register.filter("money_text", moneys.money_text)


@register.filter
def relative(at: datetime) -> str:
    """'3 h ago', 'in 2 days'; a date when it is further than 30 days."""
    return moments.relative_words(at, moments.now())


@register.filter
def grouped(number: int) -> str:
    """A count with its thousands apart: 12,345."""
    return f"{number:,}"


@register.simple_block_tag(takes_context=True)
def component(
    context: Context, content: str, name: str, **values: object
) -> SafeString:
    """Render `components/<name>.html` around a block, which it sees as `body`.

    The component sees its own values and the CSRF token, nothing else.
    """
    if context.template is None:
        raise template.TemplateSyntaxError("component needs a template around it")
    page = context.template.engine.get_template(f"components/{name}.html")
    inner = context.new({**values, "body": content})
    inner["csrf_token"] = context.get("csrf_token")
    return page.render(inner)


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: object) -> str:
    """The present query string with some parameters changed; None drops one."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else None
    if query is None:
        return ""
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return format_html("?{}", query.urlencode())
