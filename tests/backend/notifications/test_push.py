"""Devices that are rung: a real service on loopback opens what was sealed for it."""

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from backend.accounts.models import Account, SignIn
from backend.db import new_id
from backend.jobs.worker import run_jobs
from backend.notifications.deliveries import claims, upkeep
from backend.notifications.deliveries.outcomes import Outcome
from backend.notifications.deliveries.tasks import deliver
from backend.notifications.push.models import PushSubscription
from backend.notifications.push.service import MOST_SUBSCRIPTIONS
from backend.notifications.push.vapid import load_key
from backend.notifications.service import mark_read, notify_many
from tests.conftest import NOW, Clock
from tests.support.notices import TITLE, confirm_address, deliveries, subscribe, tell
from tests.support.people import make_sign_in, register
from tests.support.push_service import Device, PushService, running_push_service

KNOWN = "https://fcm.googleapis.com/fcm/send/"


@pytest.fixture
def push(app: Flask, tmp_path: Path) -> Iterator[PushService]:
    """A push service that the application may send to, and a key of its own."""
    with running_push_service() as service:
        before = {name: app.config[name] for name in ("PUSH_SERVICES", "VAR_DIR")}
        app.config |= {"PUSH_SERVICES": (service.origin,), "VAR_DIR": tmp_path}
        yield service
        app.config |= before


@pytest.fixture
def reader(session: Session) -> Account:
    return register(session, email="reader@example.com")


@pytest.fixture
def device() -> Device:
    return Device()


def send_again(app: Flask, session: Session) -> None:
    """Run what the queue would run for every delivery."""
    for delivery in deliveries(session):
        with app.app_context():
            deliver.func(str(delivery.id))  # type: ignore[attr-defined]


def test_a_device_hears_ids_and_no_words(
    client: FlaskClient, session: Session, reader: Account, push: PushService, device: Device
) -> None:
    subscribe(session, reader, f"{push.origin}/push/1", device)
    notice = tell(session, reader)
    run_jobs(client.application)
    (taken,) = push.taken
    assert device.open(taken.body) == {
        "notice_id": str(notice.id),
        "kind": "proposal_submitted",
        "subject_type": "proposal",
        "subject_id": str(notice.subject_id),
    }
    assert TITLE.encode() not in taken.body
    assert taken.path == "/push/1"
    assert taken.headers["Content-Encoding"] == "aes128gcm"
    assert (taken.headers["TTL"], taken.headers["Urgency"]) == ("259200", "normal")
    assert len(taken.headers["Topic"]) <= 32
    assert [row.state for row in deliveries(session)] == ["sent"]


