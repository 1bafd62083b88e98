"""Owns whole lives of people in the tests: who did everything, with their words in every field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.guardians.models import GuardianConsent
from backend.accounts.models import Account
from backend.accounts.oidc.models import ExternalIdentity, SignInAttempt
from backend.auth.identity import Role
from backend.db import new_id
from backend.files.storage import Storage
from backend.jobs.worker import run_jobs
from backend.notifications.addresses.models import EmailChange
from tests.conftest import NOW
from tests.support.notices import confirm_address
from tests.support.people import (
    AGREED,
    CITY_HALL,
    CITY_HALL_EMD,
    PASSWORD,
    local_government_organization,
    make_reviewer,
    register,
)
from tests.support.photos import API, send_photo
from tests.support.pictures import jpeg
from tests.support.proposals import make_submitted
from tests.support.push_service import Device

KNOWN_PUSH = "https://fcm.googleapis.com/fcm/send/"
LAST_DIGITS = 0.000123
"""Degrees by which exact points differ from City Hall, so that they can be told apart."""


@dataclass(frozen=True, slots=True)
class Life:
    """Somebody who did everything.

    :param word: within every text of theirs; `private` ones hold it with a `p`, public ones
        with an `o` behind it.
    """

    word: str
    account_id: UUID
    email: str
    headers: Mapping[str, str]
    submitted_id: str
    draft_id: str
    others_proposal_id: str
    comment_ids: list[str] = field(default_factory=list)

    @property
    def private(self) -> str:
        """Return what only texts hold that are the person's alone."""
        return f"{self.word}-p-"

    @property
    def public(self) -> str:
        """Return what only texts hold that everybody could read."""
        return f"{self.word}-o-"


