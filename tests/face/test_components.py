"""Components by their contract: what a page author writes and what comes out."""

import pytest
from django import forms
from django.template import Context, RequestContext, Template
from django.test import RequestFactory


class OrderForm(forms.Form):
    number = forms.CharField(label="External order id", help_text="From the mail.")
    note = forms.CharField(label="Note", required=False)
    token = forms.CharField(widget=forms.HiddenInput)


def render(source: str, **values: object) -> str:
    html = Template("{% load consign %}" + source).render(Context(values))
    return " ".join(html.split())


def test_form_carries_token_target_and_verb():
    source = (
        '{% component "form" form=form action="/x" verb="Fulfil order" '
        'target="#order-panel" %}{% endcomponent %}'
    )
    html = render(source, form=OrderForm(), csrf_token="t0ken")
    assert 'value="t0ken"' in html
    assert 'hx-post="/x" hx-target="#order-panel" hx-swap="outerHTML"' in html
    assert html.count("Fulfil order") == 1
    assert 'name="number"' in html
    assert 'name="token"' in html


def test_refused_form_keeps_values_and_takes_the_focus():
    form = OrderForm({"number": "", "note": "<kept>", "token": "1"})
    form.is_valid()
    form.add_error(None, "Somebody was faster.")
    html = render("{{ form }}", form=form)
    assert 'role="alert" tabindex="-1" autofocus' in html
    assert "Somebody was faster." in html
    assert '<a href="#id_number">External order id</a>' in html
    assert 'aria-describedby="id_number_helptext id_number_error"' in html
    assert 'id="id_number_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="&lt;kept&gt;"' in html


def test_field_alone_is_the_same_component():
    form = OrderForm()
    included = render(
        '{% include "components/field.html" with field=form.number only %}', form=form
    )
    grouped = render("{{ form.number.as_field_group }}", form=form)
    assert included.strip() == grouped.strip()
    assert '<label class="label" for="id_number">External order id</label>' in grouped
    assert "optional" in render("{{ form.note.as_field_group }}", form=form)


def test_component_sees_its_values_alone():
    html = render(
        '{% component "card" title=title %}{{ secret }}{% endcomponent %}',
        title="<Facts>",
        note="leaked",
        secret="<inside>",
    )
    assert "&lt;Facts&gt;" in html
    assert "&lt;inside&gt;" in html
    assert "leaked" not in html


def test_confirmation_asks_in_words_before_its_button():
    source = (
        '{% component "confirm" action="/x" verb="Suspend" question="Suspend A?" '
        'consequence="Open orders stay." %}{% endcomponent %}'
    )
    html = render(source)
    places = [html.index(w) for w in ("<details", "<summary", "Suspend A?", "<button")]
    assert places == sorted(places)


def test_outside_button_gives_nothing_away():
    source = (
        '{% include "components/button.html" with verb="Visit" href="https://example'
        '.com/" outside=True only %}'
    )
    assert 'target="_blank" rel="noopener noreferrer"' in render(source)


@pytest.mark.parametrize(
    ("changes", "query"),
    [('sort="price"', "?q=a+b&amp;sort=price"), ("q=None", "?page=2")],
)
def test_query_keeps_what_is_not_changed(changes, query):
    request = RequestFactory().get(
        "/x?q=a+b" + ("&page=2" if "None" in changes else "")
    )
    source = "{% load consign %}{% with_query " + changes + " %}"
    assert Template(source).render(RequestContext(request)) == query


def test_pager_goes_on_with_and_without_script():
    source = '{% include "components/pager.html" with next_url="?after=x" only %}'
    html = render(source)
    assert 'href="?after=x" rel="next" hx-get="?after=x"' in html
    assert 'hx-target="closest [data-pager]" hx-swap="outerHTML"' in html
