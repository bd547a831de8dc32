"""Receipts and ages in words; the amounts are those of `pricing`."""

from datetime import timedelta

import pytest

from marketplace.models import Offering
from marketplace.presentation import prices
from marketplace.pricing import make_offer
from resellers.templatetags.moneys import money_e9s_html
from tests.conftest import NOW

BASIS = prices.Basis(5_770_000_000, 0, "Hetzner", "from samples.csv", "checked today")


@pytest.mark.parametrize(
    ("age", "words", "tone"),
    [
        (timedelta(hours=3), "checked today", ""),
        (timedelta(days=1), "checked yesterday", ""),
        (timedelta(days=12, hours=5), "checked 12 days ago", ""),
        (timedelta(days=30), "checked 30 days ago", ""),
        (timedelta(days=30, seconds=1), "checked 30 days ago", "soon"),
        (timedelta(days=89), "checked 89 days ago", "soon"),
    ],
)
def test_age_turns_amber_above_30_days(age, words, tone):
    found = prices.price_age(NOW - age, NOW)
    assert (found.words, found.tone) == (words, tone)


def test_receipt_explains_every_cent():
    lines = prices.receipt_lines(make_offer(5_770_000_000, 10, "USD"), BASIS)

    assert [(line.label, line.amount, line.note) for line in lines] == [
        (
            "Monthly price",
            money_e9s_html(5_770_000_000, "USD"),
            "Hetzner, from samples.csv, checked today",
        ),
        (
            "Mark-up +10 %",
            money_e9s_html(580_000_000, "USD"),
            "10 % of the base is 0.577, rounded half up, once: 0.58",
        ),
        (
            "Total",
            money_e9s_html(6_350_000_000, "USD"),
            "10 % on top of the base, 9.1 % of what you pay",
        ),
    ]
    assert [line.is_total for line in lines] == [False, False, True]


def test_receipt_adds_a_set_up_fee_to_the_base():
    basis = prices.Basis(770_000_000, 5_000_000_000, "Hetzner", "by staff", "today")
    lines = prices.receipt_lines(make_offer(5_770_000_000, 0, "USD"), basis)

    assert [line.label for line in lines] == [
        "Monthly price",
        "Set-up fee",
        "Base of the first month",
        "Mark-up +0 %",
        "Total",
    ]


@pytest.mark.parametrize(
    ("facts", "term", "note"),
    [
        ({"monthly_price_e9s": 4_590_000_000}, "per month", ""),
        (
            {"monthly_price_e9s": 4_590_000_000, "setup_fee_e9s": 5_000_000_000},
            "first month",
            "incl. 5.00 set-up",
        ),
        ({"monthly_price_e9s": 0}, "", ""),
    ],
)
def test_price_tag_says_what_a_first_month_includes(facts, term, note):
    tag = prices.price_tag(9_590_000_000, Offering(currency="USD", **facts))

    assert (tag.term, tag.note) == (term, note)
    assert (tag.amount == prices.ON_REQUEST) == (not facts["monthly_price_e9s"])


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import:hetzner.csv", "from hetzner.csv"),
        ("staff", "noted by staff"),
        ("elsewhere", "from elsewhere"),
    ],
)
def test_source_in_words(source, words):
    assert prices.source_words(source) == words
