"""Whether what is installed is what the lock names: `python -m tests.locked`."""

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)(?: ; ([^\\]+))?")


def pins(name: str) -> dict[str, tuple[str, str]]:
    """Package to version and marker, as a lock file names them."""
    lines = (ROOT / name).read_text().splitlines()
    found = filter(None, map(PIN.match, lines))
    return {match[1].lower(): (match[2], (match[3] or "").strip()) for match in found}


def differences() -> list[str]:
    """A line for each package that is missing here or of another version."""
    lines = []
    for name, (locked, marker) in pins("requirements-dev.lock").items():
        if marker and not Marker(marker).evaluate():
            continue
        try:
            installed = version(name)
        except PackageNotFoundError:
            installed = "missing"
        if installed != locked:
            lines.append(f"{name}: locked {locked}, installed {installed}")
    return lines


if __name__ == "__main__":
    found = differences()
    sys.stderr.write("".join(f"{line}\n" for line in found))
    sys.exit(1 if found else 0)
