"""Files end with their rows: deleted, discarded, erased; and what is left by accident is swept."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.files.storage import Storage, new_name
from backend.jobs.worker import run_jobs
from backend.proposals.drafts import discard_draft
from backend.proposals.models import Proposal
from backend.proposals.photos.disposal import Unit, delete_photos_of, sweep_photos
from backend.proposals.photos.models import Photo
from backend.proposals.photos.thumbnails import make_thumbnail
from tests.support.people import register
from tests.support.photos import make_photo, stored_names
from tests.support.proposals import make_draft


@pytest.fixture
def unit(session: Session) -> Unit:
    """What opens a unit of work on the test's own session."""
    return lambda: nullcontext(session)


def test_a_discarded_draft_takes_its_photos_along(
    app: Flask, session: Session, draft: Proposal, storage: Storage, now: datetime
) -> None:
    make_photo(session, storage, draft)
    run_jobs(app)
    assert len(stored_names(storage)) == 2
    discard_draft(session, proposal_id=draft.id, actor_id=draft.author_id, now=now)
    session.commit()
    run_jobs(app)
    assert stored_names(storage) == []


def test_an_erased_person_leaves_no_photo(
    app: Flask, session: Session, draft: Proposal, storage: Storage, now: datetime
) -> None:
    make_photo(session, storage, draft)
    others = make_photo(session, storage, make_draft(session, register(session)))
    run_jobs(app)
    assert delete_photos_of(session, draft.author_id, now=now) == 1
    session.commit()
    run_jobs(app)
    session.expire_all()
    assert session.scalars(select(Photo.id)).all() == [others.id]
    assert set(stored_names(storage)) == {others.full_name, others.thumb_name}
    assert delete_photos_of(session, draft.author_id, now=now) == 0


def test_the_sweep_deletes_old_files_that_nobody_knows(
    app: Flask, session: Session, draft: Proposal, storage: Storage, unit: Unit
) -> None:
    kept = make_photo(session, storage, draft)
    run_jobs(app)
    session.refresh(kept)
    stray = new_name("photos", ".webp")
    storage.put(stray, b"left by a transaction that was rolled back")
    # Files bear the time of the machine, which no test can move.
    today = datetime.now(UTC)
    assert sweep_photos(unit, storage, now=today) == 0, "it may be about to be committed"
    assert sweep_photos(unit, storage, now=today + timedelta(days=2)) == 1
    assert set(stored_names(storage)) == {kept.full_name, kept.thumb_name}


def test_a_thumbnail_is_made_once(
    session: Session, draft: Proposal, storage: Storage, unit: Unit, now: datetime
) -> None:
    photo = make_photo(session, storage, draft)
    make_thumbnail(unit, storage, photo_id=photo.id, now=now)
    first = photo.thumb_name
    make_thumbnail(unit, storage, photo_id=photo.id, now=now)
    assert photo.thumb_name == first
    assert len(stored_names(storage)) == 2


def test_a_photo_that_is_gone_needs_no_thumbnail(
    app: Flask, session: Session, draft: Proposal, storage: Storage
) -> None:
    session.delete(make_photo(session, storage, draft))
    session.commit()
    assert run_jobs(app) >= 1
