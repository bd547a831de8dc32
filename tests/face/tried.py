"""A page whose requests are slow, fail, or bring the next rows."""

import time

from django.http import HttpRequest, HttpResponse
from django.template import engines

PAGE = """{% extends "base.html" %}{% load consign %}{% block main %}
<ul id="rows"><li>row 1</li>
  <li data-pager>{% include "components/pager.html" with next_url="/try/rows" %}</li>
</ul>
{% component "act" action="/try/act" verb="Act" target="#answer" %}{% endcomponent %}
<p id="answer">nothing yet</p>
<a href="/try/broken" hx-get="/try/broken" hx-target="#answer"
   hx-swap="outerHTML">Break</a>
<form method="post" action="/try/act">{% csrf_token %}
  <button>Plain act</button></form>
<form method="get" action="/try" data-auto-submit>
  <select name="place" aria-label="Place">
    <option value="">All</option><option>DE</option>
  </select>
  <input type="search" name="q" aria-label="Search">
</form>
{% endblock %}"""

acts: list[str] = []


def page(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({}, request))


def rows(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        '<li><a href="/x">row 2</a></li><li data-pager><p>All 2 shown</p></li>'
    )


def act(request: HttpRequest) -> HttpResponse:
    acts.append(str(request.method))
    time.sleep(0.5)
    number = len(acts)
    return HttpResponse(f'<p id="answer" data-announce>Done {number}</p>')


def broken(_request: HttpRequest) -> HttpResponse:
    acts.append("broken")
    return HttpResponse("<p>there</p>", status=503 if len(acts) == 1 else 200)
