"""Who gets through the door of each route of organizations, as a table."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.auth.identity import Role
from tests.support import people

SignIn = Callable[..., dict[str, str]]

WHO = ("nobody", "citizen", "reviewer", "manager", "other manager", "applicant", "other applicant",
       "supplier", "officer", "auditor", "admin")  # fmt: skip

PUBLIC = set(WHO)
SIGNED_IN = PUBLIC - {"nobody"}

ROUTES = {
    ("GET", "/organizations"): PUBLIC,
    ("GET", "/organizations/{government}"): PUBLIC,
    ("GET", "/institutions"): PUBLIC,
    ("GET", "/institutions/nearest"): PUBLIC,
    ("GET", "/institutions/{institution}"): PUBLIC,
    ("POST", "/institutions"): {"officer", "admin"},
    ("PATCH", "/institutions/{institution}"): {"applicant", "officer", "admin"},
    ("POST", "/suppliers"): {"officer", "admin"},
    ("POST", "/organizations/{government}/invitations"): {"manager", "admin"},
    ("POST", "/organizations/{institution}/invitations"): {"admin"},
    ("POST", "/organizations/{service}/invitations"): {"admin"},
    ("GET", "/organizations/{government}/members"): {"reviewer", "manager", "admin"},
    ("GET", "/organizations/{institution}/members"): {"applicant", "admin"},
    ("GET", "/organizations/{service}/members"): {"officer", "auditor", "admin"},
    ("DELETE", "/organizations/{government}/members/{nobody}"): {"manager", "admin"},
    ("DELETE", "/organizations/{service}/members/{nobody}"): {"admin"},
    ("POST", "/invitations/acceptance"): PUBLIC,
    ("GET", "/me/memberships"): SIGNED_IN,
}
"""Route -> who is let in; what they then get is a matter of the other tests."""


@pytest.fixture
def places(session: Session) -> dict[str, str]:
    return {
        "government": str(people.local_government_organization(session, "11140").id),
        "institution": str(people.make_institution(session).organization_id),
        "service": str(people.procurement_service(session).id),
        "nobody": "00000000-0000-7000-8000-000000000000",
    }


def make(session: Session, who: str, places: dict[str, str]) -> str:
    """Make the person and return the address to sign in with."""
    if who == "other applicant":
        return people.make_applicant(session, people.make_institution(session)).email
    if who == "supplier":
        supplier = people.make_supplier(session)
        return people.make_member(session, supplier.organization_id, Role.SUPPLIER).email
    if who == "applicant":
        return people.make_member(session, places["institution"], Role.APPLICANT).email
    if who in ("reviewer", "manager"):
        return people.make_member(session, places["government"], Role(who)).email
    if who == "other manager":
        return people.make_reviewer(session, "26110", role=Role.MANAGER).email
    if who in ("officer", "auditor", "admin"):
        return people.make_member(session, places["service"], Role(who)).email
    return people.register(session).email


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(("method", "path"), sorted(ROUTES))
def test_the_door_opens_for_whom_the_table_says(
    client: FlaskClient,
    session: Session,
    sign_in: SignIn,
    places: dict[str, str],
    method: str,
    path: str,
    who: str,
) -> None:
    headers = {} if who == "nobody" else sign_in(make(session, who, places))
    body = None if method == "GET" else {}
    answer = client.open(
        "/api/v1" + path.format(**places), method=method, json=body, headers=headers
    )
    refused = answer.status_code in (401, 403)
    assert refused == (who not in ROUTES[method, path]), answer.text
    if refused:
        assert answer.status_code == (401 if who == "nobody" else 403)


def test_the_table_has_every_route_of_the_domain(client: FlaskClient) -> None:
    rules = {
        (method, rule.rule)
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint.startswith(("organizations.", "staff."))
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    patterns = {
        "government": "<uuid:organization_id>",
        "institution": "<uuid:institution_id>",
        "service": "<uuid:organization_id>",
        "nobody": "<uuid:membership_id>",
    }
    listed = {(method, "/api/v1" + path.format(**patterns)) for method, path in ROUTES}
    assert rules <= listed
