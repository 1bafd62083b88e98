"""Stories: what was proposed, what came of it, and the true reason why it is there."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.rounds.models import MatchingRun
from geo.matching import Explainer, load_json, parse_instance, parse_plan
from tests.conftest import NOW
from tests.support.maps import PublishedRound
from tests.support.proposals import make_draft
from tests.support.rounds import PRICE_KRW

MAPS = "/api/v1/maps"

NOBODYS_ID = "00000000-0000-7000-8000-000000000000"
"""Fixed, because the workers of a run have to collect the same tests."""


def true_reason(session: Session, published: PublishedRound, language: str) -> str:
    """Return what the engine itself says of the placement, from the published files."""
    instance, plan = session.execute(
        MatchingRun.__table__.select().with_only_columns(
            MatchingRun.instance_text, MatchingRun.plan_text
        )
    ).one()
    explainer = Explainer(
        parse_instance(load_json(instance.encode())), parse_plan(load_json(plan.encode()))
    )
    placement = published.near_placement
    return explainer.explain(str(placement.institution_id), str(placement.offer_id), language)


@pytest.mark.parametrize(
    ("language", "words"),
    [("ko", "제안자가 사는 동네"), ("en", "the proposer's neighbourhood")],
)
def test_a_placement_is_told_with_its_true_reason(
    client: FlaskClient, session: Session, published: PublishedRound, language: str, words: str
) -> None:
    story = client.get(
        f"{MAPS}/placements/{published.near_placement.id}", headers={"Accept-Language": language}
    ).json
    assert story["explanation"] == true_reason(session, published, language)
    assert story["residence_words"] == words
    assert story["product"]["summary"] == published.product.summary
    assert story["round"]["code"] == published.round.code
    assert [one["id"] for one in story["proposals"]] == [str(published.answered.id)]


def test_a_placement_story_lets_everybody_check_the_plan(
    client: FlaskClient, session: Session, published: PublishedRound
) -> None:
    plan = client.get(f"{MAPS}/placements/{published.near_placement.id}").json["plan"]
    run = session.get_one(MatchingRun, published.near_placement.run_id)
    assert plan == {
        "run_id": str(run.id),
        "engine": run.engine,
        "seed": run.seed,
        "inputs_sha256": run.inputs_sha256,
    }


def test_a_placement_of_a_superseded_plan_is_gone(
    client: FlaskClient, session: Session, published: PublishedRound
) -> None:
    session.execute(update(MatchingRun).values(superseded_at=NOW))
    session.commit()
    answer = client.get(f"{MAPS}/placements/{published.near_placement.id}")
    assert (answer.status_code, answer.json["code"]) == (404, "placement_not_found")


def test_a_proposal_is_told_with_the_placements_that_answer_it(
    client: FlaskClient, published: PublishedRound
) -> None:
    story = client.get(f"{MAPS}/proposals/{published.answered.id}").json
    assert story["proposal"]["properties"]["problem"] == published.answered.problem
    assert story["proposal"]["properties"]["local_government_name"] == "서울특별시 중구"
    assert {one["id"] for one in story["placements"]["features"]} == {
        str(published.near_placement.id),
        str(published.abroad_placement.id),
    }


def test_a_proposal_that_nothing_answers_yet(
    client: FlaskClient, published: PublishedRound
) -> None:
    story = client.get(f"{MAPS}/proposals/{published.waiting.id}").json
    assert story["placements"] == {
        "type": "FeatureCollection",
        "features": [],
        "truncated": False,
    }


def test_a_draft_has_no_story(client: FlaskClient, session: Session) -> None:
    draft = make_draft(session)
    answer = client.get(f"{MAPS}/proposals/{draft.id}")
    assert (answer.status_code, answer.json["code"]) == (404, "proposal_not_found")


@pytest.mark.parametrize("code", ["11", "11140", "11140103", "1114010300"])
def test_a_region_is_told_at_every_level(
    client: FlaskClient, session: Session, published: PublishedRound, code: str
) -> None:
    story = client.get(f"{MAPS}/regions/{code}").json
    assert story["counts"] == {"placements": 1, "amount_krw": PRICE_KRW, "proposals": 2}
    (placed,) = story["placements"]
    assert placed["placement"]["id"] == str(published.near_placement.id)
    assert placed["explanation"] == true_reason(session, published, "ko")
    assert len(story["proposals"]["features"]) == 2


def test_a_region_without_anything_is_told_too(
    client: FlaskClient, published: PublishedRound
) -> None:
    story = client.get(f"{MAPS}/regions/26470").json
    assert story["region"]["full_name"] == "부산광역시 연제구"
    assert story["counts"] == {"placements": 0, "amount_krw": 0, "proposals": 0}
    assert (story["placements"], story["proposals"]["features"]) == ([], [])


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"placements/{NOBODYS_ID}", "placement_not_found"),
        (f"proposals/{NOBODYS_ID}", "proposal_not_found"),
        ("regions/99999", "region_not_found"),
        ("regions/nowhere", "region_not_found"),
    ],
)
def test_what_is_not_there_is_a_problem_document(client: FlaskClient, path: str, code: str) -> None:
    answer = client.get(f"{MAPS}/{path}")
    assert (answer.status_code, answer.json["code"]) == (404, code)
