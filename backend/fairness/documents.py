"""Owns the documents of published runs, read once: instance, plan, and the plan without residence.

They are kept between calls, because what a run computed never changes.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.fairness.policies import solve_without
from backend.rounds import engine
from backend.rounds.models import MatchingRun
from geo.matching import load_json

RESIDENCE = "residence"
"""Type of the seats that look at the proposer's home first."""

KEPT = 4
"""Runs kept in memory: the round of the day and a few before it."""


@dataclass(frozen=True, slots=True)
class Documents:
    """What went into a run and came out of it.

    :param without_residence: the plan had there been no residence seats; None if it cannot be run.
    """

    instance: Mapping[str, Any]
    plan: Mapping[str, Any]
    without_residence: Mapping[str, Any] | None


_documents: "OrderedDict[UUID, Documents]" = OrderedDict()
_lock = Lock()


def documents_of(session: Session, run_id: UUID) -> Documents:
    """Return the documents of a run."""
    with _lock:
        documents = _documents.get(run_id)
        if documents is not None:
            _documents.move_to_end(run_id)
            return documents
    row = session.execute(
        select(MatchingRun.instance_text, MatchingRun.plan_text).where(MatchingRun.id == run_id)
    ).one()
    other = solve_without(engine.read_instance(row.instance_text), RESIDENCE)
    documents = Documents(
        instance=load_json(row.instance_text.encode()),
        plan=load_json(row.plan_text.encode()),
        without_residence=other.to_json() if other is not None else None,
    )
    with _lock:
        _documents[run_id] = documents
        while len(_documents) > KEPT:
            _documents.popitem(last=False)
    return documents
