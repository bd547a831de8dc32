"""The published rule, and the example that it computes."""

import pytest

from marketplace import pick
from marketplace.presentation.example import example_limit, example_rows
from tests.marketplace.views.pages import words

URL = "/marketplace/how-sellers-are-picked"


@pytest.mark.django_db
def test_page_states_every_number_of_the_rule(client):
    response = client.get(URL)

    page = words(response.content)
    assert response.status_code == 200
    assert pick.PICK_RULE in page
    for number in (
        f"at least {pick.LOCK_FROM} counted orders",
        f"under {pick.LOCK_BELOW}&nbsp;%",
        f"last {pick.COUNTED_DAYS} days",
        f"Under {pick.NEWCOMER_BELOW} counted orders",
        f"sorts as {pick.NEWCOMER_SORTS_AS}&nbsp;%",
    ):
        assert number in page


def test_example_shows_band_newcomer_lock_and_price():
    found = [
        (row.name, row.total, row.on_time, row.record, row.remark)
        for row in example_rows()
    ]

    assert found == [
        (
            "Alder",
            "4.59 USD",
            "85 %",
            "19 of 20",
            "Featured: in the band, and the most reliable there.",
        ),
        (
            "Birch",
            "4.59 USD",
            "N/A",
            "3 of 3",
            "In the band; as a newcomer it sorts as 75 %.",
        ),
        (
            "Cedar",
            "4.38 USD",
            "25 %",
            "5 of 12",
            "Late too often: not featured, whatever its price.",
        ),
        ("Dogwood", "5.00 USD", "90 %", "10 of 10", "Outside the band: by price."),
    ]
    assert example_limit() == "4.61 USD"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_page_is_only_read(client, method):
    assert getattr(client, method)(URL).status_code == 405
