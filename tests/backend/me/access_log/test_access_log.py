"""Who told something in confidence sees which office looked at it, when and what for."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import insert, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.db import new_id
from backend.me.access_log.queries import REVIEW, looks_statement
from tests.conftest import NOW, Clock
from tests.support.people import CITY_HALL_EMD, make_reviewer, register
from tests.support.proposals import make_submitted

API = "/api/v1"
URL = f"{API}/me/access-log"
QUEUE = f"{API}/local-governments/11140/reviews"


def test_each_look_is_told_without_who_looked(
    client: FlaskClient, session: Session, sign_in: Any, clock: Clock
) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    proposal, other = make_submitted(session, author), make_submitted(session)
    reviewer = make_reviewer(session, "11140")
    by_author, by_reviewer = sign_in(author.email), sign_in(reviewer.email)
    assert client.get(URL, headers=by_author).json["items"] == []
    looked = client.get(f"{API}/proposals/{proposal.id}/review", headers=by_reviewer)
    assert looked.status_code == 200, looked.text
    clock.move(minutes=1)
    client.get(f"{API}/proposals/{other.id}/review", headers=by_reviewer)
    clock.move(minutes=1)
    client.get(QUEUE, headers=by_reviewer)
    answer = client.get(URL, headers=by_author)
    assert [look["proposal_ids"] for look in answer.json["items"]] == [[str(proposal.id)]] * 2
    last, first = answer.json["items"]
    assert first["office_ko"] == "서울특별시 중구"
    assert first["task_en"] == "Review of a proposal"
    assert (first["seen_at"], last["seen_at"]) == (
        "2026-11-23T03:00:00+00:00",
        "2026-11-23T03:02:00+00:00",
    )
    for secret in (reviewer.id, reviewer.email, reviewer.display_name, other.id):
        assert str(secret) not in answer.text


def test_the_log_comes_in_pages(
    client: FlaskClient, session: Session, sign_in: Any, clock: Clock
) -> None:
    author = register(session, residence=CITY_HALL_EMD)
    proposal = make_submitted(session, author)
    by_reviewer = sign_in(make_reviewer(session, "11140").email)
    for _ in range(3):
        clock.move(seconds=1)
        client.get(f"{API}/proposals/{proposal.id}/review", headers=by_reviewer)
    headers = sign_in(author.email)
    seen, path = [], f"{URL}?limit=2"
    while path:
        page = client.get(path, headers=headers).json
        seen += [look["seen_at"] for look in page["items"]]
        path = f"{URL}?limit=2&after={page['next_cursor']}" if page["next_cursor"] else ""
    assert len(seen) == len(set(seen)) == 3


def test_looks_are_found_by_their_index(session: Session) -> None:
    session.execute(
        insert(AuditEvent),
        [
            {
                "chain": "public",
                "occurred_at": NOW,
                "action": REVIEW,
                "subject_type": "local_government",
                "subject_id": "11140",
                "data": f'{{"proposals":["{new_id()}"]}}',
            }
            for _ in range(2000)
        ],
    )
    session.execute(text("ANALYZE audit_event"))
    compiled = looks_statement({str(new_id())}).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    plan = "\n".join(session.scalars(text(f"EXPLAIN {compiled}".replace(":", r"\:"))))
    assert "ix_audit_event_facts_read" in plan, plan
