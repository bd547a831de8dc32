"""Each document is complete for its reader: settings, commands, endpoints."""

import re
from pathlib import Path

from django.core.management import get_commands
from drf_spectacular.generators import SchemaGenerator

ROOT = Path(__file__).resolve().parent.parent
OPERATORS = (ROOT / "docs/operators.md").read_text()
API = (ROOT / "docs/api.md").read_text()
MOUNT = re.compile(r"^/api/(v1|admin)(?=/)")
OUR_ROOMS = ("config", "resellers", "marketplace")


def test_every_setting_is_documented():
    names = re.findall(
        r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE
    )
    assert len(names) > 20
    assert [name for name in names if f"`{name}`" not in OPERATORS] == []


def test_every_setting_that_is_read_stands_in_the_example():
    source = (ROOT / "config/env.py").read_text()
    read = re.findall(r'reader\.read\(\s*"([A-Z_]+)"', source)
    example = (ROOT / ".env.example").read_text()
    assert [name for name in read if f"{name}=" not in example] == []


def test_every_command_is_documented():
    ours = [name for name, app in get_commands().items() if app in OUR_ROOMS]
    assert len(ours) > 8
    assert [name for name in ours if f"`{name}" not in OPERATORS] == []


def test_every_endpoint_is_documented():
    schema = SchemaGenerator().get_schema(request=None, public=True)
    lines = {
        f"{method.upper()} `{MOUNT.sub('', path)}`"
        for path, operations in schema["paths"].items()
        for method in operations
    }
    assert len(lines) > 45
    assert [line for line in lines if line not in API] == []


def test_links_between_documents_lead_somewhere():
    for document in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", document.read_text()):
            assert (document.parent / target).exists(), (document.name, target)
