"""The shape of every refusal of the API.

{"type": "/problems/<code>", "title": "…", "status": 409, "code": "<code>",
 "detail": "…", "instance": "<path>", "errors": [{"code", "detail", "pointer"}]}
"""

import re
from typing import Any

CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
POINTER = re.compile(r"#(/.*)?|\?.*", re.DOTALL)


def assert_problem(response: Any) -> dict[str, Any]:
    """Check the whole shape of a refusal, and give it back."""
    assert response["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["status"] == response.status_code
    assert CODE.fullmatch(problem["code"]), problem
    assert problem["type"] == f"/problems/{problem['code']}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["instance"] == response.wsgi_request.path
    for error in problem.get("errors", []):
        assert error.keys() == {"code", "detail", "pointer"}
        assert POINTER.fullmatch(error["pointer"])
    if response.status_code in {429, 503}:
        assert int(response["Retry-After"]) > 0
    if response.status_code == 401:
        assert response["WWW-Authenticate"]
    if response.status_code == 405:
        assert response["Allow"]
    return problem


def assert_error(response: Any, status: int, code: str) -> dict[str, Any]:
    """Check that a call was refused with this status and code."""
    problem = assert_problem(response)
    assert (response.status_code, problem["code"]) == (status, code), problem
    return problem
