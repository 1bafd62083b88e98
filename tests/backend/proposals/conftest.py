"""Fixtures of proposals: a storage of the test's own, and who sends photos."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from backend.files.place import EXTENSION
from backend.files.storage import Storage, disk_storage
from backend.proposals.models import Proposal
from tests.support.people import CITY_HALL_EMD, register
from tests.support.proposals import make_draft

SignIn = Callable[..., dict[str, str]]


@pytest.fixture
def storage(app: Flask, tmp_path: Path) -> Iterator[Storage]:
    """The application's storage, empty and gone after the test."""
    before = app.extensions.get(EXTENSION)
    app.extensions[EXTENSION] = disk_storage(tmp_path)
    yield app.extensions[EXTENSION]
    app.extensions[EXTENSION] = before


@pytest.fixture
def draft(session: Session, storage: Storage) -> Proposal:
    """A complete draft, and somewhere for its photos."""
    return make_draft(session, register(session, email="min@example.com", residence=CITY_HALL_EMD))


@pytest.fixture
def by_author(draft: Proposal, sign_in: SignIn) -> dict[str, str]:
    """The headers of the draft's author."""
    return sign_in("min@example.com")


@pytest.fixture
def somebody(session: Session, sign_in: SignIn) -> dict[str, str]:
    """The headers of somebody else."""
    return sign_in(register(session).email)
