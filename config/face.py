"""Pages of the face itself: the choice of colours, and the components in one view.

`FaceRenderer` gives every Django form our field and form, whoever made it.
"""

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from config import specimens
from config.frame import THEME_COOKIE, THEMES

YEAR_SECONDS = 365 * 86_400


class FaceRenderer(TemplatesSetting):
    """`{{ form }}` and `{{ form.name.as_field_group }}` are our components."""

    form_template_name = "components/form_body.html"
    field_template_name = "components/field.html"


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice of colours in a cookie, and go back to where it was made."""
    chosen = request.POST.get("theme", "")
    target = request.POST.get("next", "")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(
        target, hosts, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(target if safe else "/")
    if chosen in THEMES and chosen:
        response.set_cookie(
            THEME_COOKIE,
            chosen,
            max_age=YEAR_SECONDS,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for whoever builds a page; DEBUG and DEMO only."""
    return render(request, "dev/components.html", specimens.context())