def test_a_push_service_can_tell_who_sends(
    client: FlaskClient, session: Session, reader: Account, push: PushService, device: Device
) -> None:
    subscribe(session, reader, f"{push.origin}/push/1", device)
    tell(session, reader)
    run_jobs(client.application)
    scheme, _, parameters = push.taken[0].headers["Authorization"].partition(" ")
    given = dict(part.strip().split("=", 1) for part in parameters.split(","))
    assert scheme == "vapid"
    assert given["k"] == client.get("/api/v1/push-key").json["public_key"]
    key = load_key("", client.application.config["VAR_DIR"])
    claims = jwt.decode(given["t"], ECKey.import_key(key.public_jwk), algorithms=["ES256"]).claims
    assert claims["aud"] == push.origin
    assert claims["sub"].startswith("mailto:")
    assert NOW.timestamp() < claims["exp"] <= (NOW + timedelta(hours=24)).timestamp()


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = load_key("", tmp_path).public
    load_key.cache_clear()
    assert load_key("", tmp_path).public == first
    assert stat.S_IMODE((tmp_path / "vapid.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["vapid.key"]


def test_a_message_waits_out_the_night(
    client: FlaskClient, session: Session, reader: Account, push: PushService, device: Device,
    clock: Clock,
) -> None:  # fmt: skip
    subscribe(session, reader, f"{push.origin}/push/1", device)
    night = clock.move(hours=10)
    tell(session, reader, now=night)
    run_jobs(client.application)
    assert push.taken == []
    assert deliveries(session)[0].due_at == NOW.replace(hour=23)
    clock.move(hours=10)
    send_again(client.application, session)
    assert len(push.taken) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(
    client: FlaskClient, session: Session, reader: Account, push: PushService, device: Device,
    status: int,
) -> None:  # fmt: skip
    subscribe(session, reader, f"{push.origin}/push/1", device)
    push.status = status
    tell(session, reader)
    run_jobs(client.application)
    assert session.scalars(select(PushSubscription)).all() == []
    assert deliveries(session) == []


def test_a_service_that_is_down_is_asked_again_later(
    client: FlaskClient, session: Session, reader: Account, push: PushService, device: Device,
    clock: Clock,
) -> None:  # fmt: skip
    subscribe(session, reader, f"{push.origin}/push/1", device)
    push.status = 503
    tell(session, reader)
    send_again(client.application, session)
    (waiting,) = deliveries(session)
    assert (waiting.state, waiting.attempts, waiting.last_error) == ("pending", 1, "http_503")
    assert waiting.due_at == NOW + timedelta(minutes=1)
    push.status = 201
    clock.move(minutes=1)
    send_again(client.application, session)
    assert [row.state for row in deliveries(session)] == ["sent"]


def test_a_service_says_itself_when_to_ask_again(
    client: FlaskClient, session: Session, reader: Account, push: PushService, device: Device
) -> None:
    subscribe(session, reader, f"{push.origin}/push/1", device)
    push.status, push.headers = 429, {"Retry-After": "120"}
    tell(session, reader)
    send_again(client.application, session)
    assert deliveries(session)[0].due_at == NOW + timedelta(minutes=2)


def test_after_ten_attempts_nobody_tries_any_more(
    client: FlaskClient, session: Session, reader: Account, push: PushService, device: Device,
    clock: Clock,
) -> None:  # fmt: skip
    subscribe(session, reader, f"{push.origin}/push/1", device)
    push.status = 500
    tell(session, reader)
    for _ in range(claims.MOST_ATTEMPTS + 3):
        send_again(client.application, session)
        clock.move(days=1)
    assert [(row.state, row.attempts) for row in deliveries(session)] == [("failed", 10)]
    assert len(push.taken) == 10


def test_a_redirect_is_not_followed(
    client: FlaskClient, session: Session, reader: Account, push: PushService, device: Device
) -> None:
    subscribe(session, reader, f"{push.origin}/push/1", device)
    push.status, push.headers = 307, {"Location": f"{push.origin}/inside"}
    tell(session, reader)
    send_again(client.application, session)
    assert [taken.path for taken in push.taken] == ["/push/1"]
    assert [(row.state, row.last_error) for row in deliveries(session)] == [("failed", "http_307")]


def test_a_second_job_finds_the_delivery_in_other_hands(
    client: FlaskClient, session: Session, reader: Account, push: PushService, device: Device
) -> None:
    subscribe(session, reader, f"{push.origin}/push/1", device)
    tell(session, reader)
    (delivery,) = deliveries(session)
    assert claims.claim(session, delivery.id, now=NOW) is not None
    session.commit()
    send_again(client.application, session)
    assert push.taken == []


def test_a_killed_workers_message_is_sent_again_as_the_same(
    client: FlaskClient, session: Session, reader: Account, push: PushService, device: Device,
    clock: Clock, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    subscribe(session, reader, f"{push.origin}/push/1", device)
    tell(session, reader)

    def be_killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(claims, "settle", be_killed)
        with pytest.raises(KeyboardInterrupt):
            send_again(client.application, session)
    send_again(client.application, session)
    assert len(push.taken) == 1
    clock.move(seconds=31)
    send_again(client.application, session)
    send_again(client.application, session)
    assert len(push.taken) == 2
    assert push.taken[0].headers["Topic"] == push.taken[1].headers["Topic"]


def test_a_delivery_without_its_job_is_queued_again(
    client: FlaskClient, session: Session, reader: Account, push: PushService, device: Device,
    clock: Clock,
) -> None:  # fmt: skip
    subscribe(session, reader, f"{push.origin}/push/1", device)
    tell(session, reader)
    session.execute(text("DELETE FROM procrastinate_jobs"))
    assert upkeep.queue_overdue(session, now=NOW) == 0
    assert upkeep.queue_overdue(session, now=clock.move(minutes=15)) == 1
    session.commit()
    run_jobs(client.application)
    assert len(push.taken) == 1


def test_what_was_read_meanwhile_rings_no_more(
    client: FlaskClient, session: Session, reader: Account, push: PushService, device: Device
) -> None:
    subscribe(session, reader, f"{push.origin}/push/1", device)
    notice = tell(session, reader)
    mark_read(session, recipient_id=reader.id, notice_id=notice.id, now=NOW)
    session.commit()
    send_again(client.application, session)
    assert push.taken == []
    assert [row.state for row in deliveries(session)] == ["skipped"]


def test_deliveries_that_ended_long_ago_are_cleared(
    session: Session, reader: Account, device: Device
) -> None:
    subscribe(session, reader, f"{KNOWN}1", device)
    tell(session, reader)
    (delivery,) = deliveries(session)
    claims.end(delivery, "sent", NOW)
    session.flush()
    assert upkeep.clear_ended(session, now=NOW + timedelta(days=29)) == 0
    assert upkeep.clear_ended(session, now=NOW + timedelta(days=31)) == 1


def test_five_hundred_people_are_told_in_a_few_statements(
    session: Session, reader: Account, device: Device, connection: Any
) -> None:
    people = [register(session) for _ in range(20)]
    for number, person in enumerate(people):
        subscribe(session, person, f"{KNOWN}{number}", device)
        confirm_address(session, person)
    ids = [person.id for person in people]
    few = count_statements(connection, lambda: tell_all(session, ids[:5]))
    many = count_statements(connection, lambda: tell_all(session, ids))
    assert len(deliveries(session)) == 50
    assert many == few <= 6


def tell_all(session: Session, people: list[UUID]) -> None:
    notify_many(
        session,
        recipient_ids=people,
        kind="proposal_submitted",
        subject_type="proposal",
        subject_id=new_id(),
        params={"title": TITLE, "local_government": {"ko": "원주시", "en": "Wonju"}},
        now=NOW,
    )


def count_statements(connection: Any, work: Any) -> int:
    """Return how many statements some work sends."""
    sent = []

    def note(*arguments: Any) -> None:
        sent.append(arguments[2])

    event.listen(connection, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(connection, "before_cursor_execute", note)
    return len(sent)


def test_a_device_is_subscribed_listed_and_taken_off(
    client: FlaskClient, reader: Account, device: Device, sign_in: Any
) -> None:
    headers = sign_in(reader.email)
    made = client.post("/api/v1/me/push-subscriptions", json=offer(device), headers=headers)
    assert made.status_code == 201, made.text
    listed = client.get("/api/v1/me/push-subscriptions", headers=headers)
    assert listed.json["items"] == [made.json]
    assert "endpoint" not in made.json
    address = f"/api/v1/me/push-subscriptions/{made.json['id']}"
    stranger = sign_in(register_stranger(client))
    assert client.delete(address, headers=stranger).status_code == 404
    assert client.delete(address, headers=headers).status_code == 204
    assert client.get("/api/v1/me/push-subscriptions", headers=headers).json["items"] == []


def test_the_same_subscription_again_changes_nothing(
    client: FlaskClient, reader: Account, device: Device, sign_in: Any
) -> None:
    headers = sign_in(reader.email)
    answers = [
        client.post("/api/v1/me/push-subscriptions", json=offer(device), headers=headers).json
        for _ in range(2)
    ]
    assert answers[0] == answers[1]


def test_a_device_belongs_to_who_signed_in_last(
    client: FlaskClient, reader: Account, device: Device, sign_in: Any
) -> None:
    headers, other = sign_in(reader.email), sign_in(register_stranger(client))
    for who in (headers, other):
        client.post("/api/v1/me/push-subscriptions", json=offer(device), headers=who)
    assert client.get("/api/v1/me/push-subscriptions", headers=headers).json["items"] == []
    assert len(client.get("/api/v1/me/push-subscriptions", headers=other).json["items"]) == 1


def test_of_too_many_devices_the_oldest_goes(
    client: FlaskClient, reader: Account, device: Device, sign_in: Any
) -> None:
    headers = sign_in(reader.email)
    made = [
        client.post(
            "/api/v1/me/push-subscriptions",
            json=offer(device, f"{KNOWN}{number}"),
            headers=headers,
        ).json["id"]
        for number in range(MOST_SUBSCRIPTIONS + 1)
    ]
    listed = client.get("/api/v1/me/push-subscriptions", headers=headers).json["items"]
    assert [one["id"] for one in listed] == made[1:]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"endpoint": "https://169.254.169.254/latest"}, "push_endpoint_refused"),
        ({"endpoint": "https://127.0.0.1:5432/"}, "push_endpoint_refused"),
        ({"keys": {"p256dh": "A" * 87, "auth": "A" * 22}}, "push_key_invalid"),
        ({"keys": {"p256dh": "!" * 87, "auth": "A" * 22}}, "push_key_invalid"),
    ],
)
def test_an_address_inside_and_a_key_that_is_none_are_refused(
    client: FlaskClient, reader: Account, device: Device, sign_in: Any, change: Any, code: str
) -> None:
    answer = client.post(
        "/api/v1/me/push-subscriptions",
        json=offer(device) | change,
        headers=sign_in(reader.email),
    )
    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_an_address_that_was_taken_before_the_list_changed_gets_nothing(
    client: FlaskClient, session: Session, reader: Account, push: PushService, device: Device
) -> None:
    subscribe(session, reader, "http://127.0.0.1:1/inside", device)
    tell(session, reader)
    send_again(client.application, session)
    assert push.taken == []
    assert session.scalars(select(PushSubscription)).all() == []


