"""Every route of the URL configuration, by name and parameters, to be walked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

# `<int:id>` of a path, `(?P<key>…)` of a regular expression without inner groups
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\\[()])*\)")


@dataclass(frozen=True)
class Route:
    """One pattern: `/contracts/{contract_id}`, its view and the view's name."""

    template: str
    name: str
    view: Any

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.template)

    @property
    def is_api(self) -> bool:
        return self.template.startswith("/api/")

    @property
    def methods(self) -> list[str]:
        """What the view takes as far as it says so; pages are asked both ways."""
        actions = getattr(self.view, "actions", None)
        if actions:
            return sorted(method.upper() for method in actions)
        return ["GET"] if self.is_api else ["GET", "POST"]

    def address(self, values: dict[str, str]) -> str:
        return self.template.format(**values)


def every_route() -> list[Route]:
    return list(_walk(get_resolver(), "/", ""))


def api_routes() -> list[Route]:
    """The routes of the API's views; schema and docs are about them, not of them."""
    views = [route for route in every_route() if route.is_api]
    return [route for route in views if hasattr(route.view, "actions")]


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        template = prefix + _template(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            own = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern, template, namespace + own)
        elif isinstance(pattern, URLPattern):
            yield Route(template, f"{namespace}{pattern.name}", pattern.callback)


def _template(route: str) -> str:
    named = PARAMETER.sub(lambda match: f"{{{match[1] or match[2]}}}", route)
    return re.sub(r"^\^|\$$|\\Z$|\\", "", named)
