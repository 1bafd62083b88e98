"""Owns asking `geo.regions` on behalf of the API: what it raises becomes the domain's errors."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from backend.regions import errors
from backend.regions.positions import position_checked
from geo import regions
from geo.geojson import Json
from geo.orm import Executor
from geo.regions import (
    Generation,
    LocalGovernment,
    Location,
    Neighbour,
    Owner,
    Owners,
    Region,
    Surroundings,
)
from geo.regions.locate import BORDER_M
from geo.romanization import romanize_name
from geo.tiling import EMD


@dataclass(frozen=True, slots=True)
class RegionList:
    """Regions, and the generation that says so."""

    items: Sequence[Region]
    generation: Generation


@dataclass(frozen=True, slots=True)
class RegionDetail:
    """A region with what lies above, below and around it, and who governs it."""

    region: Region
    parents: Sequence[Region]
    children: Sequence[Region]
    neighbours: Surroundings
    local_government: LocalGovernment
    generation: Generation


@dataclass(frozen=True, slots=True)
class NeighbourList:
    """Regions around one, and the generation that says so."""

    items: Sequence[Neighbour]
    generation: Generation


@dataclass(frozen=True, slots=True)
class LocalGovernmentList:
    """Local governments, and the generation that says so."""

    items: Sequence[LocalGovernment]
    generation: Generation


@dataclass(frozen=True, slots=True)
class LocalGovernmentDetail:
    """A local government, what it governs, and the governments above or below it."""

    local_government: LocalGovernment
    name_en: str
    region_codes: Sequence[str]
    upper: LocalGovernment | None
    basic: Sequence[LocalGovernment]
    sigungu: Sequence[Region]
    generation: Generation


def locate(
    conn: Executor, *, lon: float, lat: float, field: str = "query", border_m: float = BORDER_M
) -> Location:
    """Return the regions and the local government of a point.

    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :param field: path of the position in the request, for the problem document.
    :param border_m: how near a neighbour has to be to be named, in metres.
    :raises CoordinatesSwapped: when the pair is evidently (lat, lon).
    :raises CoordinatesInvalid: when it is no position at all.
    :raises PointOutsideKorea: when no region owns the point or lies near it.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    return regions.describe(find_owner(conn, lon=lon, lat=lat, field=field, border_m=border_m))


def find_owner(
    conn: Executor, *, lon: float, lat: float, field: str = "query", border_m: float = BORDER_M
) -> Owner:
    """Return who owns a point; takes and raises what `locate` does.

    :param border_m: how near a neighbour has to be to be named, in metres.
    """
    with _translated(), position_checked(lon, lat, field):
        owner = regions.find_owner(conn, lon, lat, border_m=border_m)
    if owner is None:
        raise errors.PointOutsideKorea(field=field)
    return owner


def locate_many(conn: Executor, *, points: Sequence[tuple[float, float]]) -> Owners:
    """Return who owns each point, in their order; nobody at sea and abroad.

    :param points: pairs (lon, lat) in degrees, WGS 84.
    :raises CoordinatesSwapped: when a pair is evidently (lat, lon).
    :raises CoordinatesInvalid: when a pair is no position at all.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    for number, (lon, lat) in enumerate(points):
        if not regions.in_korea(lon, lat):
            with position_checked(lon, lat, f"json.points.{number}"):
                regions.check_position(lon, lat)
    with _translated():
        return regions.locate_many(conn, *zip(*points, strict=True))


def get_neighbourhood(conn: Executor, *, code: str, field: str) -> Region:
    """Return the eup, myeon or dong that a request names.

    :param code: region code, cut to its level.
    :param field: path of the code in the request, for the problem document.
    :raises RegionUnknown: when no region in force has it.
    :raises RegionTooCoarse: when it is a city or a province.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    with _translated():
        regions.active_generation(conn)
        region = regions.find_region(conn, code)
    if region is None:
        raise errors.RegionUnknown(field=field)
    if region.level != EMD:
        raise errors.RegionTooCoarse(field=field)
    return region


