"""Every route says who may use it, and the API describes every route."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.auth.guards import policy_of
from backend.auth.permissions import all_permissions
from backend.auth.policy import PERMISSION_MAP


def test_every_route_has_a_policy(app: Flask) -> None:
    unmarked = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if policy_of(app.view_functions[rule.endpoint]) is None
    ]
    assert unmarked == []


def test_every_permission_has_its_line_of_policy() -> None:
    assert set(all_permissions()) == set(PERMISSION_MAP)


@pytest.fixture
def unguarded(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The application with a view that somebody forgot to mark."""
    monkeypatch.setitem(app.view_functions, "health.show_liveness", lambda: "for everybody?")
    return client


def test_a_route_without_a_policy_lets_nobody_in(unguarded: FlaskClient) -> None:
    assert unguarded.get("/healthz").status_code == 500


def test_every_api_route_is_described(app: Flask, client: FlaskClient) -> None:
    paths = client.get("/api/v1/openapi.json").json["paths"]
    described = {path for path in paths if path.startswith("/api/v1/")}
    served = {
        _as_openapi(rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
    }
    assert served == described


def _as_openapi(rule: str) -> str:
    parts = rule.replace("<", "{").replace(">", "}").split("/")
    return "/".join("{" + part.split(":")[-1] if ":" in part else part for part in parts)
