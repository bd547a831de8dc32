"""The schema tells what a view declares: refusals, scopes, parameters."""

import pytest

from config.api.schema import parameters_of, published_parameters

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema():
    from drf_spectacular.generators import SchemaGenerator  # noqa: PLC0415 -- after urls

    return SchemaGenerator().get_schema(request=None, public=True)


def test_refusals_of_an_action_stand_beside_the_common_ones(schema):
    responses = schema["paths"]["/api/v1/counters/{id}/add"]["post"]["responses"]
    assert set(responses) == {
        "200", "400", "401", "403", "404", "409", "413", "415", "422", "429", "503",
    }  # fmt: skip
    examples = responses["409"]["content"]["application/problem+json"]["examples"]
    common = {"already_exists", "in_progress", "answer_unreadable"}
    assert set(examples) == {*common, "counter_already_full"}


def test_open_action_needs_no_key(schema):
    operation = schema["paths"]["/api/v1/counters"]["get"]
    assert "401" not in operation["responses"]
    assert operation["summary"] == "List the counters"


def test_list_names_its_parameters_and_headers(schema):
    known = parameters_of("api/v1/counters", "GET")
    assert known == frozenset({"limit", "cursor"})
    assert parameters_of("api/v1/counters/<int:pk>", "GET") == frozenset()
    assert parameters_of("api/unheard/of", "GET") is None
    headers = schema["paths"]["/api/v1/counters"]["get"]["responses"]["200"]["headers"]
    assert set(headers) == {"Link", "X-Total-Count"}


def test_parameters_are_worked_out_once():
    assert published_parameters() is published_parameters()
