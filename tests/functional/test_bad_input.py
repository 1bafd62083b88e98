"""Bad input is explained in the caller's language and leaves nothing behind."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.proposals.events import ProposalEvent
from backend.proposals.models import Proposal
from backend.reviews.models import Decision
from tests.functional.kit import API, Country
from tests.functional.test_residence_first import SUYU, SUYU_CODE
from tests.support.people import PASSWORD, make_reviewer

LON, LAT = SUYU
DRAFT = {"category": "safety", "title": "소화전 주차방지", "location": {"lon": LON, "lat": LAT}}

CASES = {
    "an unknown field": ({**DRAFT, "colour": "red"}, 422, "fields_invalid", "json.colour"),
    "swapped latitude and longitude": (
        {**DRAFT, "location": {"lon": LAT, "lat": LON}}, 422, "coordinates_swapped",
        "json.location",
    ),
    "a point in the sea": (
        {**DRAFT, "location": {"lon": 130.0, "lat": 37.0}}, 422, "point_outside_korea",
        "json.location",
    ),
    "broken JSON": (b'{"title": ', 400, "malformed_request", "json"),
}  # fmt: skip


def written(session: Session) -> list[int]:
    """Return how much there is of everything that a proposal leaves."""
    return [
        session.scalar(select(func.count()).select_from(entity)) or 0
        for entity in (Proposal, ProposalEvent, Decision, AuditEvent)
    ]


@pytest.fixture
def token(country: Country, client: FlaskClient) -> str:
    """The access token of a citizen with a residence."""
    country.citizen("careless@example.com", SUYU_CODE)
    facts = {"email": "careless@example.com", "password": PASSWORD}
    return client.post(f"{API}/sessions", json=facts).json["access_token"]


def send(client: FlaskClient, body: object, language: str, token: str | None) -> Any:
    headers = {"Accept-Language": language, "Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    kwargs: Any = {"data": body} if isinstance(body, bytes) else {"json": body}
    return client.post(f"{API}/proposals", headers=headers, **kwargs)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(("body", "status", "code", "field"), CASES.values(), ids=CASES)
def test_a_bad_draft_is_explained_and_not_kept(
    client: FlaskClient,
    session: Session,
    token: str,
    language: str,
    body: object,
    status: int,
    code: str,
    field: str,
) -> None:
    before = written(session)
    answer = send(client, body, language, token)
    assert answer.content_type == "application/problem+json"
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.headers["Content-Language"] == language
    assert list(answer.json["errors"]) == [field]
    assert any("가" <= letter <= "힣" for letter in answer.json["detail"]) == (language == "ko")
    assert written(session) == before


def test_without_a_token_nothing_is_kept(client: FlaskClient, session: Session) -> None:
    before = written(session)
    answer = send(client, DRAFT, "ko", None)
    assert (answer.status_code, answer.json["code"]) == (401, "token_missing")
    assert written(session) == before


def test_another_governments_proposal_is_not_ones_own_to_decide(
    country: Country, session: Session
) -> None:
    make_reviewer(session, "11305")
    citizen = country.citizen("elsewhere@example.com", SUYU_CODE)
    proposal_id = country.propose(citizen, "소화전 주차방지", "safety", LON, LAT)
    stranger = country.person(make_reviewer(session, "11110").email)
    stranger.get("/me")
    before = written(session)
    refused = stranger.put(
        f"/proposals/{proposal_id}/decision", 403, outcome="adopted", reason="채택하려고 합니다."
    )
    assert refused["code"] == "permission_denied"
    assert written(session) == before
