"""The house holds together: import contracts, models, migrations, templates, routes."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("config", "resellers", "ota", "marketplace")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
BELOW_PAGES = {"actions", "ledger", "jobs", "audit", "keys", "models", "commission"}
BELOW_PAGES |= {"money", "places", "pg", "errors", "clock", "parsing", "templatetags"}
BELOW_PAGES |= {"tables", "desk"}
# Where a model's rows are written; everything else calls an action.
WRITERS = re.compile(
    r"^(resellers|marketplace|ota)/"
    r"(actions|models|payouts|ledger|jobs|audit|keys)(/|\.py$)|^config/"
)
MONEY = [
    "resellers/money.py",
    "resellers/commission.py",
    "marketplace/pricing.py",
    "marketplace/pick.py",
]
HTTP_CLIENTS = {"requests", "httpx", "aiohttp", "urllib3", "http.client"}
HTTP_CLIENTS |= {"urllib.request", "ftplib"}
MAY_FETCH = re.compile(r"^resellers/gateway(/|\.py$)")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Path and syntax tree of each module of the product."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def found(path: str, node: ast.expr | ast.stmt) -> str:
    return f"{path}:{node.lineno}"


def test_import_contracts_hold():
    """In a process of its own: the tool switches off the loggers of the one it is in."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]


def test_channels_use_the_trunk_below_its_pages():
    """Contract 3: never the trunk's pages, forms, filters, API or admin."""
    strays = [
        f"{found(path, node)} {name}"
        for path, tree in modules()
        if path.startswith(("marketplace/", "ota/"))
        for name, node in imports(tree)
        if name.startswith("resellers.") and name.split(".")[1] not in BELOW_PAGES
    ]
    assert strays == []


def test_foreign_keys_point_where_an_import_could():
    """A string foreign key would slip past the import contracts."""
    allowed = {
        "config": {"config", "marketplace", "ota", "resellers"},
        "marketplace": {"marketplace", "resellers"},
        "ota": {"ota", "resellers"},
        "resellers": {"resellers"},
    }
    django = {"auth", "contenttypes", "sessions"}
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in allowed
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation and not field.auto_created and field.related_model
        if field.related_model._meta.app_label
        not in allowed[model._meta.app_label] | django
    ]
    assert wrong == []


def test_no_relation_is_generic():
    generic = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in ROOMS
        for field in model._meta.private_fields
    ]
    assert generic == []


def test_constraints_and_indexes_have_names_of_their_own():
    unnamed = [
        f"{model._meta.label}: {index.name}"
        for model in apps.get_models()
        if model._meta.app_label in ROOMS
        for index in model._meta.indexes
        if re.search(r"_[0-9a-f]{6}_idx$", index.name)
    ]
    assert unnamed == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_template_compiles_without_inline_code(path):
    text = path.read_text()
    get_template(str(path.relative_to(ROOT / "templates")))
    assert not re.search(r"\sstyle\s*=", text), "style attribute"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "event attribute"
    assert not re.search(r"<style\b", text), "style element"
    assert not re.search(r"<script\b(?![^>]*\bsrc=)", text), "inline script"
    assert not re.search(r"\|\s*safe\b|\bautoescape\s+off\b", text), "unescaped"
    assert not re.search(r"\bhx-on\b", text), "hx-on"


def test_mail_templates_compile():
    mails = sorted((ROOT / "templates").rglob("mail/*.txt"))
    for path in mails:
        get_template(str(path.relative_to(ROOT / "templates")))
    assert mails


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def test_no_route_ends_in_a_slash():
    """Only /admin/ keeps them. Source: 3-style, section 3."""
    slashed = [
        route
        for route in routes(get_resolver().url_patterns)
        if route.rstrip("$").endswith("/") and not route.startswith("admin/")
    ]
    assert slashed == []


def test_only_actions_and_what_they_write_through_save():
    saves = [
        found(path, node)
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"save", "bulk_create", "bulk_update"}
        and not WRITERS.match(path)
        and "/migrations/" not in path
    ]
    assert saves == []


@pytest.mark.parametrize("path", MONEY)
def test_money_knows_no_float(path):
    """No float, no `/`, no `round`: integers all the way. Source: 1-product."""
    wrong = []
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            wrong.append(f"{path}:{node.lineno} a float")
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            wrong.append(f"{path}:{node.lineno} a division")
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"float", "round"}:
            wrong.append(f"{path}:{node.lineno} {ast.unparse(node)}")
    assert wrong == []


def imports(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def test_only_the_gateway_may_fetch():
    clients = [
        f"{found(path, node)} {name}"
        for path, tree in modules()
        if not MAY_FETCH.match(path)
        for name, node in imports(tree)
        if name in HTTP_CLIENTS or name.split(".")[0] in HTTP_CLIENTS
    ]
    assert clients == []


def test_nothing_is_marked_safe():
    marked = [
        f"{found(path, node)} {name}"
        for path, tree in modules()
        for name, node in imports(tree)
        if name.rpartition(".")[2] in {"mark_safe", "csrf_exempt"}
    ]
    assert marked == []


def test_the_environment_is_read_in_one_place():
    """`serve` hands its options on, `backup` its own surroundings; nobody else looks."""
    readers = {
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    commands = {"serve", "backup"}
    assert readers == {
        "config/asgi.py",
        "config/env.py",
        "config/wsgi.py",
        *(f"config/management/commands/{name}.py" for name in commands),
    }


def test_vendor_sql_stands_in_one_place():
    cursors = {
        path
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "cursor"
        and "/migrations/" not in path
    }
    # The counter's upsert and the facets' loose index scan, for which the ORM has no
    # words, are each one statement of standard SQL, the same on both databases.
    assert cursors == {
        "resellers/pg/__init__.py",
        "resellers/pg/extended_keys.py",
        "resellers/pg/guards.py",
        "config/models/counter.py",
        "marketplace/models/facets.py",
    }


def test_modules_stay_readable():
    long = [
        path
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "migrations" not in path.parts and len(path.read_text().splitlines()) > 400
    ]
    assert long == []
