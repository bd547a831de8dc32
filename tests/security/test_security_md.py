"""`SECURITY.md` names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \|.*\| (met|open) \| (.+) \|$")
TEST = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


def rows() -> list[tuple[str, str, str]]:
    lines = (ROOT / "SECURITY.md").read_text().splitlines()
    return [
        (match[1], match[2], match[3]) for line in lines if (match := ROW.match(line))
    ]


def test_every_row_is_read_once():
    ids = [row[0] for row in rows()]
    assert len(ids) > 40
    assert len(set(ids)) == len(ids)


def test_what_is_met_names_a_test_that_exists():
    for asvs, state, words in rows():
        named = TEST.findall(words)
        assert named or state == "open", asvs
        for file, test in named:
            source = (ROOT / "tests" / "security" / file).read_text()
            assert f"def {test}(" in source, (asvs, file, test)
