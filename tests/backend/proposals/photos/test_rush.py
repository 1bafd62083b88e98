"""Photos that arrive at the same time: never more than a proposal takes, and none twice."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask

from backend.accounts.models import Account
from backend.db import unit_of_work
from backend.errors import DomainError
from backend.files.storage import disk_storage
from backend.proposals.drafts import create_draft
from backend.proposals.photos.service import add_photo
from tests.conftest import NOW
from tests.support.photos import stored_names
from tests.support.pictures import jpeg


@pytest.fixture
def committed_draft(committed_app: Flask) -> tuple[UUID, UUID]:
    """The ids of a draft, and of its author."""
    author = Account(
        id=uuid4(), email="a@example.com", display_name="홍길동", password_hash="x", created_at=NOW
    )
    with committed_app.app_context(), unit_of_work() as session:
        session.add(author)
        session.flush()
        proposal, _ = create_draft(
            session, author_id=author.id, category="safety", title="소화전", now=NOW
        )
        return proposal.id, author.id


def test_a_rush_leaves_five_photos_and_a_repeated_one_once(
    committed_app: Flask, committed_draft: tuple[UUID, UUID], tmp_path: Path
) -> None:
    proposal_id, author_id = committed_draft
    storage = disk_storage(tmp_path)
    same = uuid4()

    def send(photo_id: UUID) -> str:
        with committed_app.app_context():
            try:
                with unit_of_work() as session:
                    _, is_new = add_photo(
                        session,
                        storage,
                        proposal_id=proposal_id,
                        author_id=author_id,
                        body=jpeg(),
                        now=NOW,
                        id=photo_id,
                    )
            except DomainError as exc:
                return exc.code
        return "new" if is_new else "there"

    with ThreadPoolExecutor(5) as pool:
        outcomes = list(pool.map(send, [same, same, *(uuid4() for _ in range(6))]))
    assert outcomes.count("new") == 5
    assert set(outcomes) <= {"new", "there", "photos_full"}
    assert len(stored_names(storage)) == 5
