"""The description says of every value what it can be, so that generated clients are typed."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient


@pytest.fixture
def description(client: FlaskClient) -> dict[str, Any]:
    """The served description."""
    return client.get("/api/v1/openapi.json").json


def parameters(description: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what is read from an address, a path's own parameters aside."""
    for path in description["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict):
                yield from (one for one in operation.get("parameters", ()) if "schema" in one)


def test_a_parameter_is_left_out_and_never_null(description: dict[str, Any]) -> None:
    described = [parameter["schema"] for parameter in parameters(description)]
    assert len(described) > 50
    assert [schema for schema in described if "null" in str(schema)] == []
    assert [schema for schema in described if schema.get("default", ...) is None] == []


def test_a_parameter_of_few_values_lists_them(description: dict[str, Any]) -> None:
    listed = description["paths"]["/api/v1/products"]["get"]["parameters"]
    category = next(one["schema"] for one in listed if one.get("name") == "category")
    assert (category["type"], category["enum"][0]) == ("string", "safety")
    assert None not in category["enum"]


def test_a_constant_has_a_type(description: dict[str, Any]) -> None:
    pair = description["components"]["schemas"]["TokenPair"]["properties"]
    assert pair["token_type"] == {"type": "string", "const": "Bearer"}


def test_a_choice_that_may_be_missing_is_a_choice_or_null(description: dict[str, Any]) -> None:
    outcome = description["components"]["schemas"]["BoundaryCase"]["properties"]["outcome"]
    choice, nothing = outcome["anyOf"]
    assert (choice["type"], nothing) == ("string", {"type": "null"})
    assert None not in choice["enum"]


def test_nothing_but_what_may_be_anything_is_without_a_type(description: dict[str, Any]) -> None:
    says = {"type", "$ref", "anyOf", "oneOf", "allOf", "enum", "const"}
    untyped = {
        f"{name}.{field}"
        for name, schema in description["components"]["schemas"].items()
        for field, described in schema.get("properties", {}).items()
        if not says & set(described)
    }
    assert untyped == {"Change.before", "Change.after"}


def test_no_schema_is_named_as_one_of_its_lists(description: dict[str, Any]) -> None:
    """Generators make a variable of either, in one place."""
    both = {
        name
        for name, schema in description["components"]["schemas"].items()
        for field, described in schema.get("properties", {}).items()
        if described.get("type") == "array" and field.replace("_", "") == name.lower()
    }
    assert both == set()
