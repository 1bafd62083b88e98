"""The logins of the demonstration: one password, drawn anew, kept for the owner only."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.demo.people import (
    Cast,
    draw_password,
    hire_procurement_service,
    keep_logins,
    read_logins,
    renew_password,
)
from tests.conftest import NOW


@pytest.fixture
def cast(session: Session) -> Cast:
    """The procurement service's made-up people."""
    cast = Cast(draw_password())
    hire_procurement_service(session, cast, NOW)
    session.commit()
    return cast


def signs_in(client: FlaskClient, email: str, password: str) -> bool:
    facts = {"email": email, "password": password}
    return client.post("/api/v1/sessions", json=facts).status_code == 201


def test_no_two_installations_share_a_password() -> None:
    assert draw_password() != draw_password()


def test_the_login_of_each_role_signs_in(client: FlaskClient, cast: Cast) -> None:
    assert set(cast.logins) == {"officer", "officer2", "officer3", "auditor", "admin"}
    assert all(signs_in(client, email, cast.password) for email in cast.logins.values())


def test_a_new_password_comes_with_one_login_per_role(session: Session, cast: Cast) -> None:
    for number in (1, 2):
        cast.add(session, f"citizen-{number}", f"주민 {number}", NOW, "citizen")
    assert set(renew_password(session).logins) == {*cast.logins}


def test_only_the_owner_reads_the_file(cast: Cast, tmp_path: Path) -> None:
    keep_logins(cast, tmp_path)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_logins(tmp_path) == cast


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"password": "x"}'])
def test_a_damaged_file_counts_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "demo-logins.json").write_text(content, encoding="utf-8")
    assert read_logins(tmp_path) is None


def test_a_new_password_ends_the_old_one(client: FlaskClient, session: Session, cast: Cast) -> None:
    renewed = renew_password(session)
    session.commit()
    email = renewed.logins["officer"]
    assert not signs_in(client, email, cast.password)
    assert signs_in(client, email, renewed.password)
