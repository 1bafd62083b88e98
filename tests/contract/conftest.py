"""The callers of the contract's tests, in an installation where the demonstration was played."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, select, text
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.tokens import issue_access_token
from backend.config.mail import mail_server
from backend.db import db
from backend.demo.play import play
from tests.conftest import NOW, Clock, application
from tests.support import databases
from tests.support.belongings import bring_belongings
from tests.support.people import make_sign_in

MAIL = mail_server("smtp://127.0.0.1:9")
"""Letters are jobs, which nobody does here."""

REGION_CODES = ("11305101", "11305", "11", "36110", "36", "31140", "1130510100", "99999999")
"""Some that there are, of every level and length, and one that there is not."""

ROLES = ("anonymous", "citizen", "reviewer", "officer")


@dataclass(frozen=True, slots=True)
class Played:
    """The application on a database in which the demonstration was played.

    :param headers: of each role's requests.
    :param known: what there is, by the name of the path parameter that it is for.
    """

    app: Flask
    headers: Mapping[str, Mapping[str, str]]
    known: Mapping[str, Sequence[str]]


KNOWN = {
    "application_id": "SELECT id FROM application ORDER BY 1 LIMIT 4",
    "area_id": (
        "SELECT id FROM area_subscription UNION ALL (SELECT id FROM budget_area ORDER BY id DESC)"
    ),
    "code": "SELECT unnest('{11305,11,11305101,36,31140}'::text[])",
    "collection_id": "SELECT unnest('{proposals,placements,regions}'::text[])",
    "comment_id": "SELECT id FROM comment ORDER BY 1",
    "designation_id": "SELECT id FROM designation ORDER BY 1 LIMIT 4",
    "device_id": "SELECT device_id FROM sign_in ORDER BY id",
    "document": "SELECT DISTINCT document FROM consent ORDER BY 1",
    "feature_id": "SELECT id FROM proposal ORDER BY 1 LIMIT 4",
    "form": "SELECT unnest('{json,xml}'::text[])",
    "generation": "SELECT id FROM region_generation",
    "generation_id": "SELECT id FROM region_generation",
    "inputs_id": "SELECT id FROM round_inputs",
    "institution_id": (
        "SELECT organization_id FROM membership WHERE role = 'applicant'"
        " UNION ALL (SELECT organization_id FROM institution ORDER BY 1 LIMIT 3)"
    ),
    "invitation_id": "SELECT id FROM co_author_invitation",
    "layer": "SELECT unnest('{proposals,placements,sigungu,emd}'::text[])",
    "membership_id": "SELECT id FROM membership ORDER BY 1 LIMIT 6",
    "notice_id": "SELECT id FROM notice ORDER BY 1 LIMIT 4",
    "number": "SELECT 1",
    "objection_id": "SELECT id FROM plan_objection",
    "offer_id": "SELECT id FROM offer ORDER BY 1 LIMIT 4",
    "organization_id": "SELECT organization_id FROM membership ORDER BY id LIMIT 6",
    "outcome_id": "SELECT id FROM outcome ORDER BY 1 LIMIT 4",
    "photo_id": "SELECT id FROM photo",
    "placement_id": "SELECT id FROM placement ORDER BY 1 LIMIT 4",
    "product_id": "SELECT id FROM product ORDER BY 1 LIMIT 4",
    "programme_year": "SELECT unnest('{2025,2026}'::int[])",
    "proposal_id": (
        "(SELECT id FROM proposal WHERE local_government_code = '11305'"
        " ORDER BY submitted_at IS NOT NULL, id)"
        " UNION ALL (SELECT DISTINCT ON (status) id FROM proposal ORDER BY status, id)"
    ),
    "request_id": "SELECT id FROM proposal WHERE submitted_at IS NOT NULL ORDER BY 1 LIMIT 4",
    "round_id": "SELECT id FROM round ORDER BY id",
    "run_id": "SELECT id FROM matching_run",
    "subscription_id": "SELECT id FROM push_subscription",
    "upload_id": "SELECT id FROM upload",
    # A tile with Seoul in it.
    "x": "SELECT 109",
    "y": "SELECT 49",
    "z": "SELECT 7",
    "vacancy_id": "SELECT id FROM vacancy",
    "version": "SELECT DISTINCT version FROM consent",
}
"""Where values of path parameters are found that lead to something."""


@pytest.fixture(scope="session")
def played(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The demonstration, played once per worker."""
    with databases.copy_of(template, "dongne_contract") as url:
        settings = {"VAR_DIR": tmp_path_factory.mktemp("var"), "MAIL_SERVER": MAIL}
        app = application(url, settings)
        app.config["CLOCK"] = Clock()
        engine = create_engine(url)
        with Session(engine) as session:
            logins = play(session, now=NOW, say=lambda _: None).logins
            session.commit()
            headers = {role: _headers(app, session, logins.get(role)) for role in ROLES}
            bring_belongings(app, **{role: headers[role] for role in ROLES[1:]})
            known = {
                name: [str(value) for value in session.scalars(text(statement))]
                for name, statement in KNOWN.items()
            }
        engine.dispose()
        yield Played(app, headers, known)
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture
def connection(played: Played) -> Iterator[Connection]:
    """The one connection of a test; everything on it is rolled back."""
    with played.app.app_context():
        engines = db.engines
    engine = engines[None]
    with engine.connect() as connection:
        transaction = connection.begin()
        engines[None] = connection  # type: ignore[assignment]
        yield connection
        engines[None] = engine
        transaction.rollback()


def _headers(app: Flask, session: Session, address: str | None) -> dict[str, str]:
    """Return the headers of a caller: a token that is good all day, or nothing."""
    if address is None:
        return {}
    account = session.scalars(select(Account).where(Account.email == address)).one()
    token = issue_access_token(
        *make_sign_in(session, account),
        secret=app.config["SECRET_KEY"],
        issuer=app.config["ISSUER"],
        now=NOW,
        life=timedelta(days=1),
    )
    return {"Authorization": f"Bearer {token}"}
