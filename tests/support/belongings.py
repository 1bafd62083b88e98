"""Owns what the callers of the contract's tests own, so that routes of owners have an owner."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from tests.support.photos import send_photo
from tests.support.pictures import jpeg
from tests.support.push_service import Device

API = "/api/v1"

MADE_AT = (127.0255, 37.6396)
"""(lon, lat) in the local government of the demonstration's reviewer, Gangbuk-gu."""

ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/of-the-contract"


def bring_belongings(app: Flask, citizen: Mapping[str, str]) -> None:
    """Let a citizen draft, propose, photograph, send half a photo and follow places.

    :param citizen: the headers of somebody of age who has a residence.
    """
    client = app.test_client()
    draft = _draft(client, citizen, "골목길 비상벨 연동 감시장치")
    submitted = _draft(client, citizen, "횡단보도 바닥 신호등")
    assert send_photo(client, draft, dict(citizen)).status_code == 201
    _post(client, f"/proposals/{submitted}/submission", citizen, None, 200)
    half = {"proposal_id": str(draft), "size_bytes": len(jpeg()), "content_type": "image/jpeg"}
    _post(client, "/uploads", citizen, half)
    circle = {"lon": MADE_AT[0], "lat": MADE_AT[1], "radius_m": 1000}
    _post(client, "/me/area-subscriptions", citizen, {"circle": circle})
    browser = {"endpoint": ENDPOINT, "keys": Device().keys}
    _post(client, "/me/push-subscriptions", citizen, browser)


def _draft(client: FlaskClient, headers: Mapping[str, str], title: str) -> UUID:
    facts = {
        "category": "safety",
        "title": title,
        "problem": "밤길에 비상벨을 눌러도 누가 듣는지 알 수 없다.",
        "location": {"lon": MADE_AT[0], "lat": MADE_AT[1], "accuracy_m": 12.5},
    }
    return UUID(_post(client, "/proposals", headers, facts)["id"])


def _post(
    client: FlaskClient, path: str, headers: Mapping[str, str], body: Any, status: int = 201
) -> Any:
    answer = client.post(f"{API}{path}", json=body, headers=dict(headers))
    assert answer.status_code == status, answer.text
    return answer.json
