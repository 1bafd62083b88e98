"""The API's description: valid OpenAPI 3.1, complete, and the file in docs/ is the one served."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.architecture.source import ROOT

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def description(client: FlaskClient) -> dict[str, Any]:
    """The served description."""
    return client.get("/api/v1/openapi.json").json


def operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield `METHOD path` and the operation."""
    for path, item in description["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def faults(description: dict[str, Any]) -> list[str]:
    """Return what a reader of the description would miss, a line each."""
    found = []
    for name, operation in operations(description):
        responses = operation["responses"]
        if not operation.get("summary"):
            found.append(f"{name}: no summary")
        if not operation.get("operationId"):
            found.append(f"{name}: no operationId")
        if not any(status.startswith("2") for status in responses):
            found.append(f"{name}: no answer when all goes well")
        if "500" not in responses:
            found.append(f"{name}: no problem document")
        if "x-permission" in operation and not {"401", "403"} <= set(responses):
            found.append(f"{name}: asks for a permission and does not say 401 and 403")
    names = [operation.get("operationId") for _, operation in operations(description)]
    return found + [f"{name}: operationId twice" for name in set(names) if names.count(name) > 1]


def test_the_description_is_valid_openapi(description: dict[str, Any]) -> None:
    assert list(OpenAPIV31SpecValidator(description).iter_errors()) == []


def test_the_description_leaves_nothing_out(description: dict[str, Any]) -> None:
    assert faults(description) == []


def test_an_operation_without_a_summary_would_be_found(description: dict[str, Any]) -> None:
    del description["paths"]["/api/v1/me"]["get"]["summary"]
    assert faults(description) == ["GET /api/v1/me: no summary"]


def test_the_file_in_docs_is_what_is_served(description: dict[str, Any]) -> None:
    kept = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    assert kept == description, "write it anew with `make openapi`"
