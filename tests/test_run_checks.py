"""Own system checks find what they are for, and a plain server passes them all."""

import os
import subprocess
import sys
import tomllib

import pytest
from django.core.checks import run_checks
from django.core.management.base import SystemCheckError
from django.db import connection
from rest_framework.views import APIView

from config import checks
from config.management.commands import serve
from resellers import pg
from tests.factories.resellers import UserFactory
from tests.locked import ROOT


def found():
    """What `serve` would not start with."""
    messages = run_checks(
        tags=["database"], databases=["default"], include_deployment_checks=True
    )
    return sorted({message.id for message in messages})


class Careless(APIView):
    permission_classes = []


@pytest.mark.django_db
def test_a_fresh_database_passes():
    assert found() == []


@pytest.mark.django_db
def test_missing_guard_stops_serve_but_not_the_migrate_that_repairs_it():
    pg.drop_guards()
    try:
        assert found() == ["consign.E003"]
        assert run_checks(tags=["database"], databases=["default"]) == []
        with pytest.raises(SystemCheckError, match=r"consign\.E003"):
            serve.Command().prepare(migrate=False)
    finally:
        pg.install_guards()


@pytest.mark.django_db
def test_weak_durability_is_an_error(monkeypatch):
    weak = {name: {"never"} for name in checks.KEPT[connection.vendor]}
    monkeypatch.setitem(checks.KEPT, connection.vendor, weak)
    messages = checks.check_durability(databases=["default"])
    assert [message.id for message in messages] == ["consign.E001"] * len(weak)


@pytest.mark.django_db
def test_demo_on_a_foreign_database_is_an_error(settings):
    UserFactory()
    assert found() == []
    settings.DEMO = True
    assert found() == ["consign.E004"]


def test_api_view_without_permission_is_an_error(monkeypatch):
    named = [("tests.Careless", Careless)]
    monkeypatch.setattr(checks, "api_views", lambda _patterns: iter(named))
    messages = checks.check_permissions()
    assert [(m.id, m.msg) for m in messages] == [
        ("consign.E002", "tests.Careless declares no permission.")
    ]


def test_plain_server_passes_the_deployment_checks():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLM",
            "ALLOWED_HOSTS": "shop.example.com",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_version_is_the_project_s(settings):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == settings.VERSION
