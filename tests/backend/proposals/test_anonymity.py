"""Names: shown to the public as their owners chose, never to who judges, never an id."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.support.headers import AS_IT_IS
from tests.support.proposals import make_decided, make_draft, make_submitted

URL = "/api/v1/proposals"


def test_the_public_sees_the_name_that_an_author_chose(
    client: FlaskClient, session: Session, writer: Any
) -> None:
    proposal = make_submitted(session, writer.account)
    shown = client.get(f"{URL}/{proposal.id}")
    assert shown.json["author"] == {"display_name": "처음이"}
    assert shown.json["co_authors"] == []
    assert str(writer.account.id) not in shown.text
    assert writer.account.email not in shown.text


def test_of_an_anonymous_proposal_nobody_is_named(
    client: FlaskClient, session: Session, writer: Any, passer_by: Any, reviewer: Any
) -> None:
    proposal = make_submitted(session, writer.account, anonymous=True)
    client.put(f"{URL}/{proposal.id}/follow", headers=passer_by.headers)
    paths = (URL, f"{URL}/{proposal.id}", f"{URL}/{proposal.id}/versions/1")
    for person in (passer_by, reviewer):
        for path in (*paths, "/api/v1/me/followed-proposals"):
            answer = client.get(path, headers=person.headers)
            assert answer.status_code == 200
            assert "처음이" not in answer.text, path
    assert client.get(f"{URL}/{proposal.id}").json["author"] is None


def test_who_judges_reads_no_name_in_the_file(
    client: FlaskClient, session: Session, writer: Any, reviewer: Any
) -> None:
    proposal = make_submitted(session, writer.account)
    shown = client.get(f"{URL}/{proposal.id}/review", headers=reviewer.headers)
    assert shown.status_code == 200
    assert "처음이" not in shown.text
    assert "author" not in shown.json["proposal"]


@pytest.mark.parametrize("outcome", ["adopted", "rejected"])
def test_an_author_becomes_anonymous_at_any_time_and_stays_so(
    client: FlaskClient, session: Session, writer: Any, outcome: str
) -> None:
    proposal = make_decided(session, writer.account, outcome=outcome)
    path, headers = f"{URL}/{proposal.id}", writer.headers | AS_IT_IS
    assert client.patch(path, json={"anonymous": True}, headers=headers).json["anonymous"] is True
    assert client.get(path).json["author"] is None
    back = client.patch(path, json={"anonymous": False}, headers=headers)
    assert (back.status_code, back.json["code"]) == (409, "proposal_stays_anonymous")
    more = client.patch(path, json={"anonymous": True, "title": "새 제목"}, headers=headers)
    assert (more.status_code, more.json["code"]) == (409, "proposal_not_editable")


def test_a_draft_goes_back_and_forth(client: FlaskClient, session: Session, writer: Any) -> None:
    path = f"{URL}/{make_draft(session, writer.account).id}"
    headers = writer.headers | AS_IT_IS
    for anonymous in (True, False):
        answer = client.patch(path, json={"anonymous": anonymous}, headers=headers)
        assert answer.json["anonymous"] is anonymous


def test_anonymous_is_a_yes_or_a_no(client: FlaskClient, session: Session, writer: Any) -> None:
    path = f"{URL}/{make_draft(session, writer.account).id}"
    answer = client.patch(path, json={"anonymous": 1}, headers=writer.headers | AS_IT_IS)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["json.anonymous"])
