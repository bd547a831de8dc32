"""Staff with every right, with the right to edit, and with the right to look."""

import pytest

from tests.factories.resellers import StaffFactory, SuperuserFactory
from tests.marketplace.admin.pages import allow


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    """What the sign-in asks of staff is proved in tests/security."""
    settings.STAFF_TOTP = False
    settings.FRESH_ROUTES = set()


@pytest.fixture
def boss(db):
    return SuperuserFactory.create(email="boss@example.com")


@pytest.fixture
def editor(db):
    return allow(StaffFactory.create(email="editor@example.com"), "view_", "change_")


@pytest.fixture
def looker(db):
    return allow(StaffFactory.create(email="looker@example.com"), "view_")


@pytest.fixture
def browser(client_for, boss):
    return client_for(boss)


@pytest.fixture
def looking(client_for, looker):
    return client_for(looker)
