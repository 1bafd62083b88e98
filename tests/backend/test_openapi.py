"""Bodies are read strictly, and the description says what an operation answers and to whom."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.support.headers import AS_IT_IS
from tests.support.people import register

API = "/api/v1"
WRITES = ("post", "put", "patch", "delete")
HALF_A_PAIR = "a\\ud800b"


def post(client: FlaskClient, path: str, body: str) -> Any:
    return client.post(f"{API}{path}", data=body, content_type="application/json")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sessions", f'{{"email": "{HALF_A_PAIR}", "password": "x"}}'),
        ("/sessions", f'{{"email": "min@example.com", "password": "{HALF_A_PAIR}"}}'),
        ("/sessions", f'{{"{HALF_A_PAIR}": 1}}'),
        ("/sessions/renewal", f'{{"refresh_token": "{HALF_A_PAIR}"}}'),
        ("/invitations/acceptance", f'{{"token": "{HALF_A_PAIR}"}}'),
    ],
)
def test_half_a_surrogate_pair_is_no_text(client: FlaskClient, path: str, body: str) -> None:
    answer = post(client, path, body)
    assert (answer.status_code, answer.json["code"]) == (400, "malformed_request")


def test_a_whole_surrogate_pair_is_text(client: FlaskClient) -> None:
    answer = post(client, "/sessions", '{"email": "\\ud83d\\ude00", "password": "x"}')
    assert answer.json["code"] == "credentials_invalid"


def test_a_body_that_is_needed_is_missed(
    client: FlaskClient, session: Session, sign_in: Any
) -> None:
    headers = sign_in(register(session).email)
    draft = client.post(
        f"{API}/proposals", json={"category": "safety", "title": "소화전"}, headers=headers
    )
    answer = client.patch(f"{API}/proposals/{draft.json['id']}", headers=headers | AS_IT_IS)
    assert (answer.status_code, answer.json["code"]) == (422, "fields_invalid")
    assert list(answer.json["errors"]) == ["json"]


@pytest.fixture
def paths(client: FlaskClient) -> dict[str, Any]:
    """The paths of the served description."""
    return client.get(f"{API}/openapi.json").json["paths"]


def test_what_strangers_may_read_needs_no_token(paths: dict[str, Any]) -> None:
    def security(path: str, method: str) -> Any:
        return paths[f"{API}{path}"][method].get("security")

    assert security("/rounds/{round_id}/plan", "get") == [{"bearer": []}, {}]
    assert security("/proposals/{proposal_id}", "get") == [{"bearer": []}, {}]
    assert security("/proposals/{proposal_id}", "patch") == [{"bearer": []}]
    assert security("/rounds/{round_id}/applications", "get") == [{"bearer": []}]


def test_a_bad_token_is_refused_and_described_on_public_routes_too(
    client: FlaskClient, paths: dict[str, Any]
) -> None:
    answer = client.get(f"{API}/categories", headers={"Authorization": "Bearer junk"})
    assert answer.status_code == 401
    assert "401" in paths[f"{API}/categories"]["get"]["responses"]


def names(operation: dict[str, Any]) -> set[str]:
    """Return the components among an operation's parameters."""
    refs = (parameter.get("$ref", "") for parameter in operation.get("parameters", ()))
    return {ref.rpartition("/")[2] for ref in refs if ref}


def test_every_write_may_name_the_state_that_it_changes(paths: dict[str, Any]) -> None:
    writes = [
        operation
        for path in paths.values()
        for method, operation in path.items()
        if method in WRITES
    ]
    assert len(writes) > 50
    assert all(names(operation) & {"IfMatch", "IfMatchNeeded"} for operation in writes)
    assert all(names(path["get"]) <= {"Fields"} for path in paths.values() if "get" in path)


