"""Who submitted before names were shown stays unnamed, and what they said is the first version."""

from alembic import command
from flask import Flask
from sqlalchemy import create_engine, text

from backend.db import db
from tests.migrations.runs import alembic_config, script_directory
from tests.support.proposals import make_draft, make_submitted


def test_what_was_submitted_before_stays_unnamed_and_is_its_own_first_version(
    committed_app: Flask,
) -> None:
    url = committed_app.config["SQLALCHEMY_DATABASE_URI"]
    with committed_app.app_context():
        submitted, draft = make_submitted(db.session()).id, make_draft(db.session()).id
        db.session.remove()
    (script,) = (
        row
        for row in script_directory().walk_revisions()
        if row.path.endswith("talk_about_proposals.py")
    )
    command.downgrade(alembic_config(url), str(script.down_revision))
    command.upgrade(alembic_config(url), "head")
    engine = create_engine(url)
    with engine.connect() as connection:
        proposals = connection.execute(
            text("SELECT id, anonymous, review_started_at = submitted_at FROM proposal")
        ).all()
        versions = connection.execute(
            text(
                """
                SELECT p.id, v.number, v.kind, v.made_at = p.submitted_at,
                       (v.title, v.problem, v.emd_code) = (p.title, p.problem, p.emd_code)
                FROM proposal_version v JOIN proposal p ON p.id = v.proposal_id
                """
            )
        ).all()
    engine.dispose()
    assert {tuple(row) for row in proposals} == {(submitted, True, True), (draft, True, None)}
    assert [tuple(row) for row in versions] == [(submitted, 1, "submitted", True, True)]
