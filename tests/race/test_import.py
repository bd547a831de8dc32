"""A catalogue import beside what staff do to the same offerings."""

from functools import partial

import pytest

from marketplace.actions import catalogue_import, offerings
from marketplace.actions.catalogue_import import Supplier, import_catalogue
from marketplace.models import Offering
from tests.marketplace.catalogue_files import catalogue_file, row
from tests.race.pairs import meet

pytestmark = pytest.mark.race

SUPPLIER = Supplier("supplier.example.com", "Cloud Supplier")
DEARER = {"monthly_price": "6.00"}


def load(*rows):
    return import_catalogue(
        catalogue_file(*rows),
        file="cloud.csv",
        supplier=SUPPLIER,
        accept_large_changes=True,
        actor=None,
    )


@pytest.fixture
def shelf():
    """`cloud-1` and `cloud-2` are offered, `cloud-3` was retired by an import."""
    rows = [row(offering_id=f"cloud-{n}") for n in (1, 2, 3)]
    load(*rows)
    load(*rows[:2])
    return {offering.code: offering for offering in Offering.objects.all()}


@pytest.mark.parametrize("step", ["_write", "set_list_prices"])
@pytest.mark.parametrize("filed", [["cloud-1", "cloud-2", "cloud-3"], ["cloud-1"]])
def test_what_staff_retire_meanwhile_stays_retired_by_staff(shelf, filed, step):
    """The file brings `cloud-3` back, or `cloud-2` has vanished from it."""
    bring = partial(load, *[row(offering_id=code, **DEARER) for code in filed])
    stop = partial(offerings.retire, shelf["cloud-2"], actor=None)

    report, met = meet(bring, stop, at=(catalogue_import, step), when="before")

    assert not isinstance(report, Exception), report
    second = Offering.objects.get(code="cloud-2")
    retired_by = "staff" if "cloud-2" in filed else "import"
    assert (second.status, second.retired_by) == ("retired", retired_by)
    assert met.waited


def test_what_staff_correct_meanwhile_is_not_overwritten(shelf):
    """The file changes another field of this offering, and this field of another."""
    bring = partial(
        load,
        row(offering_id="cloud-1", datacenter_city="Nuremberg"),
        row(offering_id="cloud-2", **DEARER),
    )
    correct = partial(
        offerings.change_offering,
        shelf["cloud-2"],
        datacenter_city="Helsinki",
        actor=None,
    )

    report, met = meet(bring, correct, at=(catalogue_import, "_write"), when="before")

    assert not isinstance(report, Exception), report
    assert not isinstance(met.outcome, Exception), met.outcome
    assert Offering.objects.get(code="cloud-2").datacenter_city == "Helsinki"
