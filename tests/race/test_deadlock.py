"""Many rows at once, taken in different orders: nobody is told of a deadlock.

Whoever writes many offerings of a provider locks the provider first.
Source: 9-quality, section 7, "lock order".
"""

from functools import partial
from random import Random

import pytest
from django.db import OperationalError

from marketplace.actions import list_prices, offerings
from marketplace.actions.catalogue_import import Supplier, import_catalogue
from marketplace.models import Offering, Provider
from resellers import clock
from tests.figures import SEED, figure, scaled
from tests.marketplace.catalogue_files import catalogue_file, several
from tests.race.together import together

pytestmark = pytest.mark.race

SUPPLIER = Supplier("supplier.example.com", "Cloud Supplier")
ROWS = 200


def load(price):
    return import_catalogue(
        catalogue_file(*several(ROWS, monthly_price=price)),
        file="cloud.csv",
        supplier=SUPPLIER,
        accept_large_changes=True,
        actor=None,
    )


def scatter(lots):
    """Write rows anew in another order, so that a scan meets them in that one."""
    keys = list(Offering.objects.values_list("pk", flat=True))
    lots.shuffle(keys)
    for start in range(0, ROWS // 2, 10):
        chosen = Offering.objects.filter(pk__in=keys[start : start + 10])
        chosen.update(list_price_e9s=start + 1)


def crossed(turn, lots):
    """How many of five who write all offerings at once ended in a deadlock."""
    scatter(lots)
    now, provider = clock.now(), Provider.objects.get()
    calls = [
        partial(load, f"{turn % 9 + 1}.00"),
        *[partial(list_prices.set_list_prices, provider, now)] * 2,
        *[partial(offerings.mark_all_checked, provider, actor=None)] * 2,
    ]
    results = together(calls)
    failed = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, OperationalError) for error in failed), failed
    return len(failed)


def unlocked(provider, rows, **changed):
    return rows.update(**changed)


def test_imports_and_price_jobs_do_not_meet_crosswise(monkeypatch):
    lots = Random(SEED)  # noqa: S311 -- the order of rows, no secret
    load("5.00")
    with monkeypatch.context() as patch:
        for module in (list_prices, offerings):
            patch.setattr(module, "update_many", unlocked)
        control = any(crossed(turn, lots) for turn in range(100))
    count = scaled(400, 40)
    surfaced = sum(crossed(turn, lots) for turn in range(count))
    figure(
        "deadlock.surfaced", surfaced, 0, n=5 * count, minimum=2_000, control=control
    )
