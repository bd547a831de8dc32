"""Why a seller stands where it stands, in sentences. Source: section 3."""

import pytest

from marketplace.models import ResellerOrder
from marketplace.offers import NoOffer, OfferBook, WhyNot
from marketplace.presentation import picks
from resellers import clock
from resellers.money import Money
from tests.conftest import NOW
from tests.factories.marketplace import (
    OfferingFactory,
    ProviderFactory,
    RelationshipFactory,
    order_in,
)

pytestmark = pytest.mark.django_db


def sold_by(supplier, name, key, **terms):
    seller = ProviderFactory.create(name=name, pubkey=key * 32)
    return RelationshipFactory.create(
        reseller=seller, external_provider=supplier, **terms
    )


def why(offering):
    book = OfferBook([offering], clock.now())
    return picks.why_sentences(book.offers(offering), clock.now())


def test_one_seller_is_the_only_one(offering, relationship, clock):
    assert why(offering) == ["Nimbus Resale is the only seller of this offering."]


def test_cheapest_names_its_price_and_the_shorter_promise(offering, supplier, clock):
    sold_by(supplier, "Slow", "aa", fulfil_within_hours=96)
    sold_by(supplier, "Fast", "bb", fulfil_within_hours=24)

    assert why(offering) == [
        "Nobody asks less than 6.35 USD.",
        "Of equally priced and reliable sellers, Fast promises the shortest delivery:"
        " 24 hours, the next 4 days.",
    ]


def test_turn_ends_on_monday(offering, supplier, clock):
    sold_by(supplier, "Nimbus", "aa")
    sold_by(supplier, "Stratus", "bb")

    sentences = why(offering)

    assert sentences[1].startswith("Price, reliability and promised hours are equal")
    assert sentences[1].endswith("until Monday, 9 March 2026, 00:00 UTC.")


def test_record_of_deliveries_is_named(offering, supplier):
    rival = sold_by(supplier, "Rival", "aa")
    best = sold_by(supplier, "Best", "bb")
    for relationship, late in ((best, 0), (rival, 4)):
        for number in range(5):
            order = order_in("fulfilled", relationship)
            ResellerOrder.objects.filter(pk=order.pk).update(on_time=number >= late)

    assert why(offering) == [
        "Nobody asks less than 6.35 USD.",
        "Best delivers on time most reliably: 80 % (5 of 5 orders in 90 days).",
    ]


def with_record(relationship, counted, late):
    for number in range(counted):
        order = order_in("fulfilled", relationship)
        ResellerOrder.objects.filter(pk=order.pk).update(on_time=number >= late)


def codes(offering):
    return OfferBook([offering], clock.now()).offers(offering)[0].why


def test_newcomer_before_a_veteran_is_called_new_and_not_reliable(offering, supplier):
    sold_by(supplier, "Newcomer", "aa")
    with_record(sold_by(supplier, "Veteran", "bb"), 5, 2)

    assert codes(offering) == ["lowest_price", "on_time"]
    assert why(offering) == [
        "Nobody asks less than 6.35 USD.",
        "Newcomer is new here: until 5 of its orders are counted it stands in line as"
        " 75 %, before Veteran with 35 % (3 of 5 orders in 90 days).",
    ]


@pytest.mark.parametrize("counted", [0, 5])
def test_seller_left_alone_beside_a_late_one_says_so(offering, supplier, counted):
    with_record(sold_by(supplier, "Dear", "aa"), counted, 0)
    with_record(sold_by(supplier, "Late", "bb", commission_percent=0), 10, 10)

    assert codes(offering) == ["on_time"]
    assert why(offering) == [
        "Cheaper, but too often late to be featured: Late with 0 % (0 of 10 orders in"
        " 90 days).",
    ]


def test_every_cheaper_late_seller_is_named(offering, supplier):
    sold_by(supplier, "Dear", "aa")
    sold_by(supplier, "Dearest", "dd", commission_percent=50)
    with_record(sold_by(supplier, "Late", "bb", commission_percent=0), 10, 10)
    with_record(sold_by(supplier, "Later", "cc", commission_percent=5), 10, 10)

    (sentence,) = why(offering)

    assert "Late with 0 %" in sentence
    assert "and Later with 0 %" in sentence
    assert "Dearest" not in sentence
    assert "N/A" not in sentence


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            WhyNot("lowest_price", Money(12, "USD"), 11, 8),
            "Your total is 0.12 USD above the price that counts as lowest:"
            " 8 % instead of 11 %.",
        ),
        (
            WhyNot("lowest_price", Money(12, "USD"), 11, None),
            "Your total is 0.12 USD above the price that counts as lowest, and not"
            " even 0 % reaches it.",
        ),
        (WhyNot("turn"), picks.WHY_NOT_WORDS["turn"]),
        (
            WhyNot(NoOffer.RELATIONSHIP_SUSPENDED),
            "You do not resell this provider at the moment.",
        ),
        (
            WhyNot(NoOffer.PRICE_TOO_OLD),
            "The supplier’s price was checked yesterday: too long to sell.",
        ),
    ],
)
def test_why_not_says_what_would_change_it(offering, answer, sentence):
    assert picks.why_not_sentence(answer, offering, clock.now()) == sentence


@pytest.mark.parametrize("reason", [*NoOffer, None])
def test_every_reason_of_no_offer_has_a_sentence(reason):
    offering = OfferingFactory.build()

    sentence = picks.no_offer_sentence(offering, reason, NOW)

    assert sentence.endswith(".")
    if reason:
        assert picks.why_not_sentence(WhyNot(reason), offering, NOW).endswith(".")


@pytest.mark.parametrize("code", ["locked", "on_time", "faster", "turn"])
def test_every_key_of_the_rule_has_a_sentence(code):
    assert picks.WHY_NOT_WORDS[code].endswith(".")


@pytest.mark.parametrize(
    ("hours", "words"),
    [(1, "1 hour"), (48, "48 hours"), (50, "50 hours"), (72, "3 days")],
)
def test_promised_hours_in_words(hours, words):
    assert picks.hours_words(hours) == words
