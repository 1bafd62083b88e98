"""Every operation answers as the description says, whoever asks and whatever is sent."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Config, GenerationMode
from schemathesis.core.parameters import ParameterLocation
from sqlalchemy import Connection

from tests.contract.conftest import REGION_CODES, ROLES, Played
from tests.support.databases import ROOT

UNKNOWN_HEADER = "x-schemathesis-unknown-property"

CONFIG = Config.from_dict(
    {
        # The roles bring their tokens.
        "generation": {"with-security-parameters": False},
        "checks": {
            # A schema cannot say that a region exists, or that a point lies in Korea.
            "positive_data_acceptance": {"enabled": False},
            # It would ask a server of its own; the anonymous caller below shows the same.
            "ignored_auth": {"enabled": False},
            # A write that must name the present state says so by a status of its own (RFC 6585, 3);
            # of what was merged, or has changed, that is told first.
            "missing_required_header": {
                "expected-statuses": ["401", "403", "404", "410", "412", "422", "428"]
            },
            "negative_data_rejection": {
                # What does not exist, or has changed, is told before what is wrong with the body.
                "expected-statuses": [
                    *("400", "401", "403", "404", "405", "406", "409", "410", "412", "413", "415"),
                    *("422", "428", "429"),
                ]
            },
        },
    }
)


schemathesis.openapi.format("region-code", st.sampled_from(REGION_CODES))
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


def description() -> dict[str, Any]:
    """Return the description without the parameter for parts of an answer.

    An answer in parts lacks what is required of the whole, which OpenAPI cannot say; and names
    made up at random are refused before anything else happens. tests/backend/test_sparse.py
    asks for parts.
    """
    described: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text())
    for path in described["paths"].values():
        for operation in path.values():
            if "parameters" in operation:
                operation["parameters"] = [
                    one for one in operation["parameters"] if not _names_parts(one)
                ]
    return described


def _names_parts(parameter: dict[str, Any]) -> bool:
    return "fields" in (parameter.get("name"), parameter.get("$ref", "").lower().split("/")[-1])


schema = schemathesis.openapi.from_dict(description(), config=CONFIG)
OPERATIONS = {found.ok().label: found.ok() for found in schema.get_all_operations()}

SIGNED_IN_ONLY = [{"bearer": []}]
UNPACKED = {"Accept-Encoding": "identity"}
"""What answers are compared as; schemathesis would ask for gzip and leave it packed."""


def cases_of(operation: Any) -> st.SearchStrategy[Any]:
    """Return requests that keep to the description, and requests that do not."""
    return st.one_of([operation.as_strategy(generation_mode=mode) for mode in GenerationMode])


def edges_of(operation: Any) -> Iterator[Any]:
    """Return requests at each bound of each value, with one thing wrong at a time, or nothing."""
    found: Iterator[Any] = schema.iter_coverage_cases(
        operation,
        generation_modes=list(GenerationMode),
        generation_config=schema.config.generation_for(operation=operation, phase="coverage"),
        extra_data_source=None,
        error_feedback=None,
        session=None,
    )
    # A header that nobody knows is ignored (RFC 9110, 5.1), not refused.
    return (case for case in found if UNKNOWN_HEADER not in (case.headers or {}))


def lead_somewhere(case: Any, played: Played, number: int) -> None:
    """Let three of four requests name what exists, in the path and in If-Match.

    What breaks the description on purpose stays as it is.

    :param number: of the request; what it names is taken in turn.
    """
    if number % 4 == 3:
        return
    turn = number - number // 4
    parts = case.meta.components
    if _is_kept(parts.get(ParameterLocation.PATH)):
        for name in case.path_parameters:
            taken = case.operation.path_parameters.get(name).definition["schema"]
            known = [value for value in played.known.get(name, ()) if _is_one_of(taken, value)]
            if known:
                case.path_parameters[name] = known[turn % len(known)]
    if _is_kept(parts.get(ParameterLocation.HEADER)) and "If-Match" in case.headers:
        # Where it can be left out, many addresses have no state that it could name.
        case.headers["If-Match"] = "*"
        if not case.operation.headers.get("If-Match").is_required:
            del case.headers["If-Match"]


def _is_one_of(schema: dict[str, Any], value: str) -> bool:
    return value in schema.get("enum", (value,))


def _is_kept(part: Any) -> bool:
    return part is not None and part.mode.is_positive


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """Undo what a request did: every request meets the same installation."""
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


def answer_as_described(
    case: Any, played: Played, connection: Connection, roles: Iterable[str] = ROLES
) -> None:
    """Send a request as each of some roles and compare the answers with the description."""
    operation = case.operation
    needs_somebody = (
        operation.definition.raw.get("security") == SIGNED_IN_ONLY
        and case.method.upper() == operation.method.upper()
    )
    for role in roles:
        with undone(connection), told(role):
            headers = {**played.headers[role], **UNPACKED}
            response = case.call(app=played.app, headers=headers)
            case.validate_response(response, headers=headers)
            assert role != "anonymous" or not needs_somebody or response.status_code >= 400


@contextmanager
def told(role: str) -> Iterator[None]:
    """Tell in a failure who was asking."""
    try:
        yield
    except BaseException as failure:
        failure.add_note(f"asked by: {role}")
        raise


def ask(label: str, played: Played, connection: Connection, *, examples: int) -> None:
    """Send as many requests to an operation as each of the roles, the same in every run."""

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases_of(OPERATIONS[label]), number=st.integers(0, 999))
    def each(case: Any, number: int) -> None:
        lead_somewhere(case, played, number)
        answer_as_described(case, played, connection)

    each()


@pytest.mark.parametrize("label", OPERATIONS)
def test_an_operation(label: str, played: Played, connection: Connection) -> None:
    ask(label, played, connection, examples=10)


@pytest.mark.heavy
@pytest.mark.parametrize("label", OPERATIONS)
def test_an_operation_at_length(label: str, played: Played, connection: Connection) -> None:
    ask(label, played, connection, examples=200)


@pytest.mark.heavy
@pytest.mark.parametrize("label", OPERATIONS)
def test_an_operation_at_its_edges(label: str, played: Played, connection: Connection) -> None:
    """Each bound, just kept and just not."""
    for number, case in enumerate(edges_of(OPERATIONS[label])):
        lead_somewhere(case, played, number)
        answer_as_described(case, played, connection)
