"""Owns what must hold of a layer before it may be loaded."""

from collections import Counter
from collections.abc import Mapping

import shapely

from geo.boundaries.layer import Layer
from geo.boundaries.names import same_sigungu

AREA_SHARE = 0.005
"""How far the area of the land may be from the expected one."""


class InvalidLayer(ValueError):
    """A layer that lacks regions, has broken shapes, or another area than the country."""


def check_layer(layer: Layer, counts: Mapping[int, int], area_km2: float) -> None:
    """Check counts, validity, the coverage of each level's overviews, parents and the area.

    :param layer: what was assembled.
    :param counts: how many regions each level has.
    :param area_km2: the area of the country on EPSG:5179.
    :raises InvalidLayer: naming the first thing that does not hold.
    """
    found = Counter(region.level for region in layer.regions)
    if found != Counter(counts):
        msg = f"regions by level are {dict(found)}, not {dict(counts)}"
        raise InvalidLayer(msg)
    codes = {region.code for region in layer.regions}
    if len(codes) != len(layer.regions):
        raise InvalidLayer("a code occurs twice")
    if orphans := [r.code for r in layer.regions if r.parent_code and r.parent_code not in codes]:
        msg = f"no parent for {orphans[:5]}"
        raise InvalidLayer(msg)
    bad = shapely.is_empty(layer.shapes) | ~shapely.is_valid(layer.shapes)
    if bad.any():
        msg = f"{int(bad.sum())} shapes are empty or invalid"
        raise InvalidLayer(msg)
    for overview in layer.overviews:
        if shapely.is_empty(overview.shapes).any():
            msg = f"a region vanishes at zoom {overview.band.min_zoom}"
            raise InvalidLayer(msg)
    area = sum(region.area_km2 for region in layer.regions if region.level == 1)
    if abs(area - area_km2) > AREA_SHARE * area_km2:
        msg = f"the land measures {area:.0f} km2, not about {area_km2:.0f}"
        raise InvalidLayer(msg)


def check_names(layer: Layer, published: Mapping[str, str]) -> None:
    """Check the names of sigungu, which come from the code list, against those of the outlines.

    :param layer: what was assembled.
    :param published: names by code as the source of the outlines gives them.
    :raises InvalidLayer: when the two sources name another sigungu.
    """
    for region in layer.regions:
        if region.level == 2 and not same_sigungu(region.name, published[region.code]):
            msg = f"{region.code} is {region.name} here and {published[region.code]} there"
            raise InvalidLayer(msg)
