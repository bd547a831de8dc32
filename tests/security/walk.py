"""Every route of the URL configuration, with something in its parameters."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

EXAMPLES = {
    "int": "7",
    "str": "word",
    "hex32": "ab" * 32,
    "uuid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
}
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class Route:
    """One pattern: an address that matches it, its view's name, its methods."""

    address: str
    name: str
    view: Any

    @property
    def methods(self) -> set[str]:
        """The methods a view of the API says it takes."""
        actions = getattr(self.view, "actions", None) or ()
        return {method.upper() for method in actions}


def every_route() -> list[Route]:
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (
                f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            )
            yield from _walk(pattern, address, inner)
        elif isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name}"
            yield Route(f"/{filled(address)}", name, pattern.callback)


def filled(route: str) -> str:
    """The route with an example in each parameter."""
    route = GROUP.sub(lambda m: "1" if m[1] == "uidb36" else "word", route)
    route = PARAMETER.sub(lambda m: EXAMPLES.get(m[1] or "str", "word"), route)
    return route.replace("^", "").replace("$", "").replace(r"\Z", "").replace("\\", "")