def search(conn: Executor, *, q: str, limit: int) -> RegionList:
    """Return the regions that `q` may mean, best first.

    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    with _translated():
        return RegionList(regions.search_regions(conn, q, limit), regions.active_generation(conn))


def list_sido(conn: Executor) -> RegionList:
    """Return the sido, where every walk down the hierarchy begins.

    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    with _translated():
        return RegionList(regions.list_regions(conn, 1), regions.active_generation(conn))


def get_region(conn: Executor, code: str) -> RegionDetail:
    """Return a region with its parents, its children, its neighbours and its local government.

    :param code: region code, or ten digits of a legal dong.
    :raises RegionNotFound: when no region in force has it.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    with _translated():
        generation = regions.active_generation(conn)
        region = regions.get_region(conn, code)
        return RegionDetail(
            region,
            regions.list_parents(conn, region.code),
            regions.list_children(conn, region.code),
            regions.describe_surroundings(conn, region),
            regions.get_local_government(conn, region.local_government_code),
            generation,
        )


def list_children(conn: Executor, code: str) -> RegionList:
    """Return the regions directly below one.

    :param code: region code, or ten digits of a legal dong.
    :raises RegionNotFound: when no region in force has it.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    with _translated():
        generation = regions.active_generation(conn)
        return RegionList(regions.list_children(conn, code), generation)


def list_neighbours(conn: Executor, code: str, *, within_m: float | None) -> NeighbourList:
    """Return the regions of the same level around one, nearest first.

    :param code: region code, or ten digits of a legal dong.
    :param within_m: metres between the shapes; None lists those that share a border line.
    :raises RegionNotFound: when no region in force has the code.
    :raises DistanceBeyondReach: when distances of the level are not known that far.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    with _translated():
        generation = regions.active_generation(conn)
        region = regions.get_region(conn, code)
        try:
            return NeighbourList(regions.list_neighbours(conn, region, within_m), generation)
        except regions.BeyondReach as exc:
            raise errors.DistanceBeyondReach(field="query.within_m", reach_m=exc.reach_m) from exc


def get_feature(conn: Executor, code: str, *, zoom: int | None, generation_id: int | None) -> Json:
    """Return a region as a GeoJSON feature.

    :param code: region code, or ten digits of a legal dong.
    :param zoom: of a map; None gives the whole shape.
    :param generation_id: boundaries that are or were in force; None means those in force.
    :raises RegionNotFound: when no region of those boundaries has the code.
    :raises GenerationNotFound: when there are no such boundaries.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    with _translated():
        if generation_id is None:
            generation = regions.active_generation(conn)
        else:
            generation = regions.get_public_generation(conn, generation_id)
        return regions.region_feature(conn, code, generation, zoom)


def list_local_governments(conn: Executor) -> LocalGovernmentList:
    """Return all local governments.

    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    with _translated():
        generation = regions.active_generation(conn)
        return LocalGovernmentList(regions.list_local_governments(conn), generation)


def get_local_government(conn: Executor, code: str) -> LocalGovernmentDetail:
    """Return a local government, its sigungu, and the governments above or below it.

    :param code: five digits, or two for an upper or single-tier one.
    :raises LocalGovernmentNotFound: when none in force has it.
    :raises BoundariesNotLoaded: when there are no boundaries.
    """
    with _translated():
        generation = regions.active_generation(conn)
        government = regions.get_local_government(conn, code)
        sigungu = regions.list_sigungu_of(conn, government.code)
        whole = regions.find_region(conn, government.code) if len(government.code) == 2 else None
        above = government.upper_code
        return LocalGovernmentDetail(
            government,
            (whole and whole.name_en) or romanize_name(government.name),
            [whole.code] if whole else [region.code for region in sigungu],
            regions.get_local_government(conn, above) if above else None,
            regions.list_basic_of(conn, government.code),
            sigungu,
            generation,
        )


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except regions.NoActiveGeneration as exc:
        raise errors.BoundariesNotLoaded from exc
    except (regions.RegionNotFound, regions.InvalidRegionCode) as exc:
        raise errors.RegionNotFound from exc
    except regions.UnknownGeneration as exc:
        raise errors.GenerationNotFound from exc
    except regions.LocalGovernmentNotFound as exc:
        raise errors.LocalGovernmentNotFound from exc
