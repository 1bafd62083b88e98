"""Owns how the API's description tells what a field takes: its type, its form, its pattern."""

import re
from typing import Any

from flask_smorest import Api

from backend import fields

_END = r"\Z"

_TYPES = (
    (fields.Text, "string", None),
    (fields.RegionCode, "string", None),
    (fields.Krw, "integer", "int64"),
    (fields.Count, "integer", None),
    (fields.Degrees, "number", "double"),
    (fields.Metres, "number", "double"),
    (fields.Flag, "boolean", None),
    (fields.Points, "array", None),
    (fields.Instant, "string", "date-time"),
)


def register_types(api: Api) -> None:
    """Describe our own fields; before `init_app`."""
    for field, kind, form in _TYPES:
        api.register_field(field, kind, form)


def register_patterns(api: Api) -> None:
    """Describe patterns as JSON Schema means them; after `init_app`."""
    api.ma_plugin.converter.add_attribute_function(_describe_pattern)


def _describe_pattern(self: Any, field: Any, **_: Any) -> dict[str, str]:  # noqa: ARG001
    """Return a field's pattern in the words of ECMA-262, which JSON Schema takes them from.

    Python's begins at the beginning, and its end is written in another way.
    """
    for validator in field.validators:
        found = getattr(validator, "regex", None)
        if isinstance(found, re.Pattern):
            return {"pattern": f"^{found.pattern.removesuffix(_END)}$"}
    return {}
