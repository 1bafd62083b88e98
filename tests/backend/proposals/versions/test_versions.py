"""Versions over HTTP: kept with every submission and correction, told as a difference."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.proposals.drafts import edit_proposal
from backend.proposals.models import Proposal
from backend.proposals.versions import service
from tests.conftest import Clock
from tests.support.headers import AS_IT_IS
from tests.support.people import CITY_HALL, make_reviewer
from tests.support.proposals import REASON, make_draft, make_submitted

URL = "/api/v1/proposals"


def versions(client: FlaskClient, proposal: Proposal) -> list[tuple[int, str]]:
    """Return the numbers and kinds of a proposal's versions, as everybody sees them."""
    items = client.get(f"{URL}/{proposal.id}/versions").json["items"]
    return [(item["number"], item["kind"]) for item in items]


def kinds(client: FlaskClient, proposal: Proposal) -> list[str]:
    """Return the kinds of what happened to a proposal, as everybody sees it."""
    items = client.get(f"{URL}/{proposal.id}/events").json["items"]
    return [item["kind"] for item in items]


def edit(client: FlaskClient, proposal: Proposal, person: Any, **changes: Any) -> Any:
    """Send a change of a proposal as somebody."""
    headers = person.headers | AS_IT_IS
    return client.patch(f"{URL}/{proposal.id}", json=changes, headers=headers)


def test_a_submission_is_the_first_version(
    client: FlaskClient, session: Session, writer: Any
) -> None:
    proposal = make_submitted(session, writer.account, idea="음성이 나오는 비상벨")
    assert versions(client, proposal) == [(1, "submitted")]
    shown = client.get(f"{URL}/{proposal.id}/versions/1").json
    place = client.get(f"{URL}/{proposal.id}").json["place"]
    assert shown["title"] == proposal.title
    assert shown["idea"] == "음성이 나오는 비상벨"
    assert shown["place"] == {key: place[key] for key in ("lon", "lat", "emd")}
    assert (shown["place"]["lon"], shown["place"]["lat"]) != CITY_HALL


def test_a_draft_has_no_version_and_hides_that_it_is_there(
    client: FlaskClient, session: Session, writer: Any, passer_by: Any
) -> None:
    proposal = make_draft(session, writer.account)
    path = f"{URL}/{proposal.id}/versions"
    assert client.get(path, headers=writer.headers).json["items"] == []
    for address in (path, f"{path}/1", f"{URL}/{proposal.id}/difference?from=1&to=2"):
        assert client.get(address, headers=passer_by.headers).status_code == 404


def test_until_the_review_starts_a_correction_is_the_next_version(
    client: FlaskClient, session: Session, writer: Any, clock: Clock
) -> None:
    proposal = make_submitted(session, writer.account)
    clock.move(minutes=5)
    answer = edit(client, proposal, writer, problem="밤길이 어둡고 비상벨이 없다.", title="밝은 길")
    assert (answer.status_code, answer.json["review_started_at"]) == (200, None)
    assert versions(client, proposal) == [(1, "submitted"), (2, "edited")]
    assert kinds(client, proposal) == ["submitted", "edited"]
    latest = client.get(f"{URL}/{proposal.id}/versions/2").json
    assert (latest["title"], latest["made_at"]) == ("밝은 길", clock.time.isoformat())


def test_a_correction_of_nothing_public_is_no_version(
    client: FlaskClient, session: Session, writer: Any
) -> None:
    proposal = make_submitted(session, writer.account)
    same = {"title": proposal.title, "location": {"lon": CITY_HALL[0], "lat": CITY_HALL[1]}}
    assert edit(client, proposal, writer, **same).status_code == 200
    assert edit(client, proposal, writer, neighbourhood_public=True).status_code == 200
    assert versions(client, proposal) == [(1, "submitted")]
    assert kinds(client, proposal) == ["submitted"]


def test_a_look_at_the_queue_starts_no_review_and_one_at_the_file_does(
    client: FlaskClient, session: Session, writer: Any, reviewer: Any
) -> None:
    proposal = make_submitted(session, writer.account)
    queue = client.get("/api/v1/local-governments/11140/reviews", headers=reviewer.headers)
    assert len(queue.json["items"]) == 1
    assert edit(client, proposal, writer, title="아직 고칠 수 있다").status_code == 200
    for _ in range(2):
        client.get(f"{URL}/{proposal.id}/review", headers=reviewer.headers)
    assert kinds(client, proposal) == ["submitted", "edited", "review_started"]
    refused = edit(client, proposal, writer, title="늦었다")
    assert (refused.status_code, refused.json["code"]) == (409, "proposal_not_editable")


