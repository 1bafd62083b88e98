"""One organization for each local government of the boundaries in force."""

from datetime import datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.organizations.governments import ensure_local_governments, ensure_procurement_service
from backend.organizations.models import Organization
from backend.organizations.queries import (
    LocalGovernmentUnknown,
    get_local_government_organization,
)
from geo.regions import NoActiveGeneration
from tests.support import people


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Organization)) or 0


def events(session: Session) -> list[AuditEvent]:
    return list(
        session.scalars(select(AuditEvent).where(AuditEvent.action == "local_governments.aligned"))
    )


def test_the_country_has_243_of_them(session: Session, now: datetime) -> None:
    changes = ensure_local_governments(session, now=now)
    assert (changes.present, changes.created, count(session)) == (243, 243, 243)


def test_they_are_called_so_that_one_knows_which_jung_gu(session: Session, now: datetime) -> None:
    ensure_local_governments(session, now=now)
    names = {
        code: get_local_government_organization(session, code).name_ko
        for code in ("11140", "26110", "44130", "36", "11")
    }
    assert names == {
        "11140": "서울특별시 중구",
        "26110": "부산광역시 중구",
        "44130": "충청남도 천안시",
        "36": "세종특별자치시",
        "11": "서울특별시",
    }


def test_a_gu_without_autonomy_is_none_of_them(session: Session, now: datetime) -> None:
    ensure_local_governments(session, now=now)
    with pytest.raises(LocalGovernmentUnknown):
        get_local_government_organization(session, "44131")


def test_a_second_time_changes_nothing_and_leaves_no_event(session: Session, now: datetime) -> None:
    ensure_local_governments(session, now=now)
    again = ensure_local_governments(session, now=now)
    assert not again.any
    assert count(session) == 243
    assert len(events(session)) == 1


def test_the_tests_own_organizations_carry_the_same_names(session: Session, now: datetime) -> None:
    made = people.local_government_organization(session, "44130")
    assert ensure_local_governments(session, now=now).renamed == 0
    assert get_local_government_organization(session, "44130").id == made.id


def test_one_that_vanished_is_closed_and_kept(session: Session, now: datetime) -> None:
    gone = people.make_organization(
        session, "local_government", "청원군", now, local_government_code="43710"
    )
    changes = ensure_local_governments(session, now=now)
    assert (changes.closed, changes.created) == (1, 243)
    assert session.get_one(Organization, gone.id).closed_at == now
    assert ensure_local_governments(session, now=now).closed == 0


def test_one_that_comes_back_is_opened_again_under_its_new_name(
    session: Session, now: datetime
) -> None:
    back = people.make_organization(
        session, "local_government", "옛 이름", now, local_government_code="11140"
    )
    back.closed_at = now
    changes = ensure_local_governments(session, now=now)
    assert (changes.reopened, changes.renamed) == (1, 1)
    assert (back.closed_at, back.name_ko) == (None, "서울특별시 중구")


def test_the_event_counts_what_changed(session: Session, now: datetime) -> None:
    ensure_local_governments(session, now=now)
    (event,) = events(session)
    assert event.facts == {"created": 243, "renamed": 0, "reopened": 0, "closed": 0}


def test_without_boundaries_there_is_nothing_to_go_by(session: Session, now: datetime) -> None:
    session.execute(text("UPDATE region_generation SET state = 'retired'"))
    with pytest.raises(NoActiveGeneration):
        ensure_local_governments(session, now=now)


def test_there_is_one_procurement_service(session: Session, now: datetime) -> None:
    first = ensure_procurement_service(session, now=now)
    assert ensure_procurement_service(session, now=now) is first
    assert (first.kind, first.name_ko) == ("procurement_service", "조달청")
