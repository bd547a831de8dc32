"""What `make check` looks at, inside the suite: linters, formatters, types."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.locked import ROOT

BIN = Path(sys.executable).parent
TEMPLATES = sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("templates/**/*.html"))
TOOLS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy", "."],
    "djade": ["djade", "--check", *TEMPLATES],
    "djangofmt": ["djangofmt", "--check", *TEMPLATES],
}

pytestmark = pytest.mark.tools


@pytest.mark.parametrize("name", TOOLS)
def test_tool_finds_nothing(name):
    program, *arguments = TOOLS[name]
    done = subprocess.run(
        [BIN / program, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
