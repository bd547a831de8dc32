"""Everything sent four times at once, over HTTP to several processes, happens once.

Source: 9-quality, section 7, "double submit".
"""

import json
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from marketplace import offers, quotes
from marketplace.actions import renting
from marketplace.models import Contract, FulfilmentAttempt, Payment, ResellerOrder
from resellers import clock
from resellers.actions.keys import issue_key
from resellers.models import Job
from tests.factories.marketplace import OfferingFactory, RelationshipFactory
from tests.factories.resellers import UserFactory
from tests.figures import figure, scaled
from tests.race.copies import Post, send_copies, send_together
from tests.race.together import together
from tests.servers import serving
from tests.world import SCOPES, caller_with

pytestmark = pytest.mark.race

BORN: dict[str, Any] = {
    "contracts": Contract,
    "orders": ResellerOrder,
    "payments": Payment,
    "attempts": FulfilmentAttempt,
    "mails": Job,
}
UNPAID_LIMIT = renting.UNPAID_LIMIT
TOKEN = "a" * 32


@pytest.fixture(scope="module")
def port(django_db_setup, tmp_path_factory):
    """Four processes of four threads each on the database of the tests."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite runs one writer after the other")
    own = f"/{connection.settings_dict['NAME']}"
    processes = {"WEB_WORKERS": "4", "WEB_THREADS": "4"}
    with serving(
        tmp_path_factory.mktemp("served"),
        "--no-worker",
        "--no-migrate",
        address=lambda url: urlsplit(url)._replace(path=own).geturl(),
        **processes,
    ) as server:
        yield server.port


def quoted(count):
    """As many quotes of one new offer, each good for one contract."""
    relationship = RelationshipFactory.create()
    offering = OfferingFactory.create(provider=relationship.external_provider)
    seller, now = relationship.reseller, clock.now()
    found = offers.OfferBook([offering], now).offer_of(offering, seller)
    assert found is not None
    return [
        quotes.issue_quote(
            offering.pk, seller.pubkey, found.offer, found.relationship.promise, now
        )
        for _ in range(count)
    ]


def keys_for(count):
    """As many keys, of buyers of whom each may have five unpaid contracts."""
    keys: list[str] = []
    while len(keys) < count:
        buyer = UserFactory.create()
        _, key = issue_key(principal_kind="user", user=buyer, scopes=SCOPES, actor=None)
        keys += [key] * UNPAID_LIMIT
    return keys[:count]


def api_post(key, quote, idempotency_key="", **wishes):
    body = {"quote": quote, "payment_method": "invoice", **wishes}
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    if idempotency_key:
        headers["Idempotency-Key"] = idempotency_key
    return Post("/api/v1/contracts", json.dumps(body).encode(), headers)


def form_post(cookie, quote):
    fields = {
        "quote": quote,
        "payment_method": "invoice",
        "idempotency_key": uuid4().hex,
        "csrfmiddlewaretoken": TOKEN,
    }
    path = f"/marketplace/{quotes.read_quote(quote).offering_id}/rent"
    headers = {
        "Cookie": f"{cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return Post(path, urlencode(fields).encode(), headers)


def cookie_of(buyer):
    browser = Client()
    browser.force_login(buyer)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={browser.cookies[name].value}"


def doubles(monkeypatch, *, key, guarded):
    """Contracts from four copies when every call counts as a quote of its own.

    What makes one quote one contract is taken away, so that only the door is left.
    """
    read = quotes.read_quote
    (buyer,), (quote,) = keys_for(1), quoted(1)
    call = partial(
        caller_with(buyer).post,
        "/api/v1/contracts",
        {"quote": quote, "payment_method": "invoice"},
        format="json",
        headers={"Idempotency-Key": key} if key else {},
    )
    before = Contract.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr(
            quotes, "read_quote", lambda text: replace(read(text), quote_id=uuid4().hex)
        )
        if guarded:
            together([call] * 4)
        else:
            without_unique_key([call] * 4)
    return Contract.objects.count() - before


def without_unique_key(calls):
    table, name = "config_idempotentcall", "idempotentcall_once"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    try:
        together(calls)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table}")
            cursor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {name}"
                " UNIQUE (principal, method, path, key)"
            )


def assert_once(name, answers, *, minimum, control, born_before):
    """One effect for each group of copies, equal answers, no server error."""
    n = len(answers)
    born = [model.objects.count() - born_before for model in BORN.values()]
    flat = [answer for group in answers for answer in group]
    shown = [
        {(a.status, a.body, a.headers.get("Location")) for a in g} for g in answers
    ]
    note = partial(figure, n=n, minimum=minimum, control=control)
    for word, count in zip(BORN, born, strict=True):
        note(f"submit.{name}.{word}", count, n)
    note(f"submit.{name}.5xx", sum(a.status >= 500 for a in flat), 0)
    note(f"submit.{name}.unequal", sum(len(group) > 1 for group in shown), 0)
    assert len(flat) == 4 * n
    return flat


def test_one_key_is_one_rent(port, monkeypatch):
    assert doubles(monkeypatch, key="guarded", guarded=True) == 1
    control = doubles(monkeypatch, key="open", guarded=False) > 1
    before = Contract.objects.count()
    count = scaled(2_500, 20)
    posts = [
        api_post(key, quote, f"key-{number}")
        for number, (key, quote) in enumerate(
            zip(keys_for(count), quoted(count), strict=True)
        )
    ]

    answers = send_copies(port, posts)

    flat = assert_once(
        "api", answers, minimum=2_500, control=control, born_before=before
    )
    assert {answer.status for answer in flat} == {201}
    assert sum("Idempotent-Replayed" in answer.headers for answer in flat) == 3 * count


def test_one_quote_without_a_key_is_one_rent(port, monkeypatch):
    control = doubles(monkeypatch, key="", guarded=True) > 1
    before = Contract.objects.count()
    count = scaled(500, 10)
    posts = [
        api_post(key, quote)
        for key, quote in zip(keys_for(count), quoted(count), strict=True)
    ]

    answers = send_copies(port, posts)

    flat = assert_once(
        "no_key", answers, minimum=500, control=control, born_before=before
    )
    assert {answer.status for answer in flat} == {201}


def test_one_form_is_one_rent(port, monkeypatch):
    control = doubles(monkeypatch, key="open", guarded=False) > 1
    before = Contract.objects.count()
    count = scaled(500, 10)
    cookies = [cookie_of(UserFactory.create()) for _ in range(count)]
    posts = [
        form_post(cookie, quote)
        for cookie, quote in zip(cookies, quoted(count), strict=True)
    ]

    answers = send_copies(port, posts)

    flat = assert_once(
        "form", answers, minimum=500, control=control, born_before=before
    )
    assert {answer.status for answer in flat} == {302}


def test_one_key_with_other_bodies_is_one_rent(port):
    (key,), (quote,) = keys_for(1), quoted(1)
    posts = [api_post(key, quote, "key", note=f"note {n}") for n in range(64)]

    statuses = [answer.status for answer in send_together(port, posts)]

    refused = statuses.count(422)
    figure("submit.other_body.rents", statuses.count(201), 1, n=64, minimum=64)
    figure("submit.other_body.422", refused, 63, n=64, minimum=64)
    assert Contract.objects.count() == 1


def test_one_key_of_two_people_is_two_rents(port):
    people = [keys_for(1)[0] for _ in range(2)]
    posts = [
        api_post(key, quote, "key")
        for key, quote in zip(people, quoted(2), strict=True)
    ]

    answers = send_together(port, posts)

    assert [answer.status for answer in answers] == [201, 201]
    assert Contract.objects.count() == 2


def test_one_key_at_two_paths_is_two_effects(port):
    (key,) = keys_for(1)
    rents = [api_post(key, quote, f"rent-{n}") for n, quote in enumerate(quoted(2))]
    headers = {**rents[0].headers, "Idempotency-Key": "key"}
    done = send_together(port, rents)
    assert [answer.status for answer in done] == [201, 201], done
    made = [answer.headers["Location"] for answer in done]

    cancels = [Post(f"{place}/cancel", b"{}", headers) for place in made]
    answers = send_together(port, cancels)

    assert [answer.status for answer in answers] == [200, 200]
    assert set(ResellerOrder.objects.values_list("state", flat=True)) == {"cancelled"}
