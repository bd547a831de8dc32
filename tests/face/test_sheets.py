"""The style sheets: colours in one place, every layer named, every name defined."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text()
SHEETS = sorted(path for path in CSS.rglob("*.css") if path.name != "tokens.css")
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|hwb|lab|lch|oklab|oklch|light-dark)\("
    r"|:\s*(white|black|gr[ae]y|red|green|blue|orange|yellow|purple)\b",
    re.IGNORECASE,
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
USED = re.compile(r"var\((--[\w-]+)")
DEFINED = re.compile(r"(--[\w-]+):")
LAYER = {"base.css": "base", "components": "components", "pages": "pages"}

sheets = pytest.mark.parametrize("path", SHEETS, ids=lambda p: str(p.relative_to(CSS)))


def is_admin(path: Path) -> bool:
    """Sheets of the administration, beside Django's own."""
    return path.name in {"admin.css", "desk.css"} or path.parent.name == "desk"


def text_of(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


@sheets
def test_sheet_names_no_colour(path):
    declarations = re.findall(r"[\w-]+:[^;{]+;", text_of(path))
    assert [line for line in declarations if COLOUR.search(line)] == []


@sheets
def test_sheet_uses_defined_tokens(path):
    text = text_of(path)
    known = set(DEFINED.findall(TOKENS)) | set(DEFINED.findall(text))
    assert set(USED.findall(text)) - known == set()


@sheets
def test_sheet_lies_in_its_layer(path):
    if is_admin(path):
        pytest.skip("joins Django's own sheets, which know no layers")
    layer = LAYER.get(path.parent.name) or LAYER[path.name]
    text = text_of(path).strip()
    assert text.startswith(f"@layer {layer} {{")
    assert text.count("@layer") == 1


@sheets
def test_sheet_styles_no_id(path):
    if is_admin(path):
        pytest.skip("Django's admin is built on ids")
    selectors = re.findall(r"([^{};]+)\{", text_of(path))
    assert [s for s in selectors if re.search(r"#[a-z]", s)] == []


def test_every_token_is_used():
    everywhere = "".join(text_of(path) for path in SHEETS) + TOKENS
    unused = set(DEFINED.findall(TOKENS)) - set(USED.findall(everywhere))
    assert unused == set()


def test_there_are_four_sizes_of_type():
    sizes = set(re.findall(r"--text-\w+", TOKENS))
    assert sizes == {"--text-small", "--text-body", "--text-title", "--text-display"}
