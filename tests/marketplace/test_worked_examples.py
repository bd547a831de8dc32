"""The examples of 4-marketplace, sections 2 and 3, and of 6-ledger, section 4."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from marketplace import pick, pricing
from marketplace.actions import endings, orders
from marketplace.models import external_pubkey
from resellers.errors import SubMinorUnit, UnknownCurrency
from resellers.money import CURRENCIES, Money
from tests.factories.marketplace import (
    WHY,
    OfferingFactory,
    RelationshipFactory,
    paid_order,
)
from tests.marketplace.ledgers import posted

# currency, base, percent, commission, total
PRICES = [
    ("USD", "5.77", 10, "0.58", "6.35"),
    ("USD", "4.17", 10, "0.42", "4.59"),
    ("USD", "65.00", 15, "9.75", "74.75"),
    ("USD", "380.81", 50, "190.41", "571.22"),
    ("USD", "4.00", 0, "0.00", "4.00"),
    ("USD", "0.05", 10, "0.01", "0.06"),
    ("USD", "0.01", 50, "0.01", "0.02"),
    ("USD", "0.01", 49, "0.00", "0.01"),
    ("JPY", "999", 15, "150", "1149"),
    ("KWD", "3.333", 33, "1.100", "4.433"),
]


@pytest.mark.parametrize(("currency", "base", "percent", "commission", "total"), PRICES)
def test_golden_prices(currency, base, percent, commission, total):
    base_e9s = Money.parse(base, currency).to_e9s()

    offer = pricing.make_offer(base_e9s, percent, currency)

    assert (str(offer.base), str(offer.commission), str(offer.total)) == (
        base,
        commission,
        total,
    )
    assert offer.rule == "price/1"


def test_the_golden_price_in_nine_decimals():
    offer = pricing.make_offer(5_770_000_000, 10, "USD")

    assert (offer.commission_e9s, offer.total_e9s) == (580_000_000, 6_350_000_000)


@pytest.mark.parametrize("percent", range(51))
def test_every_percent_against_exact_fractions(percent):
    """Bases of 0.01 to 500.00: the commission is the exact product, a half going up."""
    for cents in [*range(1, 2_000), *range(2_000, 50_001, 97), 50_000]:
        offer = pricing.make_offer(cents * 10**7, percent, "USD")

        exact = Fraction(cents * percent, 100)
        assert offer.commission.amount == int(exact + Fraction(1, 2))
        assert offer.total_e9s == offer.base_e9s + offer.commission_e9s


@pytest.mark.parametrize("currency", sorted(CURRENCIES))
def test_every_currency_rounds_to_its_minor_unit(currency):
    base_e9s = Money(12_345, currency).to_e9s()

    offer = pricing.make_offer(base_e9s, 33, currency)

    assert offer.commission.amount == 4_074
    assert offer.total.amount == 16_419


@pytest.mark.parametrize(
    ("base", "percent", "error"),
    [
        (5_770_000_001, 10, SubMinorUnit),
        (5_770_000_000, 51, ValueError),
        (5_770_000_000, -1, ValueError),
        (5_770_000_000, True, TypeError),
        (5_770_000_000, 10.0, TypeError),
        (5.77, 10, TypeError),
        (True, 10, TypeError),
    ],
)
def test_what_is_no_price_raises(base, percent, error):
    with pytest.raises(error):
        pricing.make_offer(base, percent, "USD")


def test_an_unknown_currency_raises():
    with pytest.raises(UnknownCurrency):
        pricing.make_offer(5_770_000_000, 10, "usd")


def test_the_receipt_says_the_margin_both_ways():
    receipt = pricing.receipt(pricing.make_offer(5_770_000_000, 10, "USD"))

    assert (receipt.exact_commission, receipt.share_percent) == ("0.577", "9.1")


# pick/1


@pytest.mark.parametrize(
    ("on_time", "counted", "bucket"),
    [
        (5, 5, 80),
        (4, 5, 55),
        (7, 8, 70),
        (9, 10, 75),
        (10, 10, 90),
        (19, 20, 85),
        (0, 5, 0),
        (4, 4, None),
        (0, 0, None),
    ],
)
def test_golden_buckets(on_time, counted, bucket):
    assert candidate("aa", counted=counted, on_time=on_time).bucket == bucket


def candidate(letters, total=4_590_000_000, **facts):
    return pick.Candidate(
        reseller=letters * 32,
        total_e9s=total,
        **{"promised_hours": 48, "counted": 0, "on_time": 0, **facts},
    )


@pytest.mark.parametrize(
    ("week", "turns", "first"),
    [
        ("2026-W10", ["d6fb555c", "aae1d630", "f3884b0b"], "bb"),
        ("2026-W12", ["a8938319", "bed53846", "65f6fb7c"], "cc"),
    ],
)
def test_golden_turns(week, turns, first):
    reference = f"{external_pubkey('hetzner.com')}/hetzner-cax11-fsn1"
    letters = ["aa", "bb", "cc"]

    assert [pick.turn(reference, week, each * 32)[:8] for each in letters] == turns
    ranked = pick.rank(
        [candidate(each) for each in letters],
        offering_ref=reference,
        week=week,
        minor_unit_e9s=10**7,
    )
    assert ranked[0].candidate.reseller == first * 32
    assert ranked[0].why == ["lowest_price", "turn"]


def test_the_turn_changes_on_monday():
    sunday = datetime(2026, 3, 8, 23, 59, 59, 999_999, tzinfo=UTC)
    monday = datetime(2026, 3, 9, tzinfo=UTC)

    assert (pick.iso_week(sunday), pick.iso_week(monday)) == ("2026-W10", "2026-W11")


# The ledger's marketplace numbers


@pytest.mark.django_db
def test_golden_order_in_the_ledger(relationship, staff):
    """5.77 USD + 10 %: nothing until fulfilled, 6.35 then, 0.00 when it fails."""
    order = paid_order(relationship)
    assert posted(order) == []

    order = orders.fulfil_order(order, external_order_id="SUP-1", actor=None)
    assert sum(row[2] for row in posted(order)) == 635

    order = endings.fail_order(order, reason_code="other", reason=WHY, actor=staff)
    assert sum(row[2] for row in posted(order)) == 0
    assert {row[3] for row in posted(order)} == {"reversed"}


@pytest.mark.django_db
@pytest.mark.parametrize("percent", range(0, 51, 7))
def test_every_number_of_a_sale_agrees(percent):
    """Offer, contract, payment, order and ledger show the same cents."""
    relationship = RelationshipFactory.create(commission_percent=percent)
    offering = OfferingFactory.create(
        provider=relationship.external_provider, monthly_price_e9s=3_490_000_000
    )
    offer = pricing.make_offer(3_490_000_000, percent, "USD")

    order = paid_order(relationship, offering=offering)
    order = orders.fulfil_order(order, external_order_id="SUP-1", actor=None)

    assert order.contract.total_e9s == order.contract.payment.amount_e9s
    assert order.contract.total_e9s == order.total_paid_e9s == offer.total_e9s
    assert [row[2] for row in posted(order)] == [
        amount for amount in (349, offer.commission.amount) if amount
    ]
