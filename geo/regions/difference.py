"""Owns what differs between two generations: codes, names, governments and ground."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import shapely

from geo.crs import areas_km2
from geo.orm import Executor
from geo.regions.codes import level_name, parent_code
from geo.regions.overlap import common_km2, touching
from geo.regions.stored import StoredLevel, get_generation, read_level
from geo.tiling import EMD, SIDO, SIGUNGU

SAME_GROUND = 0.95
"""Two outlines with so much of their union in common are one place under two codes."""

NOTABLE_KM2 = 0.001
"""Less is what rounding to six decimals (RFC 7946, section 11.2) does along a boundary of 20 km."""

NOTABLE_SHARE = 1e-5
"""And this is what it does along the thousands of kilometres of a province's coast."""


@dataclass(frozen=True, slots=True)
class OneSided:
    """A region that only one of the generations has."""

    code: str
    full_name: str
    area_km2: float


@dataclass(frozen=True, slots=True)
class Renamed:
    """A region that kept its code and is called otherwise, or below another name."""

    code: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Regoverned:
    """A region that kept its code and answers to another local government."""

    code: str
    full_name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Recoded:
    """The same ground under another code; `moved` when that lies below another parent's code.

    `share` is the part of the union of both outlines that they have in common, 0 to 1.
    """

    before_code: str
    after_code: str
    before: str
    after: str
    moved: bool
    share: float


@dataclass(frozen=True, slots=True)
class Reshaped:
    """A region that kept its code and covers other ground.

    `changed_km2` is the area of the symmetric difference, `share` its part of the union, 0 to 1.
    """

    code: str
    full_name: str
    before_km2: float
    after_km2: float
    changed_km2: float
    share: float


@dataclass(frozen=True, slots=True)
class LevelDifference:
    """What differs at one level, each kind by code; what was re-coded is neither added nor gone."""

    level: str
    added: tuple[OneSided, ...]
    removed: tuple[OneSided, ...]
    renamed: tuple[Renamed, ...]
    recoded: tuple[Recoded, ...]
    regoverned: tuple[Regoverned, ...]
    reshaped: tuple[Reshaped, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two generations, given by their ids."""

    before: int
    after: int
    levels: tuple[LevelDifference, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the difference as plain lists and numbers."""
        return asdict(self)


def compare(conn: Executor, before: int, after: int) -> Difference:
    """Return what differs between two generations at every level; the country takes seconds.

    :param before: id of the earlier generation, in whatever state.
    :param after: id of the later one.
    :raises GenerationNotFound: when one of them does not exist.
    """
    for generation_id in (before, after):
        get_generation(conn, generation_id)
    levels = tuple(
        _compare_level(
            level_name(level), read_level(conn, before, level), read_level(conn, after, level)
        )
        for level in (SIDO, SIGUNGU, EMD)
    )
    return Difference(before, after, levels)


def _compare_level(word: str, old: StoredLevel, new: StoredLevel) -> LevelDifference:
    old_at, new_at = old.positions, new.positions
    kept = sorted(old_at.keys() & new_at.keys())
    gone = [old_at[code] for code in sorted(old_at.keys() - new_at.keys())]
    come = [new_at[code] for code in sorted(new_at.keys() - old_at.keys())]
    recoded = _recoded(old, gone, new, come)
    from_codes = {found.before_code for found in recoded}
    to_codes = {found.after_code for found in recoded}
    pairs = [(old.regions[old_at[code]], new.regions[new_at[code]]) for code in kept]
    return LevelDifference(
        word,
        added=_one_sided(new, come, to_codes),
        removed=_one_sided(old, gone, from_codes),
        renamed=tuple(
            Renamed(was.code, was.full_name, now.full_name)
            for was, now in pairs
            if was.full_name != now.full_name
        ),
        recoded=recoded,
        regoverned=tuple(
            Regoverned(
                was.code, now.full_name, was.local_government_code, now.local_government_code
            )
            for was, now in pairs
            if was.local_government_code != now.local_government_code
        ),
        reshaped=_reshaped(
            old, [old_at[code] for code in kept], new, [new_at[code] for code in kept]
        ),
    )


def _one_sided(
    level: StoredLevel, positions: Sequence[int], without: set[str]
) -> tuple[OneSided, ...]:
    regions = [level.regions[position] for position in positions]
    return tuple(
        OneSided(region.code, region.full_name, round(region.area_km2, 6))
        for region in regions
        if region.code not in without
    )


def _recoded(
    old: StoredLevel, gone: Sequence[int], new: StoredLevel, come: Sequence[int]
) -> tuple[Recoded, ...]:
    """Return the pairs that share most of their ground; no region can be in two of them."""
    if not gone or not come:
        return ()
    was, now = old.shapes(gone), new.shapes(come)
    lefts, rights = touching(was, now)
    common = common_km2(was[lefts], now[rights])
    union = areas_km2(was)[lefts] + areas_km2(now)[rights] - common
    found = []
    for left, right, share in zip(lefts, rights, common / union, strict=True):
        if share < SAME_GROUND:
            continue
        before, after = old.regions[gone[left]], new.regions[come[right]]
        names = (before.full_name, after.full_name)
        moved = parent_code(before.code) != parent_code(after.code)
        found.append(Recoded(before.code, after.code, *names, moved, round(float(share), 6)))
    return tuple(found)


def _reshaped(
    old: StoredLevel, was_at: Sequence[int], new: StoredLevel, now_at: Sequence[int]
) -> tuple[Reshaped, ...]:
    """Return the regions whose stored bytes differ and whose ground does, too."""
    at_was, at_now = np.array(was_at, dtype=np.int64), np.array(now_at, dtype=np.int64)
    differs = np.flatnonzero(old.wkb[at_was] != new.wkb[at_now])
    was, now = old.shapes(at_was[differs]), new.shapes(at_now[differs])
    # Other programs begin rings elsewhere and turn them round; that is no other shape.
    redrawn = ~shapely.equals_exact(was, now, 0, normalize=True)
    was, now, at_now = was[redrawn], now[redrawn], at_now[differs][redrawn]
    before, after, common = areas_km2(was), areas_km2(now), common_km2(was, now)
    changed = np.maximum(before + after - 2 * common, 0.0)
    share = changed / (before + after - common)
    regions = [new.regions[at] for at in at_now.tolist()]
    return tuple(
        Reshaped(region.code, region.full_name, *(round(float(figure), 6) for figure in figures))
        for region, *figures in zip(regions, before, after, changed, share, strict=True)
        if figures[2] >= NOTABLE_KM2 and figures[3] >= NOTABLE_SHARE
    )