class _Caller:
    """Sends requests that have to succeed."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.headers: dict[str, str] = {}

    def __call__(self, method: str, path: str, json: Any = None, **headers: str) -> Any:
        given = {**self.headers, **headers}
        answer = self.client.open(f"{API}{path}", method=method, json=json, headers=given)
        assert answer.status_code < 300, (method, path, answer.text)
        return answer.json


def live(app: Flask, client: FlaskClient, session: Session, storage: Storage, word: str) -> Life:
    """Have somebody do everything there is, as far as possible over HTTP, and commit."""
    secret, said = f"{word}-p-", f"{word}-o-"
    email = f"{secret}mail@example.com".lower()
    call = _Caller(client)
    account_id = UUID(
        call(
            "POST",
            "/accounts",
            {"email": email, "password": PASSWORD, "display_name": f"{secret}name", **AGREED},
        )["id"]
    )
    pair = call(
        "POST",
        "/sessions",
        {
            "email": email,
            "password": PASSWORD,
            "device_name": f"{secret}device",
            "device_id": str(new_id()),
            "platform": "ios",
        },
    )
    call.headers = {"Authorization": f"Bearer {pair['access_token']}"}
    _settle(call, session, account_id, secret)
    draft_id = _write_draft(client, call, session, secret)
    submitted_id = _submit(client, call, session, secret, said)
    others_id = str(make_submitted(session, register(session, residence=CITY_HALL_EMD)).id)
    comment_ids = _take_part(client, call, session, others_id, secret, said)
    _work(call, session, email)
    call("POST", "/password-resets", {"email": email})
    call("POST", "/me/exports")
    run_jobs(app)
    return Life(
        word,
        account_id,
        email,
        call.headers,
        submitted_id,
        draft_id,
        others_id,
        comment_ids,
    )


def _settle(call: _Caller, session: Session, account_id: UUID, secret: str) -> None:
    """Say where one lives, and how one wants to hear of things."""
    call("PUT", "/me/residence", {"region_code": CITY_HALL_EMD})
    call("PUT", "/me/residence", {"region_code": "11110101"})
    call("PUT", "/me/residence", {"region_code": CITY_HALL_EMD})
    location = next(
        one for one in call("GET", "/consent-documents")["items"] if one["key"] == "location"
    )
    call("PUT", "/me/consents/location", {"version": location["version"], "agreed": True})
    lon, lat = CITY_HALL
    here = {"lon": lon, "lat": lat, "accuracy_m": 20}
    call("POST", "/me/residence/confirmation", here)
    call(
        "POST",
        "/me/push-subscriptions",
        {"endpoint": f"{KNOWN_PUSH}{secret}endpoint", "keys": Device().keys},
    )
    call("POST", "/me/area-subscriptions", {"region_code": "11140"})
    account = session.get_one(Account, account_id)
    confirm_address(session, account)
    session.add_all(
        [
            GuardianConsent(
                id=new_id(),
                account_id=account_id,
                contact=f"{secret}guardian@example.com",
                token_sha256=f"{secret}guardian-token",
                version="1",
                asked_at=NOW,
                expires_at=NOW + timedelta(days=2),
            ),
            ExternalIdentity(
                id=new_id(),
                account_id=account_id,
                provider="kakao",
                subject_hmac=account_id.hex * 2,
                linked_at=NOW,
            ),
            EmailChange(
                account_id=account_id, email=f"{secret}other@example.com", requested_at=NOW
            ),
            SignInAttempt(
                id=new_id(),
                provider="kakao",
                account_id=account_id,
                nonce_sha256=f"{secret}nonce",
                begun_at=NOW,
                expires_at=NOW + timedelta(minutes=10),
            ),
        ]
    )
    session.commit()


def _write_draft(client: FlaskClient, call: _Caller, session: Session, secret: str) -> str:
    """Write a draft with photos, kept under a key, which somebody else once wrote too."""
    draft = call(
        "POST",
        "/proposals",
        {
            "category": "safety",
            "title": f"{secret}title",
            "problem": f"{secret}problem",
            "idea": f"{secret}idea",
            "location": {
                "lon": CITY_HALL[0] + LAST_DIGITS,
                "lat": CITY_HALL[1] + LAST_DIGITS,
                "accuracy_m": 5,
            },
        },
        **{"Idempotency-Key": f"{secret}key"},
    )
    send_photo(
        client,
        draft["id"],
        call.headers,
        name=f"{secret}file.jpg",
        alt=f"{secret}alt",
        caption=f"{secret}caption",
    )
    upload = {
        "proposal_id": draft["id"],
        "size_bytes": 1000,
        "content_type": "image/jpeg",
        "caption": f"{secret}upload",
    }
    started = call("POST", "/uploads", upload)
    sent = client.patch(
        f"{API}/uploads/{started['id']}",
        data=f"{secret}chunk".encode(),
        headers={**call.headers, "Upload-Offset": "0"},
        content_type="application/offset+octet-stream",
    )
    assert sent.status_code < 300, sent.text
    token = call("POST", f"/proposals/{draft['id']}/co-author-invitations")["token"]
    friend = _Caller(client)
    account = register(session, residence=CITY_HALL_EMD)
    pair = friend("POST", "/sessions", {"email": account.email, "password": PASSWORD})
    friend.headers = {"Authorization": f"Bearer {pair['access_token']}"}
    friend("POST", "/co-author-invitations/acceptance", {"token": token})
    (joined,) = call("GET", f"/proposals/{draft['id']}/co-authors")["items"]
    call("DELETE", f"/proposals/{draft['id']}/co-authors/{joined['id']}")
    return str(draft["id"])


def _submit(client: FlaskClient, call: _Caller, session: Session, secret: str, said: str) -> str:
    local_government_organization(session, "11140")
    proposal = call(
        "POST",
        "/proposals",
        {
            "category": "safety",
            "title": f"{said}title 골목길 비상벨",
            "problem": f"{said}problem 밤길에 비상벨을 눌러도 누가 듣는지 알 수 없다.",
            "idea": f"{said}idea",
            "neighbourhood_public": True,
            "location": {
                "lon": CITY_HALL[0] + LAST_DIGITS,
                "lat": CITY_HALL[1] + LAST_DIGITS,
                "accuracy_m": 5,
            },
        },
    )
    send_photo(
        client, proposal["id"], call.headers, jpeg(), name=f"{secret}2.jpg", caption=f"{secret}cap"
    )
    call("POST", f"/proposals/{proposal['id']}/submission")
    return str(proposal["id"])


def _take_part(
    client: FlaskClient, call: _Caller, session: Session, others_id: str, secret: str, said: str
) -> list[str]:
    """Back, follow, report and comment somebody else's proposal; one comment is hidden."""
    call("PUT", f"/proposals/{others_id}/endorsement")
    call("PUT", f"/proposals/{others_id}/follow")
    shown = call("POST", f"/proposals/{others_id}/comments", {"text": f"{said}comment"})
    hidden = call("POST", f"/proposals/{others_id}/comments", {"text": f"{secret}hidden"})
    office = _Caller(client)
    reviewer = make_reviewer(session, "11140")
    pair = office("POST", "/sessions", {"email": reviewer.email, "password": PASSWORD})
    office.headers = {"Authorization": f"Bearer {pair['access_token']}"}
    theirs = office("POST", f"/proposals/{others_id}/comments", {"text": "다른 사람의 말"})
    call(
        "POST",
        f"/comments/{theirs['id']}/reports",
        {"reason": "spam", "note": f"{secret}report"},
    )
    office("PUT", f"/comments/{hidden['id']}/hiding", {"reason": "personal_data"})
    return [shown["id"], hidden["id"]]


def _work(call: _Caller, session: Session, email: str) -> None:
    """Accept an invitation to review, of which a manager is told."""
    manager = make_reviewer(session, "11140", role=Role.MANAGER)
    chief = _Caller(call.client)
    pair = chief("POST", "/sessions", {"email": manager.email, "password": PASSWORD})
    chief.headers = {"Authorization": f"Bearer {pair['access_token']}"}
    organization = local_government_organization(session, "11140")
    token = chief(
        "POST",
        f"/organizations/{organization.id}/invitations",
        {"email": email, "role": "reviewer"},
    )["token"]
    call("POST", "/invitations/acceptance", {"token": token})
