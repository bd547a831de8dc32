"""Batches over the same profiles at the same moment: nobody waits in a circle."""

from functools import partial

import pytest

from resellers.actions import bulk, statuses
from resellers.models import AuditEntry, Job, Reseller
from tests.factories.profiles import ResellerFactory
from tests.race.together import sorted_out, together

pytestmark = pytest.mark.race

WHY = "Asked by phone"


def test_batches_in_any_order_do_each_row_once():
    ids = [row.pk for row in ResellerFactory.create_batch(12)]
    orders = [ids, ids[::-1], ids[6:] + ids[:6], ids[::-2] + ids[::2]]
    move = partial(bulk.change_statuses, status="suspended", reason=WHY, actor=None)
    won, refused = sorted_out(together([partial(move, order) for order in orders]))
    assert (len(won), refused) == (4, [])
    told = [(batch.count("done"), batch.count("unchanged")) for batch in won]
    assert sorted(told) == [(0, 12), (0, 12), (0, 12), (12, 0)]
    moved = AuditEntry.objects.filter(action="reseller.status_changed")
    assert (moved.count(), Job.objects.filter(kind="mail").count()) == (12, 12)


def test_a_batch_and_single_moves_meet():
    rows = ResellerFactory.create_batch(6)
    single = partial(statuses.change_status, status="suspended", actor=None, reason=WHY)
    batch = partial(
        bulk.change_statuses,
        [row.pk for row in rows],
        status="suspended",
        reason=WHY,
        actor=None,
    )
    won, refused = sorted_out(
        together([batch, *(partial(single, row) for row in reversed(rows))])
    )
    assert (len(won), refused) == (7, [])
    assert won[0].count("refused") == 0
    assert set(Reseller.objects.values_list("status", flat=True)) == {"suspended"}
    moved = AuditEntry.objects.filter(action="reseller.status_changed")
    assert moved.count() == 6
