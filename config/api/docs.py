"""`/api/docs`: the schema as a page of our own, without script, offline.

Swagger UI would be twenty times the weight of any page here and breaks the rules of
accessibility that the others keep. Source: 8-api, "Schema"; 11-performance, goal 11.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from config.api.schema import openapi

PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """What a value is: a phrase, and the shape it leads to."""

    words: str
    shape: str = ""


@dataclass(frozen=True)
class Value:
    """A parameter or a field."""

    name: str
    kind: Kind
    required: bool
    text: str
    place: str = ""


@dataclass(frozen=True)
class Answer:
    status: str
    kind: Kind | None


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    open: bool
    parameters: list[Value]
    body: Kind | None
    answers: list[Answer]
    refusals: list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Shape:
    """A JSON object that operations take or give."""

    name: str
    text: str
    fields: list[Value]


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation by resource, then every shape."""
    return render(request, "api/docs.html", {"groups": groups(), "shapes": shapes()})


@cache
def groups() -> list[tuple[str, list[Operation]]]:
    """Operations under the first word of their path."""
    found: defaultdict[str, list[Operation]] = defaultdict(list)
    for path, operations in openapi()["paths"].items():
        for method, operation in operations.items():
            for tag in operation.get("tags", ["api"]):
                found[tag].append(_operation(method, path, operation))
    return sorted(found.items())


@cache
def shapes() -> list[Shape]:
    """The components of the schema that are objects."""
    components = openapi()["components"].get("schemas", {})
    return [
        Shape(
            name=name,
            text=_plain(schema.get("description", "")),
            fields=[
                Value(
                    field,
                    _kind(inner),
                    field in schema.get("required", []),
                    _plain(inner.get("description", "")),
                )
                for field, inner in schema["properties"].items()
            ],
        )
        for name, schema in sorted(components.items())
        if "properties" in schema
    ]


def _operation(method: str, path: str, operation: dict[str, Any]) -> Operation:
    responses = operation["responses"].items()
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=_rest(operation.get("description", "")),
        open={} in operation.get("security", []),
        parameters=[_parameter(given) for given in operation.get("parameters", [])],
        body=_content_kind(operation.get("requestBody", {})),
        answers=[
            Answer(status, _content_kind(response))
            for status, response in responses
            if not status.startswith(("4", "5"))
        ],
        refusals=[
            (status, list(response["content"][PROBLEM]["examples"]))
            for status, response in responses
            if PROBLEM in response.get("content", {})
        ],
    )


def _rest(description: str) -> str:
    """The description without its first line, which is the summary."""
    return _plain(description.strip().partition("\n")[2].strip())


def _plain(text: str) -> str:
    """Without the back quotes of Markdown."""
    return text.replace("`", "")


def _parameter(given: dict[str, Any]) -> Value:
    return Value(
        given["name"],
        _kind(given["schema"]),
        bool(given.get("required")),
        _plain(given.get("description", "")),
        given["in"],
    )


def _content_kind(holder: dict[str, Any]) -> Kind | None:
    for media_type, media in holder.get("content", {}).items():
        if "schema" in media:
            kind = _kind(media["schema"])
            if media_type == "application/json":
                return kind
            return Kind(f"{media_type}: {kind.words}", kind.shape)
    return None


def _kind(schema: dict[str, Any]) -> Kind:
    """A schema in words: `integer, 0 to 50`, `array of OrderOut`."""
    if "$ref" in schema:
        return _referred(schema["$ref"].rpartition("/")[2])
    for joint in ("allOf", "oneOf", "anyOf"):
        if joint in schema:
            kinds = [_kind(inner) for inner in schema[joint]]
            shape = next((kind.shape for kind in kinds if kind.shape), "")
            return Kind(" or ".join(_unique(kind.words for kind in kinds)), shape)
    if schema.get("type") == "array":
        inner = _kind(schema["items"])
        return Kind(f"array of {inner.words}", inner.shape)
    words = [str(schema.get("format") or schema.get("type") or "any value")]
    if "enum" in schema:
        words = [" | ".join(str(word) for word in schema["enum"] if word != "")]
    if "minimum" in schema and "maximum" in schema:
        words.append(f"{schema['minimum']} to {schema['maximum']}")
    if "maxLength" in schema:
        words.append(f"at most {schema['maxLength']} characters")
    if schema.get("nullable"):
        words.append("or null")
    return Kind(", ".join(words))


def _referred(name: str) -> Kind:
    """A shape by its name; a list of words (an enum) by its words."""
    schema = openapi()["components"]["schemas"][name]
    if "properties" in schema:
        return Kind(re.sub(r"Request$", "", name), name)
    return _kind(schema)


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
