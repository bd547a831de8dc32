"""Money, time and states as they are written."""

from datetime import UTC, datetime, timedelta

import pytest

from resellers.money import Money
from resellers.templatetags import moments, moneys, signs

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(635, "USD"), "6.35 USD"),
        (Money(123456789, "EUR"), "1,234,567.89 EUR"),
        (Money(-1008, "USD"), "\u221210.08 USD"),
        (Money(-5, "USD"), "\u22120.05 USD"),
        (Money(155, "JPY"), "155 JPY"),
        (Money(1555, "KWD"), "1.555 KWD"),
        (Money(0, "USD"), "0.00 USD"),
    ],
)
def test_money_is_written_whole(money, text):
    assert moneys.money_text(money) == text


@pytest.mark.parametrize(
    ("amount_e9s", "currency", "text"),
    [
        (6_350_000_000, "USD", "6.35 USD"),
        (5_500_000, "USD", "0.0055 USD"),
        (1_000_000_000, "USD", "1.00 USD"),
        (999_000_000_000, "JPY", "999 JPY"),
        (1, "USD", "0.000000001 USD"),
        (-580_000_000, "USD", "\u22120.58 USD"),
        (9_223_372_036_854_775_807, "USD", "9,223,372,036.854775807 USD"),
    ],
)
def test_stored_amount_is_written_exactly(amount_e9s, currency, text):
    assert moneys.e9s_text(amount_e9s, currency) == text


def test_amount_carries_its_value_for_machines():
    assert moneys.money_html(Money(123456, "USD")) == (
        '<data class="money" value="1234.56">1,234.56 '
        '<span class="money-currency">USD</span></data>'
    )
    assert moneys.money_html(None) == '<span class="none">N/A</span>'


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-59, "just now"),
        (-60, "1 min ago"),
        (-3599, "59 min ago"),
        (-3600, "1 h ago"),
        (-86_400, "1 day ago"),
        (-2 * 86_400, "2 days ago"),
        (-30 * 86_400, "31 Jan 2026"),
        (90, "in 1 min"),
        (86_400, "in 1 day"),
    ],
)
def test_time_is_relative(seconds, words):
    at = NOW + timedelta(seconds=seconds)
    assert moments.relative_words(at, NOW) == words


def test_time_has_its_exact_moment():
    assert moments.time_html(NOW - timedelta(hours=3), NOW) == (
        '<time datetime="2026-03-02T06:00:00+00:00" title="2 Mar 2026, 06:00 UTC" '
        "data-relative>3 h ago</time>"
    )


@pytest.mark.parametrize(
    ("left", "state", "words"),
    [
        (timedelta(days=2, hours=3), "open", "2 days 3 h left"),
        (timedelta(hours=4, seconds=1), "open", "4 h left"),
        (timedelta(hours=4), "soon", "4 h left"),
        (timedelta(seconds=1), "soon", "1 min left"),
        (timedelta(0), "overdue", "overdue by 1 min"),
        (-timedelta(minutes=125), "overdue", "overdue by 2 h 5 min"),
    ],
)
def test_countdown_turns_amber_and_red(left, state, words):
    html = moments.countdown_html(NOW + left, NOW)
    assert f'data-state="{state}">{words}</time>' in html


def test_status_has_a_word_and_a_sign():
    html = signs.status_html("overdue", "<Late>")
    assert 'data-tone="overdue"' in html
    assert "&lt;Late&gt;" in html
    assert "sprite.svg#alert" in html
    with pytest.raises(KeyError):
        signs.status_html("pink", "Late")
