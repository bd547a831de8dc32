"""Staff of each group of rights, each in a browser of their own."""

import pytest

from resellers import clock
from tests.factories.resellers import AT
from tests.resellers import people


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    """What the sign-in asks of staff is proved in tests/security."""
    settings.STAFF_TOTP = False
    settings.FRESH_ROUTES = set()


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT):
        yield


@pytest.fixture
def viewer(db):
    return people.viewer(email="viewer@example.com")


@pytest.fixture
def editor(db):
    return people.editor(email="editor@example.com")


@pytest.fixture
def finance(db):
    return people.finance(email="finance@example.com")


@pytest.fixture
def staff_in_no_group(db):
    return people.plain_staff(email="staff@example.com")


@pytest.fixture
def looking(client_for, viewer):
    return client_for(viewer)


@pytest.fixture
def editing(client_for, editor):
    return client_for(editor)


@pytest.fixture
def paying(client_for, finance):
    """Finance's browser."""
    return client_for(finance)
