"""A client generated from the description has every operation, is typed, and works."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from tests.support import databases
from tests.support.generated import PACKAGE, check_types, generate_client
from tests.support.people import CITY_HALL, PASSWORD
from tests.support.server import running_server

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("generated_client")]

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def description(app: Flask) -> dict[str, Any]:
    """The served description."""
    return app.test_client().get("/api/v1/openapi.json").json


@pytest.fixture(scope="module")
def directory(description: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the generated package lies; the generator had nothing to complain of."""
    directory = tmp_path_factory.mktemp("client")
    assert generate_client(description, directory) == ""
    return directory


@pytest.fixture
def server(template: str) -> Iterator[str]:
    """The address of the application, as it is served."""
    with databases.copy_of(template) as url, running_server(url) as base:
        yield base


def test_no_operation_is_lost(description: dict[str, Any], directory: Path) -> None:
    named = {
        operation["operationId"].rpartition(".")[2]
        for path in description["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    }
    modules = {path.stem for path in (directory / PACKAGE / "api").glob("*/*.py")}
    assert modules - {"__init__"} == named


def test_what_is_generated_is_well_typed(directory: Path) -> None:
    assert check_types(directory).startswith("Success: no issues found")


def test_a_proposal_is_drafted_through_generated_calls(
    directory: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(directory)

    def generated(name: str) -> ModuleType:
        return import_module(f"{PACKAGE}.{name}")

    def operation(name: str) -> ModuleType:
        (module,) = (directory / PACKAGE / "api").glob(f"*/{name}.py")
        return generated(f"api.{module.parent.name}.{name}")

    models = generated("models")
    who = {"email": "generated@example.com", "password": PASSWORD}
    with generated("client").Client(base_url=server) as stranger:
        told = operation("show_meta").sync(client=stranger)
        assert told.limits.title_characters == 100
        operation("register_account").sync(
            client=stranger, body=models.AccountCreate(**who, display_name="민지")
        )
        pair = operation("sign_in").sync(client=stranger, body=models.SignIn(**who))
    draft = models.ProposalCreate(
        id=uuid4(),
        category=models.ProposalCreateCategory.SAFETY,
        title="골목길 보안등",
        location=models.Point(lon=CITY_HALL[0], lat=CITY_HALL[1]),
    )
    client = generated("client").AuthenticatedClient(base_url=server, token=pair.access_token)
    with client as author:
        made = operation("create_proposal").sync(
            client=author, body=draft, idempotency_key=str(uuid4())
        )
        assert (made.id, made.status, made.problem) == (draft.id, "draft", None)
        assert made.place.local_government.name == "중구"
        refused = operation("show_proposal").sync(client=author, proposal_id=uuid4())
        assert refused.code == "proposal_not_found"
