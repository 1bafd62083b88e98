"""Owns how the API's description names the headers of a write, of what can be read again,
and the parameter for parts of it."""

from typing import Any

from apispec import APISpec

from backend.sparse import FIELDS, LENGTH

_OF_WRITES = {
    "Idempotency-Key": (
        "1 to 255 visible ASCII characters, new for each thing to do. Whoever is signed in and"
        " sends the same request with the same key within 24 hours gets the first answer again,"
        " with `Idempotency-Replayed: true`, and nothing is done twice."
    ),
    "If-Match": (
        "ETag of what is to change: of the GET of this address, or of what it is a part of, or of"
        " one's own view of it below `/me`."
    ),
}

_SCHEMAS = {
    "Idempotency-Key": {
        "type": "string",
        "minLength": 1,
        "maxLength": 255,
        "pattern": "^[!-~]+$",
    },
    "If-Match": {"type": "string"},
}

_NEEDED = "IfMatchNeeded"
_FIELDS = "Fields"


def register_headers(spec: APISpec) -> None:
    """Describe each header once, as a component."""
    for name, description in _OF_WRITES.items():
        header = {"name": name, "description": description, "schema": _SCHEMAS[name]}
        spec.components.parameter(_component(name), "header", header)
    needed = {"name": "If-Match", "description": _OF_WRITES["If-Match"], "required": True}
    spec.components.parameter(_NEEDED, "header", needed | {"schema": _SCHEMAS["If-Match"]})
    spec.components.parameter(
        _FIELDS,
        "query",
        {
            "name": FIELDS,
            "description": (
                "Parts of the answer to send, of each item in a list: names separated by commas,"
                " with dots to what is inside, such as `id,place.emd.name`. What is required of"
                " the whole is then not. The ETag is of the parts, and none for If-Match."
            ),
            "schema": {"type": "string", "maxLength": LENGTH},
        },
    )
    tag = {"description": "For If-None-Match and If-Match", "schema": {"type": "string"}}
    spec.components.header("ETag", tag)


def describe_headers(doc: dict[str, Any], *, takes_key: bool, needs_match: bool) -> None:
    """Name the headers that make a write safe to repeat, and safe against another's.

    :param takes_key: whether its answer is kept.
    :param needs_match: whether it is refused without If-Match.
    """
    parameters = doc.setdefault("parameters", [])
    parameters.append(_NEEDED if needs_match else _component("If-Match"))
    if takes_key:
        parameters.append(_component("Idempotency-Key"))


def describe_fields(doc: dict[str, Any], *, is_selectable: bool) -> bool:
    """Name the parameter that asks for parts of an answer; tell whether a read has parameters.

    :param is_selectable: whether its answer has parts to choose from.
    """
    parameters: list[Any] = doc.setdefault("parameters", []) if is_selectable else []
    if is_selectable and not any(
        parameter.get("name") == FIELDS for parameter in parameters if isinstance(parameter, dict)
    ):
        parameters.append(_FIELDS)
    return bool(doc.get("parameters"))


def describe_tags(responses: dict[Any, Any], *, is_read: bool) -> None:
    """Name the ETag of each JSON answer that has been described, and what it spares a reader.

    :param is_read: whether the method is GET.
    """
    described = {str(status): response for status, response in responses.items()}
    tagged = [
        answer
        for status, answer in described.items()
        if status in ("200", "201") and "application/json" in answer.get("content", ())
    ]
    for answer in tagged:
        answer.setdefault("headers", {})["ETag"] = "ETag"
    if tagged and is_read and "304" not in described:
        responses["304"] = {"description": "The reader has this answer"}


def _component(name: str) -> str:
    return name.replace("-", "")
