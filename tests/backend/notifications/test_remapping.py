"""Incheon on 2026-07-01: who followed a region follows what became of it, and returns."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.db import db, new_id, unit_of_work
from backend.generations.service import activate_generation, roll_back
from backend.notifications.areas.models import AreaSubscription
from backend.notifications.areas.service import follow_area
from backend.notifications.models import Notice
from geo.regions import active_generation
from tests.conftest import NOW
from tests.support.incheon import (
    DONG,
    GEOMDAN,
    JEMULPO,
    JUNG,
    SEO,
    SICHEON,
    SICHEON_NORTH,
    YEONGJONG,
)
from tests.support.people import register

SONGNIM = "28140107"
"""송림동 of 동구."""
GONE = "28110999"
"""No region of any generation, as a code that an earlier release took may be."""


@pytest.fixture
def stage(incheon_app: Flask) -> Flask:
    """The application in which somebody follows regions that will change, and a circle."""
    with incheon_app.app_context(), unit_of_work() as session:
        reader = register(session, email="reader@example.com")
        for code in (JUNG, DONG, SONGNIM, SICHEON, SEO):
            follow_area(session, account_id=reader.id, region_code=code, now=NOW)
        circle = {"lon": 126.63, "lat": 37.47, "radius_m": 500}
        follow_area(session, account_id=reader.id, circle=circle, now=NOW)
        session.add(
            AreaSubscription(
                id=new_id(),
                account_id=reader.id,
                region_codes=[GONE],
                generation_id=active_generation(session).id,
                created_at=NOW,
            )
        )
    return incheon_app


def followed(session: Session) -> dict[UUID, list[str] | None]:
    session.expire_all()
    rows = session.scalars(select(AreaSubscription).order_by(AreaSubscription.id))
    return {row.id: row.region_codes for row in rows}


def test_regions_are_followed_through_a_change_and_back(stage: Flask) -> None:
    with stage.app_context():
        before = followed(db.session())
        new = db.session().scalar(
            text("SELECT id FROM region_generation WHERE state = 'validated'")
        )
        with unit_of_work(alone=True) as session:
            change = activate_generation(
                session, generation_id=new or 0, now=NOW + timedelta(days=20)
            )
        assert change is not None
        jung, dong, songnim, sicheon, seo, circle, gone = followed(db.session()).values()
        assert jung == sorted([JEMULPO, YEONGJONG])
        assert dong == [JEMULPO]
        assert songnim is not None
        assert [code[:5] for code in songnim] == [JEMULPO]
        assert sicheon == sorted([SICHEON, SICHEON_NORTH])
        assert seo == sorted([SEO, GEOMDAN])
        assert (circle, gone) == (None, [GONE])
        assert change.report["records"]["notifications"]["area_subscription"] == {
            "merged": 1,
            "orphaned": 1,
            "renamed": 1,
            "split": 3,
        }
        told = db.session().scalars(
            select(Notice.params)
            .join(Account, Account.id == Notice.recipient_id)
            .where(Account.email == "reader@example.com")
        )
        assert [params["codes"] for params in told] == [GONE]
        with unit_of_work(alone=True) as session:
            roll_back(session, now=NOW + timedelta(days=21))
        assert followed(db.session()) == before
        db.session.remove()
