"""The locks: every version with hashes, no address, development on top of runtime."""

import tomllib

import pytest

from tests.locked import ROOT, differences, pins

LOCKS = ["requirements.lock", "requirements-dev.lock"]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_no_address(name):
    assert "://" not in (ROOT / name).read_text()


@pytest.mark.parametrize("name", LOCKS)
def test_every_version_has_hashes(name):
    text = (ROOT / name).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == len(pins(name))
    assert [line for line in lines if "--hash=sha256:" not in line] == []


def test_development_stands_on_the_runtime():
    runtime, development = pins(LOCKS[0]), pins(LOCKS[1])
    assert {n: pin for n, pin in development.items() if n in runtime} == runtime


def test_direct_requirements_are_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {
        requirement.partition("[")[0].partition(">")[0].strip()
        for requirement in project["dependencies"]
    }
    assert names <= set(pins(LOCKS[0]))


def test_installed_is_what_is_locked():
    assert differences() == []
