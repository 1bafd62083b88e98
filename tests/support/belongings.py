"""Owns what the callers of the contract's tests own, so that routes of owners have an owner."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.support.photos import send_photo
from tests.support.pictures import jpeg
from tests.support.push_service import Device

API = "/api/v1"

MADE_AT = {"lon": 127.0255, "lat": 37.6396}
"""In the local government of the demonstration's reviewer, Gangbuk-gu."""

ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/of-the-contract"
REASON = "같은 골목의 같은 문제를 말하는 두 제안입니다."


ROUND = {
    "code": "2026-begun",
    "programme_year": 2026,
    "title_ko": "준비 중인 차수",
    "title_en": "A round that is being prepared",
    "opens_at": "2026-12-01T00:00:00Z",
    "closes_at": "2026-12-31T00:00:00Z",
}
AREA = {
    "key": "citizen",
    "name_ko": "주민 제안",
    "name_en": "Residents' proposals",
    "budget_krw": 900_000_000,
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who sends what has to succeed."""

    client: FlaskClient
    headers: Mapping[str, str]

    def post(self, path: str, body: Any = None) -> Any:
        """Return the answer of a POST."""
        answer = self.client.post(f"{API}{path}", json=body, headers=dict(self.headers))
        assert answer.status_code in (200, 201), answer.text
        return answer.json

    def get(self, path: str) -> Any:
        """Return the answer of a GET."""
        answer = self.client.get(f"{API}{path}", headers=dict(self.headers))
        assert answer.status_code == 200, answer.text
        return answer.json

    def list(self, path: str) -> Any:
        """Return what is on the first page of a list."""
        return self.get(path)["items"]

    def draft(self, title: str) -> str:
        """Begin a proposal and return its id."""
        facts = {
            "category": "safety",
            "title": title,
            "problem": "밤길에 비상벨을 눌러도 누가 듣는지 알 수 없어 주민들이 늘 걱정한다.",
            "location": {**MADE_AT, "accuracy_m": 12.5},
        }
        return str(self.post("/proposals", facts)["id"])


def bring_belongings(
    app: Flask,
    *,
    citizen: Mapping[str, str],
    reviewer: Mapping[str, str],
    officer: Mapping[str, str],
) -> None:
    """Let a citizen draft, photograph, propose, talk, object and follow, and the offices act.

    :param citizen: the headers of somebody of age who has a residence.
    :param reviewer: the headers of somebody at the local government of `MADE_AT`.
    """
    author = Caller(app.test_client(), citizen)
    office = Caller(app.test_client(), reviewer)
    staff = Caller(app.test_client(), officer)
    _prepare(author)
    standing = author.draft("골목길 비상벨 연동 감시장치")
    author.post(f"/proposals/{standing}/submission")
    comment = author.post(f"/proposals/{standing}/comments", {"text": "학교 앞이 급합니다."})
    answer = {"text": "비상벨은 두 곳입니다.", "parent_id": comment["id"]}
    author.post(f"/proposals/{standing}/comments", answer)
    office.post(f"/comments/{comment['id']}/reports", {"reason": "off_topic"})
    app.config["CLOCK"].move(minutes=1)
    merged = author.draft("비상벨 소리를 듣는 사람")
    author.post(f"/proposals/{merged}/submission")
    office.post(f"/proposals/{merged}/merge", {"into": standing, "reason": REASON})
    _have_a_plan_questioned(author, staff)
    begun = staff.post("/rounds", ROUND)
    staff.post(f"/rounds/{begun['id']}/areas", AREA)
    author.post("/me/area-subscriptions", {"circle": {**MADE_AT, "radius_m": 1000}})
    author.post("/me/push-subscriptions", {"endpoint": ENDPOINT, "keys": Device().keys})


def _have_a_plan_questioned(author: Caller, staff: Caller) -> None:
    """Object to a placement of what answers a proposal, and give up another placement."""
    plan = f"/rounds/{staff.list('/rounds')[0]['id']}"
    adopted = next(one["id"] for one in author.list("/me/proposals") if one["decided_at"])
    product = author.get(f"/proposals/{adopted}/products")[0]["id"]
    outcome = author.list(f"{plan}/outcomes?product_id={product}")[0]["id"]
    author.post(f"{plan}/outcomes/{outcome}/objections", {"reason": REASON})
    placement = staff.list(f"{plan}/placements")[0]["id"]
    staff.post(f"{plan}/placements/{placement}/withdrawal", {"reason": "기관이 문을 닫습니다."})


def _prepare(author: Caller) -> None:
    """Leave a draft with a photo, half of another, and an invitation to write together."""
    draft = author.draft("횡단보도 바닥 신호등")
    assert send_photo(author.client, draft, dict(author.headers)).status_code == 201
    half = {"proposal_id": draft, "size_bytes": len(jpeg()), "content_type": "image/jpeg"}
    author.post("/uploads", half)
    author.post(f"/proposals/{draft}/co-author-invitations")
