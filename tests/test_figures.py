"""A figure that could not have been missed is no figure."""

import json

import pytest

from tests import figures
from tests.figures import AtMost, figure, verdict_of


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Where this test's figures go, at full scale."""
    file = tmp_path / "build" / "figures.jsonl"
    monkeypatch.setattr(figures, "FILE", file)
    monkeypatch.setattr(figures, "FULL_SCALE", True)
    return file


@pytest.mark.parametrize(
    ("value", "target", "tries", "verdict"),
    [
        (0, 0, (100, True), "kept"),
        (0, 0, (100, None), "kept"),
        (1, 0, (100, True), "MISSED"),
        (4.9, AtMost(5), (100, None), "kept"),
        (5.1, AtMost(5), (100, None), "MISSED"),
        (0, 0, (99, True), "INVALID"),
        (0, 0, (100, False), "INVALID"),
    ],
)
def test_verdict(written, value, target, tries, verdict):
    n, control = tries
    assert verdict_of(value, target, n=n, minimum=100, control=control) == verdict


def test_part_of_the_scale_needs_one_try(written, monkeypatch):
    monkeypatch.setattr(figures, "FULL_SCALE", False)
    assert verdict_of(0, 0, n=1, minimum=100, control=None) == "kept"
    assert verdict_of(0, 0, n=0, minimum=100, control=None) == "INVALID"


@pytest.mark.django_db
def test_missed_figure_is_written_and_fails(written):
    with pytest.raises(AssertionError):
        figure("doubles", 3, 0, n=100, minimum=100, control=True)
    line = json.loads(written.read_text())
    del line["database"], line["seed"], line["at"]
    assert line == {
        "id": "doubles",
        "value": 3,
        "target": 0,
        "n": 100,
        "minimum": 100,
        "control": True,
        "verdict": "MISSED",
        "scale": "full",
    }


@pytest.mark.django_db
def test_table_shows_the_latest_full_scale_lines(written, monkeypatch, capsys):
    figure("submit.doubles", 0, 0, n=9_000, minimum=100, control=True)
    figure("submit.doubles", 0, 0, n=10_000, minimum=100, control=True)
    figure("page.seconds", 1.5, AtMost(5), n=100, minimum=100)
    monkeypatch.setattr(figures, "FULL_SCALE", False)
    figure("submit.doubles", 0, 0, n=1, minimum=100)

    assert figures.main() == 0

    database = figures.database()
    assert capsys.readouterr().out.splitlines()[2:] == [
        f"| page.seconds | 1.5 | ≤ 5 | 100 | – | {database} | kept |",
        f"| submit.doubles | 0 | 0 | 10,000 | saw damage | {database} | kept |",
    ]
