"""Reading a page as a person does."""

import re


def words(html: str | bytes) -> str:
    """The text of a page, tags gone and blanks folded."""
    text = html.decode() if isinstance(html, bytes) else html
    bare = re.sub(r"<(script|style).*?</\1>", " ", text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())


def hidden(html: str | bytes, name: str) -> str:
    """The value of a hidden input."""
    text = html.decode() if isinstance(html, bytes) else html
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', text)
    assert found, f"no hidden {name}"
    return found[1]
