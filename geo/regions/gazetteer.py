"""Owns the names and governments of a whole generation in memory, read once per engine.

What hangs on a generation never changes once it is in force, and no id is given twice, so that a
gazetteer never goes stale; shapes stay in the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from geo.orm import Executor, engine_of
from geo.regions.facts import (
    Generation,
    LocalGovernment,
    Region,
    select_generations,
    select_governments,
    select_regions,
)
from geo.regions.models import GenerationRow, LocalGovernmentRow, RegionRow

MOST_KEPT = 3
"""Generations kept per engine: the one in force, the one before, and one that is looked at."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Gazetteer:
    """Every region and local government of one generation.

    :param regions: by id; ids ascend with the code within a level.
    :param governments: by code.
    """

    generation: Generation
    regions: Mapping[int, Region]
    governments: Mapping[str, LocalGovernment]

    def family(self, emd: Region) -> tuple[Region, Region, Region]:
        """Return a neighbourhood with its sigungu and its sido."""
        sigungu = self.regions[emd.parent_id or 0]
        return emd, sigungu, self.regions[sigungu.parent_id or 0]


_kept: WeakKeyDictionary[Engine, dict[int, Gazetteer]] = WeakKeyDictionary()
_reading = Lock()


def gazetteer_of(conn: Executor, generation_id: int) -> Gazetteer:
    """Return the gazetteer of a generation, read by the first who asks.

    :param generation_id: a generation that is loaded.
    :raises NoResultFound: when there is no such generation.
    """
    engine = engine_of(conn)
    found = _kept.get(engine, {}).get(generation_id)
    if found is not None:
        return found
    # One reader: the others wait for some 0.1 s rather than read 5,000 rows each.
    with _reading:
        kept = _kept.setdefault(engine, {})
        if generation_id not in kept:
            kept[generation_id] = _read(conn, generation_id)
            while len(kept) > MOST_KEPT:
                del kept[next(iter(kept))]
        return kept[generation_id]


def _read(conn: Executor, generation_id: int) -> Gazetteer:
    generation = conn.execute(select_generations().where(GenerationRow.id == generation_id)).one()
    regions = conn.execute(select_regions().where(RegionRow.generation_id == generation_id))
    governments = conn.execute(
        select_governments().where(LocalGovernmentRow.generation_id == generation_id)
    )
    return Gazetteer(
        Generation(*generation),
        {row.id: Region(*row) for row in regions},
        {row.code: LocalGovernment(*row) for row in governments},
    )