NEEDS_MATCH = {
    # What is thrown away or replaced whole may be another than the caller has read.
    ("delete", "/proposals/{proposal_id}"): True,
    ("put", "/rounds/{round_id}/institutions/{institution_id}/applications"): True,
    ("delete", "/rounds/{round_id}/institutions/{institution_id}/applications"): True,
    ("put", "/local-governments/{code}/proposal-ranks/{programme_year}"): True,
    ("put", "/local-governments/{code}/category-ranks/{programme_year}"): True,
    # A fact of one's own that is there or not: whoever sends it again means the same.
    ("put", "/proposals/{proposal_id}/endorsement"): False,
    ("delete", "/proposals/{proposal_id}/endorsement"): False,
    ("put", "/products/{product_id}/proposals/{proposal_id}"): False,
    ("delete", "/products/{product_id}/proposals/{proposal_id}"): False,
    # One value, declared by the only person whom it is about; those before are kept.
    ("put", "/me/residence"): False,
    # Decided once: the state refuses a second decision, whatever its sender has read.
    ("put", "/proposals/{proposal_id}/decision"): False,
    ("put", "/plan-objections/{objection_id}/decision"): False,
    ("put", "/boundary-changes/{change_id}/cases/{case_id}"): False,
    # Taken out of a list, and refused while anything leans on it or when it has ended.
    ("delete", "/rounds/{round_id}/areas/{area_id}"): False,
    ("delete", "/rounds/{round_id}/offers/{offer_id}"): False,
    ("delete", "/organizations/{organization_id}/members/{membership_id}"): False,
    ("delete", "/rounds/{round_id}/institutions/{institution_id}/applications/{application_id}"): (
        False
    ),
    ("put", "/me/age"): False,  # said once
    ("put", "/proposals/{proposal_id}/follow"): False,
    ("delete", "/proposals/{proposal_id}/follow"): False,
    ("delete", "/proposals/{proposal_id}/co-author-invitations/{invitation_id}"): False,
    ("delete", "/proposals/{proposal_id}/co-authors/{co_author_id}"): False,  # there or not
    ("delete", "/comments/{comment_id}"): False,  # one's own, there or not
    ("put", "/comments/{comment_id}/hiding"): False,  # about what was read on a list
    ("delete", "/comments/{comment_id}/hiding"): False,
    ("put", "/comments/{comment_id}/keeping"): False,
    ("put", "/me/notification-preferences"): True,
    ("delete", "/me/push-subscriptions/{subscription_id}"): False,  # there or not
    ("delete", "/me/area-subscriptions/{area_id}"): False,  # there or not
    ("put", "/proposals/{proposal_id}/photos/order"): False,  # names every photo
    ("delete", "/photos/{photo_id}"): False,  # there or not
    ("delete", "/uploads/{upload_id}"): False,  # there or not
    ("put", "/me/consents/{document}"): False,  # names the version it is about
    ("delete", "/me/external-identities/{identity_id}"): False,  # there or not
    ("delete", "/me/devices"): False,  # all of them
    ("delete", "/me/devices/{device_id}"): False,  # there or not
    ("put", "/me/password"): False,  # shows the one before
}
"""Every PUT and DELETE: whether it is refused without If-Match, and why."""


def needing_match(paths: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (method, path.removeprefix(API))
        for path, methods in paths.items()
        for method, operation in methods.items()
        if method in WRITES
        and "IfMatchNeeded" in names(operation)
        and "428" in operation["responses"]
    }


def test_a_change_of_what_can_be_read_has_to_name_its_state(paths: dict[str, Any]) -> None:
    readable = {
        ("patch", path.removeprefix(API))
        for path, methods in paths.items()
        if {"get", "patch"} <= set(methods)
    }
    # Upload-Offset names the state of an upload.
    readable.remove(("patch", "/uploads/{upload_id}"))
    assert {found for found in needing_match(paths) if found[0] in ("patch", "post")} == readable
    assert len(readable) >= 4


def test_of_each_put_and_delete_it_is_decided_whether_it_names_a_state(
    paths: dict[str, Any],
) -> None:
    found = {
        (method, path.removeprefix(API))
        for path, methods in paths.items()
        for method in methods
        if method in ("put", "delete")
    }
    assert found == set(NEEDS_MATCH)
    needed = {one for one, is_needed in NEEDS_MATCH.items() if is_needed}
    assert {one for one in needing_match(paths) if one[0] in ("put", "delete")} == needed


def test_every_post_takes_a_key_but_those_whose_answer_is_not_kept(paths: dict[str, Any]) -> None:
    without = {
        path.removeprefix(API)
        for path, operations in paths.items()
        if "post" in operations and "IdempotencyKey" not in names(operations["post"])
    }
    assert without == {
        "/me/residence/confirmation",
        "/regions/locate",
        "/proposals/similar",
        "/sessions",
        "/sessions/oidc",
        "/sessions/renewal",
        "/sign-in-attempts",
        "/external-identities",
        "/sessions/second-factor",
        "/me/email-change",
        "/me/erasure",
        "/me/exports/{export_id}/link",
        "/me/totp",
        "/me/totp/confirmation",
        "/me/totp/removal",
        "/organizations/{organization_id}/invitations",
        "/proposals/{proposal_id}/co-author-invitations",
        "/rounds/{round_id}/seed-entries",
        "/rounds/{round_id}/simulations",
        "/rounds/{round_id}/simulations.csv",
    }


def test_a_json_answer_is_described_with_its_tag(paths: dict[str, Any]) -> None:
    for method in ("get", "patch"):
        answer = paths[f"{API}/proposals/{{proposal_id}}"][method]["responses"]["200"]
        assert answer["headers"] == {"ETag": {"$ref": "#/components/headers/ETag"}}
    assert "304" in paths[f"{API}/proposals/{{proposal_id}}"]["get"]["responses"]
