"""How somebody wants to be told, and that it is done so."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.notifications.areas.service import follow_area
from backend.notifications.groups import Group
from tests.conftest import NOW
from tests.support.notices import confirm_address, deliveries, subscribe, tell
from tests.support.people import register
from tests.support.push_service import Device

PATH = "/api/v1/me/notification-preferences"


@pytest.fixture
def reader(session: Session) -> Account:
    """Somebody who can be reached by push and by letter."""
    account = register(session, email="reader@example.com")
    confirm_address(session, account)
    subscribe(session, account, "https://fcm.googleapis.com/fcm/send/1", Device())
    return account


@pytest.fixture
def headers(reader: Account, sign_in: Any) -> dict[str, str]:
    found: dict[str, str] = sign_in(reader.email)
    return found


def choose(client: FlaskClient, headers: dict[str, str], **changes: Any) -> Any:
    read = client.get(PATH, headers=headers)
    return put(client, headers, read.json | changes)


def put(client: FlaskClient, headers: dict[str, str], chosen: Any) -> Any:
    tag = client.get(PATH, headers=headers).headers["ETag"]
    return client.put(PATH, json=chosen, headers=headers | {"If-Match": tag})


def channels(session: Session) -> list[str]:
    return sorted(delivery.channel for delivery in deliveries(session))


def test_who_chose_nothing_has_the_defaults(client: FlaskClient, headers: dict[str, str]) -> None:
    found = client.get(PATH, headers=headers).json
    assert found["language"] == "ko"
    assert found["quiet_hours"] == {"from": "21:00", "until": "08:00"}
    assert set(found["groups"]) == {group.value for group in Group}
    assert found["groups"]["marketing"] == {"push": False, "email": "off"}


def test_what_is_chosen_is_read_again(client: FlaskClient, headers: dict[str, str]) -> None:
    chosen = {
        "language": "en",
        "quiet_hours": None,
        "digest": {"every": "weekly", "hour": 19, "weekday": 5},
        "groups": {"near_me": {"push": False, "email": "off"}},
    }
    answer = put(client, headers, chosen)
    assert answer.status_code == 200, answer.text
    found = client.get(PATH, headers=headers).json
    assert found == answer.json
    assert found["digest"] == chosen["digest"]
    assert found["groups"]["near_me"] == chosen["groups"]["near_me"]
    assert found["groups"]["office"] == {"push": False, "email": "immediate"}
    assert choose(client, headers, language="ko").json["quiet_hours"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"language": "fr"},
        {"quiet_hours": {"from": "21:00", "until": "21:00"}},
        {"quiet_hours": {"from": "25:00", "until": "08:00"}},
        {"digest": {"every": "hourly", "hour": 8}},
        {"digest": {"every": "daily", "hour": 24}},
        {"groups": {"my_proposals": {"push": 1, "email": "off"}}},
        {"groups": {"gossip": {"push": True, "email": "off"}}},
    ],
)
def test_what_cannot_be_is_refused(
    client: FlaskClient, headers: dict[str, str], changes: Any
) -> None:
    assert choose(client, headers, **changes).status_code == 422


@pytest.mark.parametrize(
    ("group", "told"),
    [
        ({"push": True, "email": "immediate"}, ["email", "push"]),
        ({"push": True, "email": "off"}, ["push"]),
        ({"push": False, "email": "digest"}, ["digest"]),
        ({"push": False, "email": "off"}, []),
    ],
)
def test_a_notice_goes_where_it_is_wanted(
    client: FlaskClient,
    session: Session,
    reader: Account,
    headers: dict[str, str],
    group: Any,
    told: list[str],
) -> None:
    choose(client, headers, groups={"my_proposals": group})
    tell(session, reader)
    assert channels(session) == told


def test_who_cannot_be_reached_is_told_in_the_application_only(
    client: FlaskClient, session: Session, sign_in: Any
) -> None:
    stranger = register(session)
    tell(session, stranger)
    assert channels(session) == []
    assert len(client.get("/api/v1/me/notices", headers=sign_in(stranger.email)).json["items"]) == 1


def test_nothing_of_it_outlives_the_account(
    client: FlaskClient, session: Session, reader: Account, headers: dict[str, str]
) -> None:
    choose(client, headers, language="en")
    follow_area(session, account_id=reader.id, region_code="11140", now=NOW)
    tell(session, reader)
    tables = (
        "notice",
        "delivery",
        "notification_preference",
        "push_subscription",
        "email_confirmation",
        "area_subscription",
    )
    counts = text(
        " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)  # noqa: S608
    )
    assert all(count for _, count in session.execute(counts))
    session.execute(text("DELETE FROM account WHERE id = :id"), {"id": reader.id})
    assert not any(count for _, count in session.execute(counts))


def test_a_digest_waits_for_its_hour(
    client: FlaskClient, session: Session, reader: Account, headers: dict[str, str]
) -> None:
    choose(client, headers, digest={"every": "daily", "hour": 19})
    tell(session, reader, kind="endorsed_proposal_adopted")
    due = {delivery.channel: delivery.due_at for delivery in deliveries(session)}
    assert due == {"push": NOW, "digest": NOW.replace(hour=10)}
