"""The OpenAPI schema: complete, with the refusals, and the list of known parameters.

A view declares beside its actions: `problems = {"fulfil": (OrderNotPending,)}` (what
its action may refuse), `entry_problems = (NotABuyer,)` (what any of them may) and
`filtered_actions = {"csv"}` (actions other than `list` that take the FilterSet). The summary is the first line of the action's docstring. The
queries that an address accepts are the ones published here (`config.api.door`).
"""

import re
import threading
from collections import defaultdict
from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from config.api.authentication import BrowserSession, KeyAuthentication
from resellers.errors import DomainError

READS = {"GET", "HEAD"}
PROBLEM_TYPE = "application/problem+json"
# status -> codes that any call may meet
COMMON: dict[str, list[str]] = {
    "400": ["bad_input", "invalid", "unknown_parameter"],
    "429": ["too_many_requests"],
    "503": ["database_unavailable", "too_slow"],
}
SIGNED = {
    "401": ["bad_credentials", "not_authenticated"],
    "403": ["insufficient_scope", "permission_denied"],
}
WRITES = {
    "400": ["unknown_field", "out_of_range", "unknown_reference"],
    "403": ["csrf_failed"],
    "409": ["already_exists"],
    "413": ["too_large"],
    "415": ["unsupported_media_type"],
}
CONDITIONAL = {"412": ["stale_version"]}
POSTS = {
    "400": ["invalid_idempotency_key"],
    "409": ["in_progress", "answer_unreadable"],
    "422": ["idempotency_key_reused"],
}
GENERATING = threading.Lock()
ANCHORS = re.compile(r"<(?:[^:<>]+:)?(\w+)>")


class ProblemErrorOut(serializers.Serializer[Any]):
    """One invalid value of a request."""

    code = serializers.CharField()
    detail = serializers.CharField()
    pointer = serializers.CharField(help_text="`#/field` of the body or `?name`.")


class ProblemOut(serializers.Serializer[Any]):
    """A refusal, as RFC 9457 describes it."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    errors = ProblemErrorOut(  # type: ignore[assignment]  # the member is called so
        many=True, required=False
    )


class ConsignSchema(AutoSchema):
    """What the schema says about one operation."""

    def get_summary(self) -> str | None:
        first, *_ = self.get_description().strip().splitlines() or [""]
        return first.rstrip(".") or None

    @property
    def action(self) -> str:
        return getattr(self.view, "action", None) or str(self.method).lower()

    @property
    def is_open(self) -> bool:
        return self.action in getattr(self.view, "open_actions", ())

    def get_auth(self) -> list[Any]:
        known = list(super().get_auth())
        return [*known, {}] if self.is_open else known

    def get_filter_backends(self) -> list[Any]:
        if self.action in {"list", *getattr(self.view, "filtered_actions", ())}:
            return list(getattr(self.view, "filter_backends", ()))
        return []

    def _get_paginator(self) -> Any:
        """Only `list` is cut into pages; another array comes whole."""
        if self.action != "list":
            return None
        return super()._get_paginator()  # type: ignore[no-untyped-call]

    def get_override_parameters(self) -> list[Any]:
        own = list(super().get_override_parameters())
        if self.method == "POST":
            own.append(IDEMPOTENCY_KEY)
        if self.method in {"PUT", "PATCH"}:
            own.append(IF_MATCH)
        if self.action == "list":
            own += [LINK, TOTAL]
        return own

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        component = self.resolve_serializer(ProblemOut(), "response")
        for status, codes in sorted(self.refusals().items()):
            responses.setdefault(
                status,
                {
                    "description": ", ".join(f"`{code}`" for code in codes),
                    "content": {
                        PROBLEM_TYPE: {
                            "schema": component.ref,
                            "examples": {
                                code: {"value": _example(status, code, self.path)}
                                for code in codes
                            },
                        }
                    },
                },
            )
        return responses

    def refusals(self) -> dict[str, list[str]]:
        """Status to codes, the common ones and those of this action."""
        tables = [COMMON]
        if not self.is_open:
            tables.append(SIGNED)
        if "{" in self.path:
            tables.append({"404": ["not_found"]})
        if self.method not in READS:
            tables.append(WRITES)
        if self.method in {"PUT", "PATCH"}:
            tables.append(CONDITIONAL)
        if self.method == "POST":
            tables.append(POSTS)
        found: defaultdict[str, list[str]] = defaultdict(list)
        for table in tables:
            for status, codes in table.items():
                found[status] += codes
        for refusal in self.declared_refusals():
            found[str(refusal.status)].append(refusal.code)
        return {status: list(dict.fromkeys(codes)) for status, codes in found.items()}

    def declared_refusals(self) -> list[type[DomainError]]:
        """Those of the view's entrance, then those of the action."""
        at_entry = getattr(self.view, "entry_problems", ())
        of_action = getattr(self.view, "problems", {}).get(self.action, ())
        return [*at_entry, *of_action]


def _example(status: str, code: str, path: str) -> dict[str, Any]:
    return {
        "type": f"/problems/{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": int(status),
        "code": code,
        "detail": "A sentence that says what to do.",
        "instance": path,
    }


def _header(name: str, description: str, **how: Any) -> OpenApiParameter:
    return OpenApiParameter(
        name, str, OpenApiParameter.HEADER, description=description, **how
    )


IDEMPOTENCY_KEY = _header(
    "Idempotency-Key",
    "1 to 255 visible ASCII characters. The same key and body get the same answer.",
)
IF_MATCH = _header("If-Match", "The ETag that was read: 412 when it has changed.")
LINK = _header("Link", 'The pages beside this one: rel="prev", "next".', response=[200])
TOTAL = _header("X-Total-Count", "All rows, where counting is cheap.", response=[200])


def openapi() -> dict[str, Any]:
    """The whole schema, generated once in each process.

    The generator loads its extensions on first use and is not safe for threads that
    meet there: the first of them generates, the others wait.
    """
    with GENERATING:
        return generated()


@cache
def generated() -> dict[str, Any]:
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # of spectacular
    schema: dict[str, Any] = generator.get_schema(  # type: ignore[no-untyped-call]
        request=None, public=True
    )
    return schema


@cache
def published_parameters() -> dict[tuple[str, str], frozenset[str]]:
    """The query parameters of each operation, by route and method."""
    schema = openapi()
    return {
        (_anonymous(path), method.upper()): frozenset(
            parameter["name"]
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "query"
        )
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    }


def parameters_of(route: str, method: str) -> frozenset[str] | None:
    """What a route of the URL configuration takes; None when it is not published."""
    path = "/" + ANCHORS.sub(r"{\1}", route)
    return published_parameters().get((_anonymous(path), method))


def _anonymous(path: str) -> str:
    """The path with its parameters' names left out."""
    return re.sub(r"{[^{}]*}", "{}", path)


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # of spectacular
    """How the schema describes the key."""

    target_class = KeyAuthentication
    name = "accessKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        del auto_schema
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An access key, `cs_<environment>_<prefix>_<secret>`.",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # of spectacular
    """How the schema describes the browser's session."""

    target_class = BrowserSession
    name = "browserSession"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        del auto_schema
        return {"type": "apiKey", "in": "cookie", "name": "session"}
