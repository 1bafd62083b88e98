"""Owns how fields become types of the API's description, so that generated clients are typed.

Constants have the type of their value, a choice that may be missing is a choice or null, and a
query parameter, which can be left out but never be null, says no more than that.
"""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import fields

_TYPES = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}
_NULL = {"type": "null"}


class TypedFieldsPlugin(MarshmallowPlugin):
    """Describes schemas as apispec does, and what it leaves open more closely."""

    def init_spec(self, spec: APISpec) -> None:
        """Add our readings of fields after apispec's own."""
        super().init_spec(spec)
        assert self.converter is not None  # noqa: S101 (made by the line above)
        for describe in (describe_constant, describe_nullable_choice):
            self.converter.add_attribute_function(describe)  # type: ignore[no-untyped-call]
        self.converter.add_parameter_attribute_function(describe_parameter)


def describe_constant(_: Any, field: fields.Field[Any], ret: dict[str, Any]) -> dict[str, Any]:
    """Return the one value that a constant has, with its type; a list says its own."""
    if not isinstance(field, fields.Constant) or type(field.constant) not in _TYPES:
        return {}
    ret.pop("default", None)
    kind = _TYPES[type(field.constant)]
    return _NULL if kind == "null" else {"type": kind, "const": field.constant}


def describe_nullable_choice(
    _: Any, _field: fields.Field[Any], ret: dict[str, Any]
) -> dict[str, Any]:
    """Return a choice beside null, in place of a choice of which null is a part."""
    if None not in ret.get("enum", ()):
        return {}
    choices = [choice for choice in ret.pop("enum") if choice is not None]
    return {"anyOf": [{"type": _without_null(ret.pop("type")), "enum": choices}, _NULL]}


def describe_parameter(_: Any, _field: fields.Field[Any], ret: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter whose type is what it can be when it is there."""
    schema: dict[str, Any] = ret["schema"]
    if schema.get("default", ...) is None:
        del schema["default"]
    if _NULL in schema.get("anyOf", ()):
        choice = next(kind for kind in schema.pop("anyOf") if kind != _NULL)
        schema |= choice
    elif isinstance(schema.get("type"), list):
        schema["type"] = _without_null(schema["type"])
    return {"schema": schema}


def _without_null(kinds: str | list[str]) -> str | list[str]:
    if isinstance(kinds, str):
        return kinds
    left = [kind for kind in kinds if kind != "null"]
    return left[0] if len(left) == 1 else left
