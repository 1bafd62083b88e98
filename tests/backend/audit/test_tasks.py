"""The daily publication of the chains' ends."""

import structlog
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditPublishedHead
from backend.audit.tasks import publish_audit_heads
from tests.backend.audit.factories import append


def test_the_end_of_a_chain_is_kept_and_logged(app: Flask, session: Session) -> None:
    event = append(session, chain="gu-1")
    session.commit()
    with app.app_context(), structlog.testing.capture_logs() as lines:
        publish_audit_heads()
    kept = session.scalars(select(AuditPublishedHead)).one()
    logged = [line["hash"] for line in lines if line["event"] == "audit_head_published"]
    assert (kept.hash, logged) == (event.hash, [event.hash.hex()])
