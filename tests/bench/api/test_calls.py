"""Each call that the API has is answered as it should be, and what it writes can be taken back."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import URL

from bench.api import asking, loading, statements
from bench.api.calls import API, CALLS, Call, Scene
from bench.api.measuring import application
from bench.api.picks import pick
from bench.serving.http_client import Request


@pytest.fixture(scope="module")
def scene(filled: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The application on the loaded data."""
    with (
        psycopg.connect(filled.render_as_string(hide_password=False)) as connection,
        (tmp_path_factory.mktemp("bench") / "api.log").open("w") as log,
        application(filled) as app,
    ):
        yield Scene(asking.of_application(app.test_client(), log), pick(connection))


@pytest.fixture(scope="module")
def described(scene: Scene) -> dict[str, object]:
    """What the description of the API says of each path."""
    paths: dict[str, object] = asking.must(scene.ask, Request(f"{API}/openapi.json")).json["paths"]
    return paths


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.slug)
def test_a_call_is_answered(call: Call, scene: Scene, described: dict[str, object]) -> None:
    assert call.missing_from(described) is None
    requests = call.make(scene, 3)
    assert len(requests) == 3
    for request in requests:
        reply = scene.ask(request)
        assert reply.status == call.status, reply.body


FULL = ("list", "list-sido", "list-sigungu", "list-emd", "list-category", "list-common")


@pytest.mark.parametrize("slug", [*FULL, "list-near", "notices", "comments"])
def test_a_page_is_full(slug: str, scene: Scene) -> None:
    call = next(call for call in CALLS if call.slug == slug)
    for request in call.make(scene, 3):
        assert len(scene.ask(request).json["items"]) == 20


@pytest.mark.parametrize("slug", ["list-rare", "list-short"])
def test_a_rare_word_is_found_once(slug: str, scene: Scene) -> None:
    call = next(call for call in CALLS if call.slug == slug)
    assert len(scene.ask(call.make(scene, 1)[0]).json["items"]) == 1


def test_nobody_endorses_twice(scene: Scene) -> None:
    endorse = next(call for call in CALLS if call.slug == "endorse")
    requests = endorse.make(scene, 4) + endorse.make(scene, 4)
    asked = {(request.path, request.headers["Authorization"]) for request in requests}
    assert len(asked) == 8


def test_what_a_run_wrote_is_taken_back(scene: Scene, rows: psycopg.Connection) -> None:
    def state() -> list[tuple[object, ...]]:
        return rows.execute(
            "SELECT (SELECT count(*) FROM proposal), (SELECT count(*) FROM endorsement),"
            " (SELECT sum(endorsement_count) FROM proposal), (SELECT count(*) FROM kept_answer)"
        ).fetchall()

    loading.restore(rows)
    before = state()
    for slug in ("endorse", "begin"):
        call = next(call for call in CALLS if call.slug == slug)
        for request in call.make(scene, 3):
            asking.must(scene.ask, request, call.status)
    assert state() != before
    loading.restore(rows)
    assert state() == before


def test_a_call_that_the_api_has_not_is_named() -> None:
    call = Call("x", "x", ("GET", "/x"), lambda _scene, _wanted: [], parameter="near")
    assert call.missing_from({}) == "there is no GET /x"
    assert call.missing_from({"/x": {"post": {}}}) == "there is no GET /x"
    assert call.missing_from({"/x": {"get": {}}}) == "GET /x takes no near"
    assert call.missing_from({"/x": {"get": {"parameters": [{"name": "near"}]}}}) is None


def test_the_sql_of_a_call_is_caught_with_its_values(scene: Scene) -> None:
    proposal_id = scene.picks.proposals[0]
    with statements.captured() as found:
        asking.must(scene.ask, Request(f"{API}/proposals/{proposal_id}"))
    assert any("FROM proposal" in each and proposal_id.hex in each for each in found)
    assert not any("%(" in each for each in found)
