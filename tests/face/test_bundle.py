"""One stylesheet, one script, one sprite, and what they weigh on the wire."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import storages
from django.core.management import call_command
from django.templatetags.static import static
from django.urls import reverse

from config.static import BundleStorage, build, sources

WEIGHT_BYTES = 60_000
STATIC_BYTES = 40_000  # leaves 20 kB for the page itself
LINKED = re.compile(r'(?:href|src)="(/static/[^"#]+)')


def weight(text: bytes) -> int:
    return len(brotli.compress(text, quality=9))


def read(name: str) -> bytes:
    found = finders.find(name)
    assert found is not None
    return Path(found).read_bytes()


@pytest.mark.parametrize("name", ["consign.css", "consign.js", "consign-admin.css"])
def test_bundle_is_found_under_its_name(name):
    found = finders.find(name)
    assert found == str(build(name))
    assert finders.find(name, find_all=True) == [found]


def test_bundle_names_its_layers_first():
    text = build("consign.css").read_text()
    assert text.startswith("@layer tokens, base, components, pages;\n")
    assert "/*" not in text


def test_script_joins_htmx_and_every_behaviour():
    text = build("consign.js").read_text()
    assert text.startswith("var htmx=function()")
    behaviours = sources()["consign.js"][1:]
    assert [p.name for p in behaviours if p.read_text().strip() not in text] == []
    assert "import " not in "".join(p.read_text() for p in behaviours)


def test_static_files_are_light():
    names = ["consign.css", "consign.js", "sprite.svg"]
    weights = [weight(read(name)) for name in names]
    assert sum(weights) <= STATIC_BYTES, weights


@pytest.mark.urls("tests.face.urls")
def test_page_asks_for_three_files_and_is_light(client):
    html = client.get(reverse("components")).content
    linked = set(LINKED.findall(html.decode()))
    assert linked == {
        "/static/consign.css",
        "/static/consign.js",
        "/static/sprite.svg",
    }
    files = [read(url.removeprefix("/static/")) for url in linked]
    assert sum(map(weight, [html, *files])) <= WEIGHT_BYTES


def test_names_are_plain_before_collecting_and_hashed_after(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    fresh = BundleStorage(location=settings.STATIC_ROOT, base_url="/static/")
    assert fresh.url("consign.css") == "/static/consign.css"
    call_command("collectstatic", interactive=False, verbosity=0)
    collected = BundleStorage(location=settings.STATIC_ROOT, base_url="/static/")
    assert re.fullmatch(
        r"/static/consign\.[0-9a-f]{12}\.css", collected.url("consign.css")
    )
    assert list(settings.STATIC_ROOT.glob("consign.*.js.br"))
    with pytest.raises(ValueError, match="Missing staticfiles manifest"):
        collected.url("no-such-file.css")


def test_storage_is_ours():
    assert isinstance(storages["staticfiles"], BundleStorage)
    assert static("sprite.svg").endswith("/sprite.svg")
