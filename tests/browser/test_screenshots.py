"""Pictures of every page for people to look at: `make screenshots`.

Source: 10-face, "Proof". Without SCREENSHOTS, one page shows that taking them works.
"""

import os
import re
from pathlib import Path

import pytest

from tests.browser.samples import samples
from tests.browser.visits import ALL_VISITS, Visit, address

pytestmark = pytest.mark.browser

WIDTHS, SCHEMES = (1280, 360), ("light", "dark")
WANTED = os.environ.get("SCREENSHOTS", "")
VISITS = ALL_VISITS if WANTED else ALL_VISITS[:1]


@pytest.fixture(scope="module")
def known(consign):
    return samples(consign)


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_screenshots(visit: Visit, visitor, known, tmp_path):
    directory = Path(WANTED or tmp_path)
    page = visitor(visit.who).page
    page.goto(visitor(visit.who).server.url + address(visit, known))
    name = re.sub(r"\W+", "-", str(visit)).strip("-")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            path = directory / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True, animations="disabled")
            assert path.stat().st_size > 1_000
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
