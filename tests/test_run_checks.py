"""Own system checks find what they are for, and a plain server passes them all."""

import os
import subprocess
import sys
import tomllib

import pytest
from django.core.checks import run_checks
from django.db import connection
from rest_framework.views import APIView

from config import checks
from resellers import pg
from tests.factories.resellers import UserFactory
from tests.locked import ROOT


def found(**options):
    return sorted({message.id for message in run_checks(**options)})


class Careless(APIView):
    permission_classes = []


@pytest.mark.django_db
def test_a_fresh_database_passes():
    assert found(databases=["default"]) == []


@pytest.mark.django_db
def test_missing_guard_is_an_error():
    pg.drop_guards()
    try:
        deployed = found(databases=["default"], include_deployment_checks=True)
        assert "consign.E003" in deployed
        assert found(databases=["default"]) == []
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
    assert found(databases=["default"]) == []
    settings.DEMO = True
    assert found(databases=["default"]) == ["consign.E004"]


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
