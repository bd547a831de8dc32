"""Reading a page of the portal as a person does."""

import re
from html import unescape

URL = "/dashboard/reseller"
HTMX = {"headers": {"HX-Request": "true"}}
PAGES = [
    URL,
    f"{URL}/referrals",
    f"{URL}/commissions",
    f"{URL}/commissions.csv",
    f"{URL}/statements",
    f"{URL}/payouts",
    f"{URL}/profile",
]


def words(html: bytes | str) -> str:
    """The text of the page's middle, tags gone, blanks folded, minus signs typed."""
    text = html.decode() if isinstance(html, bytes) else html
    main = text.partition('<main class="page"')[2].partition("</main>")[0] or text
    bare = re.sub(r"<(script|style|svg).*?</\1>", " ", main, flags=re.DOTALL)
    told = unescape(re.sub(r"<[^>]+>", " ", bare)).replace("\u2212", "-")
    return " ".join(told.split())


def part(html: bytes | str, name: str, tag: str = "tr") -> str:
    """The text of the element with this id."""
    text = html.decode() if isinstance(html, bytes) else html
    found = re.search(rf'<{tag} [^>]*id="{name}".*?</{tag}>', text, re.DOTALL)
    assert found, f"no {tag} {name}"
    return words(found[0])


def rows(html: bytes | str, kind: str) -> list[str]:
    """The texts of all rows `<kind>-<id>`, from top to bottom."""
    text = html.decode() if isinstance(html, bytes) else html
    found = re.findall(rf'<tr id="{kind}-[^"]*".*?</tr>', text, re.DOTALL)
    return [words(each) for each in found if f'id="{kind}-pager"' not in each]
