"""What the schema shows of /api/admin: an example for each body, which is accepted."""

import pytest

from config.api.schema import openapi
from resellers.api.serializers import catalogue, referrals, resellers, sales

JSON = "application/json"
MODULES = (catalogue, referrals, resellers, sales)


@pytest.fixture
def bodies():
    """What each operation of the mount takes."""
    return {
        (path, method): operation["requestBody"]["content"][JSON]
        for path, operations in openapi()["paths"].items()
        if path.startswith("/api/admin/")
        for method, operation in operations.items()
        if JSON in operation.get("requestBody", {}).get("content", {})
    }


def serializer_of(reference):
    name = reference.rpartition("/")[2].removesuffix("Request").removeprefix("Patched")
    return next(vars(each)[name] for each in MODULES if name in vars(each))


def test_every_body_is_shown_by_an_example_that_is_read(bodies):
    assert len(bodies) == 13
    for operation, content in bodies.items():
        serializer = serializer_of(content["schema"]["$ref"])
        read = [serializer(data=e["value"]) for e in content["examples"].values()]
        refused = [body.errors for body in read if not body.is_valid()]
        assert (len(read), refused) == (1, []), operation


def test_answers_are_shown_as_they_are():
    for name in ("ResellerRowOut", "SaleAnswerOut"):
        shape = openapi()["components"]["schemas"][name]
        told = [
            example["value"]
            for operations in openapi()["paths"].values()
            for operation in operations.values()
            for answer in operation["responses"].values()
            for media in answer.get("content", {}).values()
            if name in str(media.get("schema", {}))
            for example in media.get("examples", {}).values()
        ]
        rows = [
            row
            for value in told
            for row in (value if isinstance(value, list) else [value])
        ]
        assert rows
        assert all(list(row) == list(shape["properties"]) for row in rows)
