"""Submission checks: what is missing stops a submission, what is doubtful is told and passes."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import NOW, Clock
from tests.support.people import CITY_HALL_EMD, local_government_organization, register
from tests.support.proposals import REASON, make_draft, make_submitted

CITY_HALL_POINT = {"lon": 126.9779, "lat": 37.5663, "accuracy_m": 8}
"""Some 60 m from another neighbourhood."""

URL = "/api/v1/proposals"


def checks(client: FlaskClient, proposal_id: object, headers: dict[str, str]) -> dict[str, bool]:
    """Return the codes of what is found, and whether each stops the submission."""
    answer = client.get(f"{URL}/{proposal_id}/submission-checks", headers=headers)
    assert answer.status_code == 200, answer.text
    assert all(item["ko"] and item["en"] for item in answer.json["items"])
    return {item["code"]: item["blocking"] for item in answer.json["items"]}


def test_an_empty_draft_lacks_everything(
    client: FlaskClient, session: Session, sign_in: Any
) -> None:
    headers = sign_in(register(session).email)
    draft = client.post(URL, json={"category": "sea", "title": "갯벌"}, headers=headers).json
    assert checks(client, draft["id"], headers) == {
        "problem_missing": True,
        "place_missing": True,
        "residence_missing": True,
        "idea_missing": False,
        "neighbourhood_not_public": False,
    }
    refused = client.post(f"{URL}/{draft['id']}/submission", headers=headers)
    assert (refused.status_code, refused.json["code"]) == (409, "proposal_incomplete")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"problem": "어둡다."}, "problem_short"),
        ({"idea": None}, "idea_missing"),
        ({"region_code": CITY_HALL_EMD}, "place_without_point"),
        (
            {
                "location": {
                    **CITY_HALL_POINT,
                    "accuracy_m": 101,
                    "confirmed_region_code": CITY_HALL_EMD,
                }
            },
            "point_vague",
        ),
        ({"location": CITY_HALL_POINT}, "border_unconfirmed"),
        ({"neighbourhood_public": False}, "neighbourhood_not_public"),
    ],
)
def test_what_is_doubtful_is_told_and_passes(
    client: FlaskClient, session: Session, writer: Any, facts: dict[str, Any], code: str
) -> None:
    sound: dict[str, Any] = {
        "problem": "밤길에 비상벨을 눌러도 누가 듣는지 알 수 없어 다들 그 길을 돌아서 간다.",
        "idea": "음성이 나오는 비상벨",
        "neighbourhood_public": True,
    }
    local_government_organization(session, "11140")
    if "region_code" not in facts:
        sound["location"] = {**CITY_HALL_POINT, "confirmed_region_code": CITY_HALL_EMD}
    proposal = make_draft(session, writer.account, **{**sound, **facts})
    found = checks(client, proposal.id, writer.headers)
    assert found == {"residence_unconfirmed": False, code: False}
    submitted = client.post(f"{URL}/{proposal.id}/submission", headers=writer.headers)
    assert submitted.status_code == 200


def test_a_residence_declared_just_now_is_told(
    client: FlaskClient, session: Session, sign_in: Any, clock: Clock
) -> None:
    author = register(session, residence=CITY_HALL_EMD, now=NOW - timedelta(days=29))
    proposal = make_draft(session, author)
    assert "residence_moved_recently" in checks(client, proposal.id, sign_in(author.email))
    clock.move(days=1)
    assert "residence_moved_recently" not in checks(client, proposal.id, sign_in(author.email))


def test_a_local_government_that_takes_no_part_stops_a_submission(
    client: FlaskClient, session: Session, writer: Any
) -> None:
    proposal = make_draft(session, writer.account)
    assert checks(client, proposal.id, writer.headers)["local_government_not_ready"] is True
    refused = client.post(f"{URL}/{proposal.id}/submission", headers=writer.headers)
    assert (refused.status_code, refused.json["code"]) == (503, "local_government_not_ready")
    local_government_organization(session, "11140")
    assert "local_government_not_ready" not in checks(client, proposal.id, writer.headers)


def test_a_supplement_is_checked_without_the_residence(
    client: FlaskClient, session: Session, writer: Any, reviewer: Any
) -> None:
    proposal = make_submitted(session, writer.account)
    decision = {"outcome": "supplement_requested", "reason": REASON}
    client.put(f"{URL}/{proposal.id}/decision", json=decision, headers=reviewer.headers)
    found = checks(client, proposal.id, writer.headers)
    assert not [code for code in found if code.startswith("residence")]


def test_what_is_under_review_has_no_submission_ahead(
    client: FlaskClient, session: Session, writer: Any, passer_by: Any
) -> None:
    path = f"{URL}/{make_submitted(session, writer.account).id}/submission-checks"
    refused = client.get(path, headers=writer.headers)
    assert (refused.status_code, refused.json["code"]) == (409, "invalid_transition")
    assert client.get(path, headers=passer_by.headers).status_code == 403


@pytest.mark.parametrize(("agreed", "told"), [(True, True), (False, False)])
def test_who_agrees_hears_where_the_home_would_stand_out(
    client: FlaskClient, session: Session, sign_in: Any, agreed: bool, told: bool
) -> None:
    resident = register(session, residence="11305103")
    point = {"lon": 127.0074, "lat": 37.6383, "accuracy_m": 5}
    proposal = make_draft(session, resident, neighbourhood_public=agreed, location=point)
    found = checks(client, proposal.id, sign_in(resident.email))
    assert ("home_near_point" in found) is told


def test_a_point_elsewhere_says_nothing_of_a_home(
    client: FlaskClient, session: Session, sign_in: Any
) -> None:
    resident = register(session, residence="11305103")
    proposal = make_draft(session, resident, neighbourhood_public=True)
    assert "home_near_point" not in checks(client, proposal.id, sign_in(resident.email))
