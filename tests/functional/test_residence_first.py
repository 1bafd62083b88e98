"""The main job, end to end: an idea becomes a product in the proposer's own neighbourhood."""

import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.architecture.source import ROOT
from tests.functional.kit import Country, Person
from tests.support.people import make_reviewer

SUYU = (127.0074, 37.6383)
"""A point in 서울특별시 강북구 수유동."""
SUYU_CODE = "1130510300"
PRICE_KRW = 31_000_000


class Journey(NamedTuple):
    """Who took part in the round, and its ids."""

    country: Country
    citizen: Person
    proposal_id: str
    round_id: str
    institutions: dict[str, str]
    applicants: dict[str, Person]


@pytest.fixture
def journey(country: Country, session: Session) -> Journey:
    """Play from registration to publication, with money for one placement."""
    here = country.person(make_reviewer(session, "11305").email)
    elsewhere = country.person(make_reviewer(session, "11110").email)
    citizen = country.citizen("suyu@example.com", SUYU_CODE)
    proposal_id = country.propose(citizen, "소화전 앞 주차방지 알림", "safety", *SUYU)

    queue = here.get("/local-governments/11305/reviews")
    assert [item["proposal"]["id"] for item in queue["items"]] == [proposal_id]
    elsewhere.get("/local-governments/11305/reviews", 403)
    elsewhere.put(
        f"/proposals/{proposal_id}/decision", 403, outcome="adopted", reason="우리 구가 채택합니다."
    )
    country.adopt(here, proposal_id)
    here.put("/local-governments/11305/proposal-ranks/2026", ranking=[proposal_id])

    product_id = country.product("safety", [proposal_id], PRICE_KRW)
    round_id, offer_id = country.open_round(product_id, PRICE_KRW)
    institutions, applicants = {}, {}
    for name, site_code in (("far", "48220101"), ("same sido", "11110119"), ("near", "11305103")):
        institutions[name], applicants[name] = country.institution(session, site_code)
        applicants[name].put(
            f"/rounds/{round_id}/institutions/{institutions[name]}/applications",
            applications=[{"offer_id": offer_id, "reason": "관내 소화전에 설치하겠습니다."}],
        )
    country.finish_round(round_id)
    return Journey(country, citizen, proposal_id, round_id, institutions, applicants)


def outcomes(journey: Journey) -> dict[str, Any]:
    """Return the published outcomes by the institutions' names here."""
    items = journey.country.stranger.get(f"/rounds/{journey.round_id}/outcomes")["items"]
    by_id = {item["institution_id"]: item for item in items}
    return {name: by_id[found] for name, found in journey.institutions.items()}


def test_the_institution_in_the_proposers_neighbourhood_is_placed(journey: Journey) -> None:
    assert outcomes(journey)["near"]["reason"] == "awarded"


@pytest.mark.parametrize("name", ["same sido", "far"])
def test_the_others_are_told_what_decided(journey: Journey, name: str) -> None:
    refused = outcomes(journey)[name]
    assert refused["reason"] == "below_cutoff"
    assert refused["detail"]["key"] == "residence_tier"
    assert refused["detail"]["holder"] == 0


def test_every_applicant_is_notified_with_the_reason(journey: Journey) -> None:
    for name, words in (("near", "배정받았습니다"), ("far", "배정받지 못했습니다")):
        notices = journey.applicants[name].get("/me/notices")["items"]
        assert words in notices[0]["text"]


def test_the_proposer_hears_where_the_idea_went(journey: Journey) -> None:
    kinds = [notice["kind"] for notice in journey.citizen.get("/me/notices")["items"]]
    assert kinds == [
        "proposal_deployed",
        "product_offered",
        "product_answers_proposal",
        "proposal_adopted",
        "proposal_submitted",
    ]


def test_a_stranger_verifies_the_published_files(journey: Journey, tmp_path: Path) -> None:
    for name in ("instance", "plan"):
        published = journey.country.client.get(f"/api/v1/rounds/{journey.round_id}/{name}")
        (tmp_path / f"{name}.json").write_bytes(published.data)
    command = [sys.executable, "-m", "geo.matching", "verify"]
    files = [str(tmp_path / "instance.json"), str(tmp_path / "plan.json")]
    result = subprocess.run(  # noqa: S603 (our own module on files of ours)
        [*command, *files], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_map_shows_the_placement_and_says_why(journey: Journey) -> None:
    stranger = journey.country.stranger
    (feature,) = stranger.get("/maps/placements")["features"]
    story = stranger.get(f"/maps/placements/{feature['id']}")
    assert story["placement"]["properties"]["institution_id"] == journey.institutions["near"]
    assert "수유동" in story["explanation"] or "거주" in story["explanation"]


def test_the_thread_of_the_proposal_is_whole(journey: Journey) -> None:
    events = journey.country.stranger.get(f"/proposals/{journey.proposal_id}/events")
    kinds = [event["kind"] for event in events["items"]]
    assert kinds == ["submitted", "adopted", "product_answered", "offered", "placed"]


def test_the_audit_chain_of_the_journey_verifies(journey: Journey, app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 0, result.output
    assert "intact" in result.output