def test_what_was_settled_is_not_settled_again(
    session: Session, reader: Account, device: Device
) -> None:
    subscribe(session, reader, f"{KNOWN}1", device)
    tell(session, reader)
    (delivery,) = deliveries(session)
    claims.claim(session, delivery.id, now=NOW)
    claims.settle(session, delivery.id, Outcome.sent(), now=NOW)
    claims.settle(session, delivery.id, Outcome.again("timeout"), now=NOW)
    assert delivery.state == "sent"


def offer(device: Device, endpoint: str = f"{KNOWN}abc") -> dict[str, Any]:
    return {"endpoint": endpoint, "keys": device.keys}


def register_stranger(client: FlaskClient) -> str:
    email = "stranger@example.com"
    payload = {"email": email, "password": "correct horse battery", "display_name": "김철수"}
    assert client.post("/api/v1/accounts", json=payload).status_code == 201
    return email


def test_a_device_on_which_one_signed_out_is_rung_no_more(
    client: FlaskClient, session: Session, reader: Account, push: PushService, device: Device
) -> None:
    sign_in = session.get_one(SignIn, make_sign_in(session, reader).sign_in_id)
    subscription_id = subscribe(session, reader, f"{push.origin}/push/1", device)
    session.get_one(PushSubscription, subscription_id).device_id = sign_in.device_id
    tell(session, reader)
    run_jobs(client.application)
    assert len(push.taken) == 1
    sign_in.ended_at = NOW
    tell(session, reader)
    run_jobs(client.application)
    assert len(push.taken) == 1
    assert {row.state for row in deliveries(session)} == {"sent", "skipped"}
