"""Every operation answers as the description says, whoever asks and whatever is sent."""

from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Config
from sqlalchemy import Connection

from tests.contract.conftest import ROLES, Played
from tests.support.databases import ROOT

CONFIG = Config.from_dict(
    {
        "checks": {
            # A schema cannot say that a region exists, or that a point lies in Korea.
            "positive_data_acceptance": {"enabled": False},
            # It would ask a server of its own; the anonymous caller below shows the same.
            "ignored_auth": {"enabled": False},
            "negative_data_rejection": {
                # What does not exist, or has changed, is told before what is wrong with the body.
                "expected-statuses": [
                    *("400", "401", "403", "404", "405", "406", "409", "410", "412", "413", "415"),
                    *("422", "428", "429"),
                ]
            },
        }
    }
)

schema = schemathesis.openapi.from_path(ROOT / "docs" / "openapi.json", config=CONFIG)

SIGNED_IN_ONLY = [{"bearer": []}]

KNOWN: dict[str, list[str]] = {}
"""Ids of what there is; half of the requests ask for it, the others for what is not there."""


@schema.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any]:
    """Put the id of something that exists in place of every other one."""
    return {name: _known(name, value) for name, value in (path_parameters or {}).items()}


@schema.hook
def map_headers(context: Any, headers: dict[str, Any] | None) -> dict[str, Any] | None:
    """Name the present state in two of three requests, so that they get past the comparison."""
    if headers and "If-Match" in headers and len(str(headers["If-Match"])) % 3:
        headers["If-Match"] = "*"
    return headers


def _known(name: str, value: Any) -> Any:
    try:
        number = UUID(str(value)).int
    except ValueError:
        return value
    known = KNOWN.get(name)
    return known[number % len(known)] if known and number % 2 else value


def answer_as_described(case: Any, played: Played, role: str) -> None:
    """Send one request and compare the answer with the description."""
    KNOWN.update(played.ids)
    headers = played.headers(role)
    response = case.call(app=played.app, headers=headers)
    case.validate_response(response, headers=headers)
    if role == "anonymous" and case.operation.definition.raw.get("security") == SIGNED_IN_ONLY:
        assert response.status_code >= 400, "nobody is signed in"


HERE = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": list(HealthCheck),
}


@pytest.mark.parametrize("role", ROLES)
@schema.parametrize()
@settings(max_examples=10, **HERE)
def test_an_operation(case: Any, role: str, played: Played, connection: Connection) -> None:
    answer_as_described(case, played, role)


@pytest.mark.heavy
@pytest.mark.parametrize("role", ROLES)
@schema.parametrize()
@settings(max_examples=200, **HERE)
def test_an_operation_at_length(
    case: Any, role: str, played: Played, connection: Connection
) -> None:
    answer_as_described(case, played, role)
