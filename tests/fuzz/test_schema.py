"""Schemathesis: no input reaches a server error, no answer differs from the schema.

Every operation is called by a visitor, with a buyer's, a provider's and a staff key,
with bodies and queries that the schema allows and others that it forbids; half of the
time about rows that exist. Source: 9-quality, section 8, "fuzz".
"""

from collections import Counter
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup

from config.api.schema import openapi
from tests.figures import FULL_SCALE, SEED, figure
from tests.fuzz.conftest import Ground
from tests.routes import api_routes

pytestmark = [pytest.mark.fuzz, pytest.mark.django_db]

OPERATIONS = sorted(
    (method, route.template) for route in api_routes() for method in route.methods
)
CALLERS = ["visitor", "buyer", "provider", "staff"]
PROMISED = 10_000
IN_ALL = PROMISED if FULL_SCALE else 300
EACH = IN_ALL // (len(OPERATIONS) * len(CALLERS)) + 1
NAMES = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "ignored_auth",
]


seen: Counter[int] = Counter()


def loaded(document: dict[str, Any]) -> Any:
    load_all_checks()
    found = schemathesis.openapi.from_dict(document)
    found.app = WSGIHandler()
    return found


@pytest.fixture(scope="module")
def schema() -> Any:
    return loaded(openapi())


def filled(case: Any, ground: Ground, draw: Any) -> None:
    """Put values that exist where the fuzzer's would meet nothing."""
    for values, real in (
        (case.path_parameters, ground.path_values),
        (case.body, ground.body_values),
    ):
        named = values if isinstance(values, dict) else {}
        for name in sorted(real.keys() & named.keys()):
            if draw(st.booleans()):
                named[name] = real[name]


def fuzz(schema: Any, ground: Ground, operation: tuple[str, str], caller: str) -> None:
    method, path = operation
    allowed, forbidden = (
        schema[path][method].as_strategy(generation_mode=mode)
        for mode in GenerationMode
    )
    checks, headers = CHECKS.get_by_names(NAMES), ground.callers[caller]

    @seed(SEED)
    @settings(
        max_examples=EACH,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=allowed | forbidden, data=st.data())
    def hold(case: Any, data: Any) -> None:
        filled(case, ground, data.draw)
        with transaction.atomic():
            answer = case.call(headers=headers)
            transaction.set_rollback(True)
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=checks, headers=headers)

    hold()


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=" ".join)
def test_operation_keeps_its_word(schema, ground, operation, caller):
    fuzz(schema, ground, operation, caller)


def sees_another_schema(ground: Ground) -> bool:
    """Negative control: an `offer_name` that shall be a number is told as wrong."""
    other = deepcopy(openapi())
    shapes = other["components"]["schemas"]
    shapes["OfferingOut"]["properties"]["offer_name"] = {"type": "integer"}
    operation = ("GET", "/api/v1/offerings")
    with pytest.raises(FailureGroup) as told:
        fuzz(loaded(other), ground, operation, "visitor")
    return "OfferingOut/properties/offer_name" in str(told.value.exceptions)


def test_enough_was_tried(ground):
    """Last of the module, and the sum of it."""
    tried = seen.total()
    assert {status // 100 for status in seen} == {2, 4}
    figure(
        "fuzz.5xx",
        sum(seen[status] for status in seen if status >= 500),
        0,
        n=tried,
        minimum=PROMISED,
        control=sees_another_schema(ground),
    )
