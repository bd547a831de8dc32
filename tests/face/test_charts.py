"""Charts: bars in proportion, and the same numbers as a table."""

import re

from resellers.templatetags.charts import HEIGHT, Bar, Chart, column_chart, row_chart

BOX = re.compile(
    r'<rect\s[^>]*x="([\d.]+)%"\s+y="(\d+)"\s+width="([\d.]+)%"\s+height="(\d+)"'
)


def chart(*values: tuple[int, ...]) -> Chart:
    bars = tuple(
        Bar(f"M{n}", row, tuple(f"{value} USD" for value in row))
        for n, row in enumerate(values)
    )
    return Chart("Earned", tuple(f"S{n}" for n in range(len(values[0]))), bars)


def test_columns_are_stacked_in_proportion():
    html = column_chart(chart((30, 10), (10, 10)))
    boxes = [tuple(map(float, box)) for box in BOX.findall(html)]
    assert [(y, height) for _, y, _, height in boxes] == [
        (HEIGHT - 120, 120),
        (0, 40),
        (HEIGHT - 40, 40),
        (HEIGHT - 80, 40),
    ]
    assert all(x >= 0 and x + width <= 100 for x, _, width, _ in boxes)


def test_numbers_stand_in_the_table_too():
    html = column_chart(chart((3000, -10), (0, 1)))
    cells = re.findall(r"<td class=\"amount\">([^<]+)</td>", html)
    assert cells == ["3000 USD", "-10 USD", "0 USD", "1 USD"]
    assert "Show as table" in html


def test_small_value_stays_visible_and_nothing_is_drawn_for_none():
    boxes = BOX.findall(column_chart(chart((1_000_000, 1), (0, 0))))
    assert [int(height) for *_, height in boxes] == [HEIGHT - 1, 2]


def test_no_data_says_so():
    assert "No data yet" in column_chart(Chart("Earned", ("Total",), ()))
    assert "No data yet" in column_chart(chart((0,), (0,)))
    assert "No data yet" in row_chart(Chart("Price", ("Total",), ()))


def test_rows_compare_lengths():
    html = row_chart(chart((500,), (1000,)))
    assert re.findall(r'width="([\d.]+)%" height="12" rx', html) == [
        "50.000",
        "100.000",
    ]


def test_labels_are_escaped():
    html = column_chart(Chart("<b>", ("<i>",), (Bar("<u>", (1,), ("<s>",)),)))
    assert not re.search(r"<[bius]>", html)
