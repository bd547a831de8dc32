"""Honest figures: what a test measured, beside what was promised.

    figure("submit.contracts", made, 2_500, n=2_500, minimum=2_500, control=doubled)

writes one line of JSON to build/figures.jsonl. It is INVALID, and the test fails, when
fewer were tried at full scale than the promise is about, or when the negative control
saw no damage: then the test could not have seen any either. `python -m tests.figures`
(`make figures`) prints the latest full-scale lines as a table.
Source: 9-quality, section 8.
"""

import json
import os
import random
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

FILE = Path(__file__).resolve().parent.parent / "build" / "figures.jsonl"
FULL_SCALE = os.environ.get("FULL_SCALE") == "1"
SEED = int(os.environ.get("TEST_SEED") or random.SystemRandom().randrange(2**32))
PART = 5

Number = int | float


@dataclass(frozen=True)
class AtMost:
    """A target that is a limit: seconds, bytes, megabytes."""

    limit: Number

    def __str__(self) -> str:
        return f"≤ {self.limit:,}"


def scaled(full: int, part: int = PART) -> int:
    """The full number with FULL_SCALE=1, else a fifth of it, or less."""
    return full if FULL_SCALE else max(full // part, 1)


def figure(
    name: str,
    value: Number,
    target: Number | AtMost,
    *,
    n: int,
    minimum: int,
    control: bool | None = None,
) -> None:
    """Write down what was measured in `n` tries, then hold it against its target.

    `control` says whether the damage was seen without the protection; None where
    the target itself is a count that nothing but the product could reach.
    """
    verdict = verdict_of(value, target, n=n, minimum=minimum, control=control)
    line = {
        "id": name,
        "value": value,
        "target": str(target) if isinstance(target, AtMost) else target,
        "n": n,
        "minimum": minimum,
        "control": control,
        "verdict": verdict,
        "scale": "full" if FULL_SCALE else "part",
        "database": database(),
        "seed": SEED,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    write(line)
    assert verdict == "kept", line


def verdict_of(
    value: Number,
    target: Number | AtMost,
    *,
    n: int,
    minimum: int,
    control: bool | None,
) -> str:
    too_small = n < (minimum if FULL_SCALE else 1)
    if too_small or control is False:
        return "INVALID"
    met = value <= target.limit if isinstance(target, AtMost) else value == target
    return "kept" if met else "MISSED"


def database() -> str:
    if connection.vendor != "postgresql":
        return "SQLite"
    version = connection.cursor().connection.info.server_version
    return f"PostgreSQL {version // 10_000}.{version % 10_000}"


def write(line: dict[str, Any]) -> None:
    """One line in one write, so that several processes may append."""
    FILE.parent.mkdir(exist_ok=True)
    with FILE.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def latest() -> list[dict[str, Any]]:
    """The last full-scale line of each figure and database, by name."""
    found = {}
    for text in FILE.read_text(encoding="utf-8").splitlines() if FILE.exists() else ():
        line = json.loads(text)
        if line["scale"] == "full":
            found[line["id"], line["database"]] = line
    return [found[key] for key in sorted(found)]


def table(lines: list[dict[str, Any]]) -> str:
    """The lines as a table in Markdown."""
    rows = [
        "| figure | measured | promised | tries | control | database | |",
        "|---|---|---|---|---|---|---|",
    ]
    controls = {True: "saw damage", False: "saw nothing", None: "–"}
    for line in lines:
        cells = [
            line["id"],
            shown(line["value"]),
            shown(line["target"]),
            shown(line["n"]),
            controls[line["control"]],
            line["database"],
            line["verdict"],
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def shown(value: Number | str) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def main() -> int:
    lines = latest()
    sys.stdout.write(table(lines) + "\n")
    return int(any(line["verdict"] != "kept" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
