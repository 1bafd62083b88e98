"""Owns what is done with generations: operators check, compare, hand out and throw away, everybody
sees those that are or were in force.
"""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from backend.regions import errors
from backend.regions.comparisons import Comparisons
from geo import boundaries, regions
from geo.boundaries import take_turn
from geo.orm import Executor
from geo.regions import Difference, Report, StoredGeneration


def list_public(conn: Executor) -> list[StoredGeneration]:
    """Return the generations that are or were in force, the oldest first."""
    return [found for found in regions.list_generations(conn) if found.activated_at is not None]


def get_difference(
    conn: Executor, comparisons: Comparisons, generation_id: int, *, before: int
) -> Difference:
    """Return what differs between two generations that are or were in force.

    :param comparisons: what was compared before.
    :param generation_id: the later generation.
    :param before: the earlier one.
    :raises GenerationNotFound: when the later one is unknown or was never in force.
    :raises GenerationUnknown: when the earlier one is.
    """
    public = {found.id for found in list_public(conn)}
    if generation_id not in public:
        raise errors.GenerationNotFound
    if before not in public:
        raise errors.GenerationUnknown(field="query.from")
    return comparisons.get(conn, before, generation_id)


def validate(session: Session, generation_id: int, now: datetime) -> Report:
    """Check a draft against what is in force; no other load or check runs meanwhile.

    :param generation_id: a generation that was never in force.
    :param now: the time of the check, UTC.
    :raises geo.regions.GenerationNotFound: when there is none of this id.
    :raises geo.regions.NotADraft: when it is or was in force.
    """
    take_turn(session)
    return regions.validate(session, generation_id, now)


def compare(session: Session, generation_id: int, before: int | None) -> Difference:
    """Return what a generation changes, without the time limits that are made for requests.

    :param generation_id: the later generation, in whatever state.
    :param before: the earlier one; the one in force by default.
    :raises geo.regions.GenerationNotFound: when one of them does not exist.
    :raises geo.regions.NoActiveGeneration: when none is in force to compare with.
    """
    take_turn(session)
    if before is None:
        before = regions.active_generation(session).id
    return regions.compare(session, before, generation_id)


def discard(session: Session, generation_id: int) -> None:
    """Throw a generation away that was never in force.

    :raises geo.regions.GenerationNotFound: when there is none of this id.
    :raises geo.regions.NotADraft: when it is or was in force.
    """
    take_turn(session)
    regions.discard(session, generation_id)


def export(
    session: Session, generation_id: int, path: Path, *, file_format: str, level: int
) -> int:
    """Write a level of a generation to a file and return how many regions it holds.

    :param generation_id: a generation in whatever state.
    :param path: where to; nothing may stand there.
    :param file_format: gpkg or geojson.
    :param level: 1 sido, 2 sigungu, 3 emd.
    :raises geo.regions.GenerationNotFound: when there is none of this id.
    :raises geo.boundaries.NotExportable: when there is nothing to write, or a file in the way.
    """
    take_turn(session)
    return boundaries.export(session, generation_id, path, file_format, level)
