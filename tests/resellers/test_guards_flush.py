"""Guards stand again after the flush of a transactional test."""

import pytest

from resellers import pg
from resellers.models import LedgerEntry
from tests.factories.resellers import LedgerEntryFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("time", ["first", "second"])
def test_guards_survive_the_flush(time):
    assert LedgerEntry.objects.count() == 0, time
    assert pg.missing_guards() == []
    LedgerEntryFactory()
