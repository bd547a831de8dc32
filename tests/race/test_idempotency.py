"""The same POST from several places at once is done once and answered to all."""

from functools import partial

import pytest
from django.db import connection

from config.api import idempotency
from marketplace.models import Contract
from resellers.actions.keys import issue_key
from tests.factories.marketplace import (
    OfferingFactory,
    RelationshipFactory,
    quote_for,
)
from tests.factories.resellers import UserFactory
from tests.figures import scaled
from tests.race.together import together
from tests.world import SCOPES, caller_with

pytestmark = pytest.mark.race


@pytest.fixture
def relationship():
    return RelationshipFactory.create()


@pytest.fixture
def offering(relationship):
    return OfferingFactory.create(provider=relationship.external_provider)


def key_of(buyer):
    _, text = issue_key(principal_kind="user", user=buyer, scopes=SCOPES, actor=None)
    return text


def rent(text, key, body):
    return caller_with(text).post(
        "/api/v1/contracts",
        body,
        format="json",
        headers={"Idempotency-Key": key},
    )


def test_four_copies_make_one_contract_and_four_equal_answers(relationship, offering):
    count = scaled(100)
    for number in range(count):
        text = key_of(UserFactory.create())
        quote = quote_for(offering, relationship.reseller)
        body = {"quote": quote, "payment_method": "invoice"}
        copies = [partial(rent, text, f"key-{number}", body)] * 4
        answers = together(copies)
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert sum("Idempotent-Replayed" in answer for answer in answers) == 3
    assert Contract.objects.count() == count


def test_sixty_four_bodies_under_one_key(relationship, offering):
    text = key_of(UserFactory.create())
    quote = quote_for(offering, relationship.reseller)
    bodies = [
        {"quote": quote, "payment_method": "invoice", "note": f"note {number}"}
        for number in range(16)
    ]
    answers = together([partial(rent, text, "key", body) for body in bodies])
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] + [422] * 15
    assert Contract.objects.count() == 1


def test_twin_of_a_slow_request_is_told_to_wait(relationship, offering, monkeypatch):
    """The first holds its key for longer than the twin's lock_timeout."""
    text = key_of(UserFactory.create())
    quote = quote_for(offering, relationship.reseller)
    body = {"quote": quote, "payment_method": "invoice"}
    save = idempotency._save  # noqa: SLF001 -- the step before the effect

    def hurried_save(claim):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
        save(claim)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.6)")

    monkeypatch.setattr(idempotency, "_save", hurried_save)
    answers = together([partial(rent, text, "key", body)] * 2)
    first, twin = sorted(answers, key=lambda answer: answer.status_code)
    assert (first.status_code, twin.status_code) == (201, 409)
    assert twin.json()["code"] == "in_progress"
    assert twin["Retry-After"] == "1"


def test_without_the_unique_key_copies_would_double(relationship, offering):
    """Negative control: the constraint is what makes them one."""
    table = "config_idempotentcall"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT idempotentcall_once")
    try:
        buyer = UserFactory.create()
        text = key_of(buyer)
        first, second = (
            quote_for(OfferingFactory.create(provider=offering.provider), seller)
            for seller in [relationship.reseller] * 2
        )
        calls = [
            partial(rent, text, "key", {"quote": quote, "payment_method": "invoice"})
            for quote in (first, second)
        ]
        together(calls)
        assert Contract.objects.count() == 2
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table}")
            cursor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT idempotentcall_once"
                " UNIQUE (principal, method, path, key)"
            )