def test_a_supplement_is_a_version_when_it_is_handed_in(
    client: FlaskClient, session: Session, writer: Any, reviewer: Any
) -> None:
    proposal = make_submitted(session, writer.account)
    decision = {"outcome": "supplement_requested", "reason": REASON}
    client.put(f"{URL}/{proposal.id}/decision", json=decision, headers=reviewer.headers)
    assert edit(client, proposal, writer, idea="센서등").status_code == 200
    assert versions(client, proposal) == [(1, "submitted")]
    client.post(f"{URL}/{proposal.id}/submission", headers=writer.headers)
    assert versions(client, proposal) == [(1, "submitted"), (2, "resubmitted")]
    assert edit(client, proposal, writer, idea="다시").status_code == 409, "it is being reviewed"


def test_the_difference_tells_what_changed(
    client: FlaskClient, session: Session, writer: Any
) -> None:
    proposal = make_submitted(session, writer.account, problem="밤길이 어둡다.")
    edit(
        client,
        proposal,
        writer,
        problem="밤길이 너무 어둡다.",
        category="traffic",
        idea="센서등",
    )
    found = client.get(f"{URL}/{proposal.id}/difference?from=1&to=2").json
    assert (found["from"]["number"], found["to"]["number"]) == (1, 2)
    assert (found["category_changed"], found["place_changed"]) == (True, False)
    assert {text["field"]: text["runs"] for text in found["texts"]} == {
        "title": [{"kind": "equal", "text": proposal.title}],
        "problem": [
            {"kind": "equal", "text": "밤길이"},
            {"kind": "inserted", "text": " 너무"},
            {"kind": "equal", "text": " 어둡다."},
        ],
        "idea": [{"kind": "inserted", "text": "센서등"}],
    }


@pytest.mark.parametrize(
    ("query", "status", "code", "field"),
    [
        ("from=1&to=2", 404, "version_not_found", "query.to"),
        ("from=7&to=1", 404, "version_not_found", "query.from"),
        ("from=1", 422, "fields_invalid", "query.to"),
        ("from=0&to=1", 422, "fields_invalid", "query.from"),
        ("from=1&to=99999999999", 422, "fields_invalid", "query.to"),
    ],
)
def test_a_version_that_is_not_there_is_named(
    client: FlaskClient, session: Session, query: str, status: int, code: str, field: str
) -> None:
    answer = client.get(f"{URL}/{make_submitted(session).id}/difference?{query}")
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert list(answer.json["errors"]) == [field]


def test_a_number_beyond_all_is_not_found(client: FlaskClient, session: Session) -> None:
    proposal = make_submitted(session)
    for number in ("2", "0", "-1", "99999999999999999999"):
        assert client.get(f"{URL}/{proposal.id}/versions/{number}").status_code == 404


def test_a_proposal_is_not_corrected_without_end(
    client: FlaskClient, session: Session, writer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_VERSIONS", 2)
    proposal = make_submitted(session, writer.account)
    assert edit(client, proposal, writer, title="한 번").status_code == 200
    refused = edit(client, proposal, writer, title="두 번")
    assert (refused.status_code, refused.json["code"]) == (409, "proposal_versions_exhausted")
    assert client.get(f"{URL}/{proposal.id}").json["title"] == "한 번"


def test_a_corrected_place_stays_with_the_same_local_government(
    client: FlaskClient, session: Session, writer: Any
) -> None:
    make_reviewer(session, "26110")
    proposal = make_submitted(session, writer.account)
    moved = edit(client, proposal, writer, region_code="26110101")
    assert (moved.status_code, moved.json["code"]) == (409, "place_of_another_local_government")
    near = edit(client, proposal, writer, region_code="11140104")
    assert near.json["place"]["emd"]["code"] == "11140104"
    found = client.get(f"{URL}/{proposal.id}/difference?from=1&to=2").json
    assert found["place_changed"] is True
    first = client.get(f"{URL}/{proposal.id}/versions/1").json
    assert first["place"]["emd"]["code"] == "11140103"


def test_the_service_keeps_one_version_for_one_edit(session: Session, writer: Any) -> None:
    proposal = make_submitted(session, writer.account)
    for title in ("가", "나", "나"):
        edit_proposal(
            session,
            proposal_id=proposal.id,
            actor_id=writer.account.id,
            changes={"title": title},
            now=proposal.created_at,
        )
    found = service.compare_versions(session, proposal_id=proposal.id, before=2, after=3)
    assert [run.text for run in found.texts[0].runs] == ["가", "나"]
