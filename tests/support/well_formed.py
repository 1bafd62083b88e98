"""Owns writing a well-formed request body from the description of an operation."""

import re
from collections.abc import Mapping
from typing import Any

from tests.support.addresses import NOWHERE

Schema = Mapping[str, Any]

FORMATS = {
    "uuid": NOWHERE,
    "date": "2026-11-01",
    "date-time": "2026-12-01T00:00:00+09:00",
    "email": "somebody@example.com",
    "binary": "",
}
"""A value of each format."""

REASON = "담당자가 읽을 수 있게 열 글자가 넘습니다."


def body_for(description: Schema, rule: str, method: str) -> Any | None:
    """Return the JSON that an operation takes; None where it takes none.

    :param description: the whole OpenAPI description.
    """
    path = re.sub(r"<(?:[^:<>]+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", rule)
    operation = description["paths"].get(path, {}).get(method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    return _write(description, content["application/json"]["schema"])


def _write(description: Schema, schema: Schema) -> Any:
    """Return the least that a schema takes: what is required, as its example says."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return _write(description, description["components"]["schemas"][name])
    if "allOf" in schema:
        return _write(description, schema["allOf"][0])
    for known in ("example", "default"):
        if schema.get(known) is not None:
            return schema[known]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    match kind:
        case "object":
            properties = schema.get("properties", {})
            required = schema.get("required", list(properties)[:1])
            return {name: _write(description, properties[name]) for name in required}
        case "array":
            return [_write(description, schema["items"])] * max(schema.get("minItems", 1), 1)
        case "boolean":
            return True
        case "integer" | "number":
            return schema.get("minimum", 1)
    value = FORMATS.get(schema.get("format", ""), REASON)
    return value[: schema.get("maxLength", len(value))]
