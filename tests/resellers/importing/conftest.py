"""Staff who import, at nine in the morning."""

import pytest

from resellers import clock
from tests.factories.resellers import AT
from tests.resellers import people


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT):
        yield


@pytest.fixture
def editor(db):
    return people.editor(email="editor@example.com")


@pytest.fixture
def finance(db):
    return people.finance(email="finance@example.com")
