"""Bars drawn on the server as SVG, with the same numbers as a table behind them.

Widths are percentages and heights are pixels, so that text keeps its size on a phone
and nothing needs a script. Geometry is integer arithmetic in thousandths of a percent.
"""

from dataclasses import dataclass, field
from typing import Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

HEIGHT: Final = 160
ROW_HEIGHT: Final = 28
FULL: Final = 100_000


@dataclass(frozen=True)
class Bar:
    """One column or row: what it is called, one value per series, and their words.

    `short` stands under a column where there is little room.
    """

    label: str
    values: tuple[int, ...]
    texts: tuple[str, ...]
    mark: str = ""
    short: str = ""


@dataclass(frozen=True)
class Chart:
    """What a chart says. Values share one unit; texts are what people read."""

    title: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    label_heading: str = "Month"
    axis: tuple[str, str] = ("", "")
    empty: str = "No data yet"
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Box:
    x: str
    y: int
    width: str
    height: int
    series: int
    hint: str
    mark: str = ""


def percent(thousandths: int) -> str:
    return f"{thousandths // 1000}.{thousandths % 1000:03d}%"


def column_boxes(bar: Bar, left: int, width: int, chart: Chart, top: int) -> list[Box]:
    """Stacked boxes of one column, the first series at the bottom."""
    boxes = []
    floor = HEIGHT
    for series, value in enumerate(bar.values):
        height = max(value, 0) * HEIGHT // top
        if value > 0:
            height = max(height, 2)
        floor = max(floor - height, 0)
        hint = f"{bar.label}, {chart.series[series]}: {bar.texts[series]}"
        if height:
            boxes.append(
                Box(percent(left), floor, percent(width), height, series, hint)
            )
    return boxes


def column_chart(chart: Chart) -> SafeString:
    """Upright bars over time, stacked by series; a negative month shows in the table."""
    totals = [sum(max(value, 0) for value in bar.values) for bar in chart.bars]
    top = max(totals, default=0)
    columns = []
    if top:
        slot = FULL // len(chart.bars)
        for place, bar in enumerate(chart.bars):
            left = place * slot
            boxes = column_boxes(bar, left + slot // 6, slot * 2 // 3, chart, top)
            columns.append(
                {
                    "label": bar.short or bar.label,
                    "middle": percent(left + slot // 2),
                    "boxes": boxes,
                }
            )
    return SafeString(
        render_to_string(
            "components/chart.html",
            {"chart": chart, "kind": "columns", "columns": columns, "height": HEIGHT},
        )
    )


def row_chart(chart: Chart, from_value: int = 0) -> SafeString:
    """Lying bars to compare, one per row; `mark` highlights a row (yours, featured)."""
    top = max((bar.values[0] for bar in chart.bars), default=0)
    span = max(top - from_value, 1)
    rows = [
        {
            "label": bar.label,
            "text": bar.texts[0],
            "mark": bar.mark,
            "width": percent(
                max(500, max(bar.values[0] - from_value, 0) * FULL // span)
            ),
        }
        for bar in chart.bars
        if top
    ]
    return SafeString(
        render_to_string(
            "components/chart.html", {"chart": chart, "kind": "rows", "rows": rows}
        )
    )
