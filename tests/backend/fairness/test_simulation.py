"""Policies side by side on a round's inputs: what they do, what they refuse, what they leave."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.db import db
from backend.fairness import simulation
from backend.rounds.models import FrozenInputs
from geo.matching import Instance, Plan, solve
from tests.backend.fairness.rounds import Played, play
from tests.conftest import application
from tests.support import databases
from tests.support.people import PASSWORD, make_institution, make_officer, register
from tests.support.rounds import (
    CLOSED,
    PRICE_KRW,
    apply_for,
    close,
    freeze,
    make_open_round,
    make_product,
)

EVERY_ROW = """
    SELECT sum((xpath('/row/c/text()', query_to_xml(
        format('SELECT count(*) AS c FROM %I', tablename), false, true, '')))[1]::text::bigint)
    FROM pg_tables WHERE schemaname = 'public'
"""


@pytest.fixture
def officer(session: Session, sign_in: Any) -> dict[str, str]:
    """The headers of an officer who is signed in."""
    headers: dict[str, str] = sign_in(make_officer(session).email)
    return headers


def compare(
    client: FlaskClient, headers: dict[str, str], round_id: object, *policies: Any, **more: Any
) -> Any:
    """Ask for a comparison."""
    return client.post(
        f"/api/v1/rounds/{round_id}/simulations",
        json={"policies": list(policies), **more},
        headers=headers,
    )


def test_the_rounds_own_policy_gives_its_own_plan(
    client: FlaskClient, played: Played, officer: dict[str, str]
) -> None:
    found = compare(client, officer, played.round.id, {"name": "own"}).json
    assert (found["basis"], found["seed"]) == ("run", "seed of the tests")
    assert found["inputs_sha256"] == played.run.inputs_sha256
    [own] = found["policies"]
    assert (own["placements"], own["spent_krw"], own["remaining_krw"]) == (
        2, 2 * PRICE_KRW, PRICE_KRW,
    )  # fmt: skip
    assert own["nearness"]["tiers"] == [1, 0, 0, 0]
    assert [line["code"] for line in own["sigungu"]] == ["11140", "41800"]
    assert own["against_first"] is None


def test_who_loses_by_another_policy_is_named_with_the_places(
    client: FlaskClient, played: Played, officer: dict[str, str]
) -> None:
    cheap = {"name": "cheap", "product_budget_cap_krw": PRICE_KRW - 1}
    found = compare(client, officer, played.round.id, {"name": "own"}, cheap).json
    other = found["policies"][1]
    assert (other["placements"], other["changed"]) == (0, ["product_budget_cap_krw"])
    against = other["against_first"]
    assert (against["gained"], against["lost"], against["places_lost"]) == (0, 2, 2)
    assert {row["institution_name"] for row in against["institutions"]} == {
        "중구보건소", "전곡읍사무소",
    }  # fmt: skip


def test_an_open_round_is_compared_on_what_there_is_now(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    round_, [offer] = make_open_round(session, make_product(session))
    before = compare(client, officer, round_.id, {"name": "own"}).json
    apply_for(session, make_institution(session), offer)
    after = compare(client, officer, round_.id, {"name": "own"}, seed="another").json
    assert (before["basis"], before["seed"], after["seed"]) == ("current", "simulation", "another")
    assert [one["policies"][0]["placements"] for one in (before, after)] == [0, 1]


def test_frozen_inputs_are_compared_as_they_were_frozen(
    client: FlaskClient, session: Session, officer: dict[str, str]
) -> None:
    round_, [offer] = make_open_round(session, make_product(session))
    institution = make_institution(session)
    apply_for(session, institution, offer)
    close(session, round_)
    freeze(session, round_)
    institution.organization.closed_at = CLOSED
    session.commit()
    found = compare(client, officer, round_.id, {"name": "own"}).json
    frozen = session.scalars(
        select(FrozenInputs.inputs_sha256).where(FrozenInputs.round_id == round_.id)
    ).one()
    assert (found["basis"], found["inputs_sha256"]) == ("frozen", frozen)
    assert found["policies"][0]["placements"] == 1


def test_nothing_is_stored(
    client: FlaskClient, session: Session, played: Played, officer: dict[str, str]
) -> None:
    before = session.scalar(text(EVERY_ROW))
    assert compare(client, officer, played.round.id, {"name": "own"}).status_code == 200
    assert session.scalar(text(EVERY_ROW)) == before


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        ({"seat_precedence": ["residence"]}, "json.policies.2.seat_precedence"),
        ({"funding": "randomly"}, "json.policies.2.funding"),
        ({"beauty": 1}, "json.policies.2.beauty"),
        ({"require_confirmed_residence": True}, "json.policies.2.require_confirmed_residence"),
    ],
)
def test_a_policy_that_is_not_accepted_is_refused_by_its_field(
    client: FlaskClient,
    played: Played,
    officer: dict[str, str],
    policy: dict[str, Any],
    field: str,
) -> None:
    answer = compare(
        client, officer, played.round.id, {"name": "a"}, {"name": "b"}, {"name": "c", **policy}
    )
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


@pytest.mark.parametrize("names", [[], ["a", "a"], list("abcdefghi")])
def test_one_to_eight_policies_of_different_names(
    client: FlaskClient, played: Played, officer: dict[str, str], names: list[str]
) -> None:
    answer = compare(client, officer, played.round.id, *({"name": name} for name in names))
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["json.policies"])


def test_too_much_work_is_refused_with_what_would_go(
    client: FlaskClient, played: Played, officer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulation, "MOST_APPLICATIONS", 5)
    answer = compare(client, officer, played.round.id, {"name": "a"}, {"name": "b"})
    assert (answer.status_code, answer.json["code"]) == (422, "simulation_too_large")
    assert "1개 방식" in answer.json["detail"]


def test_only_officers_compare(
    client: FlaskClient, session: Session, played: Played, sign_in: Any
) -> None:
    citizen = sign_in(register(session).email)
    assert compare(client, citizen, played.round.id, {"name": "a"}).status_code == 403
    assert compare(client, {}, played.round.id, {"name": "a"}).status_code == 401


def test_the_csv_has_a_row_a_measure(
    client: FlaskClient, played: Played, officer: dict[str, str]
) -> None:
    answer = client.post(
        f"/api/v1/rounds/{played.round.id}/simulations.csv",
        json={"policies": [{"name": "=own"}]},
        headers=officer,
    )
    body = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert body[0] == ["policy", "table", "code", "name", "measure", "value"]
    assert ["'=own", "total", "", "", "spent_krw", str(2 * PRICE_KRW)] in body
    assert ["'=own", "sigungu", "11140", "서울특별시 중구", "placements", "1"] in body


@pytest.fixture
def served(template: str) -> Iterator[tuple[Flask, str, str]]:
    """An application with pools of its own, an officer's address and a published round."""
    with databases.copy_of(template) as url:
        app = application(url)
        with app.app_context(), Session(db.engine) as session:
            email, round_id = make_officer(session).email, str(play(session).round.id)
        yield app, email, round_id
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


def test_no_connection_is_held_while_it_computes(
    served: tuple[Flask, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, email, round_id = served
    held: list[int] = []

    def solve_and_look(instance: Instance) -> Plan:
        held.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]
        return solve(instance)

    monkeypatch.setattr(simulation, "solve", solve_and_look)
    client = app.test_client()
    credentials = {"email": email, "password": PASSWORD}
    token = client.post("/api/v1/sessions", json=credentials).json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    answer = compare(client, headers, round_id, {"name": "a"}, {"name": "b"})
    assert (answer.status_code, held) == (200, [0, 0])
