"""Owns how the API's description tells of errors: which answers, where, and in what form."""

from collections.abc import Callable
from typing import Any, TypeVar

from backend.schemas import ProblemSchema

Function = TypeVar("Function", bound=Callable[..., Any])

PROBLEM = "application/problem+json"

_EVERYWHERE = {
    "400": "The request cannot be read",
    "401": "Nobody is signed in, or the token is not good",
    "429": "Too many requests; see Retry-After",
    "500": "Something broke on our side",
    "503": "Not possible right now; see Retry-After",
}
_SIGNED_IN = {"403": "Not allowed"}
_OF_WRITES = {
    "409": "Clashes with the present state, or with the same request under way",
    "412": "What If-Match names is not the present state",
    "413": "The body is too large",
    "415": "The body is not JSON",
    "422": "Some values need correction",
}


def may_be_gone(description: str) -> Callable[[Function], Function]:
    """Mark a view that may answer 410, or the function that returns what its permission is about.

    :param description: of what was there once, for the API's description.
    """

    def mark(function: Function) -> Function:
        function._gone = description  # type: ignore[attr-defined]
        return function

    return mark


def read_gone(view: Callable[..., Any]) -> str | None:
    """Return what a view's 410 says, of itself or for its permission's subject."""
    found = (getattr(one, "_gone", None) for one in (view, getattr(view, "_subject", None)))
    return next((description for description in found if description is not None), None)


def describe_errors(
    responses: dict[Any, Any],
    *,
    is_public: bool,
    is_write: bool,
    reads_arguments: bool,
    needs_match: bool,
    gone: str | None,
) -> None:
    """Name the errors of an operation among its answers.

    :param reads_arguments: whether a read has parameters beside its path.
    :param needs_match: whether it is refused without If-Match.
    :param gone: what its 410 says; None where nothing goes.
    """
    described = dict(_EVERYWHERE)
    if not is_public:
        described |= _SIGNED_IN
    if is_write:
        described |= _OF_WRITES
    elif reads_arguments:
        described["422"] = _OF_WRITES["422"]
    if needs_match:
        described["428"] = "If-Match is missing"
    if gone is not None:
        described["410"] = gone
    for status, description in described.items():
        responses[status] = {
            "description": description,
            "content": {PROBLEM: {"schema": ProblemSchema}},
        }
    responses.setdefault("404", {"$ref": "#/components/responses/NotFound"})
