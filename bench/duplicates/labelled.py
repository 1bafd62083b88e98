"""Owns a file of labelled pairs, and putting its proposals into a database as submitted ones."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.db import new_id
from backend.proposals.drafts import create_draft


@dataclass(frozen=True, slots=True)
class Pair:
    """Two proposals, and whether they are one problem at one place.

    :param asked: the one handed in later, which would be told of the other.
    :param kind: why the pair is hard, or easy.
    """

    asked: str
    other: str
    is_duplicate: bool
    kind: str

    @property
    def family(self) -> str:
        """Return what proposals belong together with, whose pairs are not independent."""
        return self.asked.rstrip("abcdefghijklmnopqrstuvwxyz")

    @property
    def twins(self) -> str:
        """Return the number that it shares with a family of the other half, on a like subject."""
        return self.family.lstrip("abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class Labelled:
    """The proposals of a file by their ids there, and its pairs."""

    proposals: Mapping[str, Mapping[str, Any]]
    pairs: Sequence[Pair]


def read(*paths: Path) -> Labelled:
    """Read files of labelled pairs as one."""
    contents = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    proposals = {row["id"]: row for content in contents for row in content["proposals"]}

    def in_order(row: Mapping[str, Any]) -> Pair:
        older, newer = sorted((row["a"], row["b"]), key=lambda id_: proposals[id_]["submitted"])
        return Pair(newer, older, row["duplicate"], row["kind"])

    return Labelled(proposals, [in_order(row) for content in contents for row in content["pairs"]])


def moment_of(row: Mapping[str, Any]) -> datetime:
    """Return when a proposal of a file was handed in: noon of its day in Seoul."""
    return datetime.fromisoformat(row["submitted"]).replace(hour=3, tzinfo=UTC)


def store(session: Session, labelled: Labelled) -> Mapping[str, UUID]:
    """Write all proposals as submitted ones, by one author; return their ids."""
    author = Account(
        id=new_id(),
        email="labelled@example.com",
        display_name="labelled",
        password_hash="",
        created_at=min(moment_of(row) for row in labelled.proposals.values()),
    )
    session.add(author)
    session.flush()
    ids = {}
    for id_, row in labelled.proposals.items():
        now = moment_of(row)
        draft, _ = create_draft(
            session,
            author_id=author.id,
            category=row["category"],
            title=row["title"],
            problem=row["problem"],
            idea=row["idea"],
            location={"lon": row["lon"], "lat": row["lat"]},
            now=now,
        )
        # Rows, not the office's service: whose office it is does not matter here.
        draft.residence_code = draft.emd_code
        draft.residence_generation_id = draft.generation_id
        draft.residence_confirmed = draft.residence_moved_recently = False
        draft.status, draft.submitted_at = "submitted", now
        ids[id_] = draft.id
    session.flush()
    return ids
