"""What people are told."""

import string
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.notifications.service import MOST_COUNTED, notify
from backend.notifications.texts import TEXTS
from tests.conftest import NOW
from tests.support.people import register


@pytest.fixture
def reader(session: Session) -> Account:
    """Somebody who gets notices."""
    return register(session, email="reader@example.com")


def tell(session: Session, reader: Account, title: str = "야광 차선") -> str:
    notice = notify(
        session,
        recipient_id=reader.id,
        kind="proposal_submitted",
        subject_type="proposal",
        subject_id=uuid4(),
        params={"title": title, "local_government": {"ko": "원주시", "en": "Wonju"}},
        now=NOW,
    )
    session.commit()
    return str(notice.id)


def listed(client: FlaskClient, headers: dict[str, str], **query: Any) -> Any:
    return client.get("/api/v1/me/notices", query_string=query, headers=headers)


@pytest.mark.parametrize("kind", TEXTS)
def test_both_languages_use_the_same_parameters(kind: str) -> None:
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert names(TEXTS[kind].ko) == names(TEXTS[kind].en)


@pytest.mark.parametrize(("language", "words"), [("ko", "원주시에 접수"), ("en", "by Wonju")])
def test_a_notice_speaks_the_readers_language(
    client: FlaskClient, session: Session, reader: Account, sign_in: Any, language: str, words: str
) -> None:
    tell(session, reader)
    headers = sign_in(reader.email) | {"Accept-Language": language}
    assert words in listed(client, headers).json["items"][0]["text"]


def test_notices_come_newest_first_a_page_at_a_time(
    client: FlaskClient, session: Session, reader: Account, sign_in: Any
) -> None:
    told = [tell(session, reader) for _ in range(5)]
    headers = sign_in(reader.email)
    first = listed(client, headers, limit=3)
    second = client.get(first.headers["Link"].split(">")[0][1:], headers=headers)
    found = [notice["id"] for page in (first, second) for notice in page.json["items"]]
    assert found == told[::-1]
    assert second.json["next_cursor"] is None


def test_a_notice_is_read_once(
    client: FlaskClient, session: Session, reader: Account, sign_in: Any
) -> None:
    notice_id = tell(session, reader)
    headers = sign_in(reader.email)
    client.post(f"/api/v1/me/notices/{notice_id}/reading", headers=headers)
    assert listed(client, headers, unread="true").json["items"] == []


def test_somebody_elses_notice_does_not_exist(
    client: FlaskClient, session: Session, reader: Account, sign_in: Any
) -> None:
    notice_id = tell(session, reader)
    stranger = sign_in(register(session).email)
    answer = client.post(f"/api/v1/me/notices/{notice_id}/reading", headers=stranger)
    assert (answer.status_code, answer.json["code"]) == (404, "notice_not_found")


@pytest.mark.parametrize("cursor", ["nonsense", "W10", "WzFd", "eyJhIjoxfQ", "WyIxIiwyXQ"])
def test_a_made_up_cursor_is_refused(
    client: FlaskClient, reader: Account, sign_in: Any, cursor: str
) -> None:
    answer = listed(client, sign_in(reader.email), after=cursor)
    assert (answer.status_code, answer.json["code"]) == (422, "cursor_invalid")


def test_a_notice_with_a_missing_parameter_is_a_fault_at_once(
    session: Session, reader: Account
) -> None:
    with pytest.raises(KeyError):
        notify(
            session,
            recipient_id=reader.id,
            kind="proposal_submitted",
            subject_type="proposal",
            subject_id=uuid4(),
            params={},
            now=NOW,
        )


def test_unread_notices_are_counted_no_further_than_a_badge(
    client: FlaskClient, session: Session, reader: Account, sign_in: Any
) -> None:
    headers = sign_in(reader.email)
    address = "/api/v1/me/notices/unread-count"
    assert client.get(address, headers=headers).json == {"count": 0, "more": False}
    for _ in range(MOST_COUNTED):
        tell(session, reader)
    assert client.get(address, headers=headers).json == {"count": 99, "more": False}
    tell(session, reader)
    assert client.get(address, headers=headers).json == {"count": 99, "more": True}


def test_what_came_after_one_looked_stays_unread(
    client: FlaskClient, session: Session, reader: Account, sign_in: Any
) -> None:
    told = [tell(session, reader) for _ in range(4)]
    headers = sign_in(reader.email)
    answer = client.post("/api/v1/me/notices/read", json={"up_to": told[2]}, headers=headers)
    assert answer.json == {"count": 1, "more": False}
    assert [one["id"] for one in listed(client, headers, unread="true").json["items"]] == told[3:]


def test_nobody_reads_for_somebody_else(
    client: FlaskClient, session: Session, reader: Account, sign_in: Any
) -> None:
    notice_id = tell(session, reader)
    stranger = register(session)
    tell(session, stranger)
    headers = sign_in(stranger.email)
    answer = client.post("/api/v1/me/notices/read", json={"up_to": notice_id}, headers=headers)
    assert answer.status_code == 404
    assert len(listed(client, headers, unread="true").json["items"]) == 1
