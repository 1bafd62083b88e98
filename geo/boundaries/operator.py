"""Owns the way from an operator's file to a draft generation, by the same path as the packages."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import shapely

from geo.boundaries.assemble import Assembly, Neighbourhood, agreement, small_holes
from geo.boundaries.country import take_turn
from geo.boundaries.coverage import own_all, polygonal
from geo.boundaries.layer import Edition, Layer, build_layer
from geo.boundaries.load import load_layer
from geo.boundaries.localgov import GovernmentTable, TableMismatch
from geo.boundaries.names import SEJONG, SIDO, UnexpectedName, clean_name
from geo.boundaries.rows import BadRows, SoundRow, sound_rows
from geo.boundaries.sources.dongnae import Place
from geo.boundaries.sources.operator import OperatorFile, Published, read_operator_file
from geo.crs import Shapes
from geo.orm import Executor
from geo.regions.facts import NoActiveGeneration, active_generation
from geo.regions.lookup import list_regions
from geo.tiling import SIGUNGU

READER_VERSION = "1"
"""Raise it when the code below makes another layer of the same file."""

PROVENANCES = ("exact", "clipped", "estimated")
"""From the best to the worst."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wording:
    """What the operator says about a boundary set; None is taken from the file's name."""

    data_date: date
    label: str | None = None
    attribution: str | None = None


def load_file(
    conn: Executor,
    source: OperatorFile,
    wording: Wording,
    governments: GovernmentTable,
    *,
    now: datetime,
    say: Say,
) -> int:
    """Load an operator's file as a draft generation and return its id; commits nothing.

    Lifts the transaction's time limits, which are made for requests.

    :param source: the file, and how to read it.
    :param wording: label, date and attribution of the data.
    :param governments: the governments of its sigungu.
    :param now: the time of loading, UTC.
    :param say: told about each step, and about each thing that was mended.
    :raises UnreadableFile: when the file is no layer of neighbourhoods.
    :raises UnknownReference: when its reference system is none of the accepted ones.
    :raises BadRows: naming each row that cannot be taken.
    :raises TableMismatch: when the table governs other sigungu than the file holds.
    """
    say(f"reading {source.path.name}")
    published = read_operator_file(source)
    edition = edition_of(published, source, wording)
    take_turn(conn)
    layer = operator_layer(published, governments, known_sigungu(conn), edition, say)
    for warning in layer.warnings:
        say(warning)
    return load_layer(conn, layer, governments, now, say)


def known_sigungu(conn: Executor) -> dict[str, str]:
    """Return the names of the sigungu in force by code; none when nothing is in force."""
    try:
        active_generation(conn)
    except NoActiveGeneration:
        return {}
    return {
        region.code: "" if region.code.startswith(SEJONG) else region.name
        for region in list_regions(conn, SIGUNGU)
    }


def edition_of(published: Published, source: OperatorFile, wording: Wording) -> Edition:
    """Return the identity of the layer that a file gives: its key changes with its content."""
    name = source.path.name
    key = hashlib.sha256(f"operator {READER_VERSION}\n{published.sha256}".encode()).hexdigest()
    record = {
        "registry": "operator",
        "name": name,
        "version": wording.data_date.isoformat(),
        "sha256": published.sha256,
        "attribution": wording.attribution or f"Boundaries given by the operator ({name})",
    }
    return Edition(key, wording.label or source.path.stem, wording.data_date, [record])


def operator_layer(
    published: Published,
    governments: GovernmentTable,
    sigungu_names: Mapping[str, str],
    edition: Edition,
    say: Say,
) -> Layer:
    """Return the layer of an operator's rows: checked, cleaned into a coverage, named, joined.

    :param published: the rows as read.
    :param governments: the governments of its sigungu.
    :param sigungu_names: names by sigungu code, for files that name the neighbourhood only.
    :param edition: identity of the layer.
    :param say: told about each step.
    :raises BadRows: naming each row or sigungu that cannot be taken.
    :raises TableMismatch: when the table governs other sigungu than the file holds.
    """
    say(f"checking {len(published.rows)} rows")
    rows, warnings = sound_rows(published.rows)
    governments.check({row.code[:5] for row in rows})
    places = _places(rows, governments, sigungu_names)
    say("cleaning the coverage")
    drawn = np.array([row.shape for row in rows], dtype=object)
    owned = clean(drawn)
    neighbourhoods = [
        Neighbourhood(place, shape, _provenance(row, shape), row.published.name_en)
        for place, row, shape in zip(places, rows, owned, strict=True)
    ]
    say("joining parents and drawing overviews")
    return build_layer(Assembly(neighbourhoods, _outlines(rows), warnings), governments, edition)


def clean(shapes: Shapes) -> Shapes:
    """Return shapes as a coverage: overlaps settled, slivers between neighbours given an owner.

    A coverage that is clean already comes back as it is, to the last digit, so that an export
    loads with the same owners.

    :param shapes: valid polygons, WGS 84.
    :raises BrokenCoverage: when the result is no valid coverage.
    """
    valid = shapely.coverage_is_valid(shapes)
    land = shapely.coverage_union_all(shapes) if valid else shapely.union_all(shapes)
    holes = small_holes(polygonal(land))
    if valid and not holes:
        return shapes
    tree = shapely.STRtree(shapes)
    allowed = [tree.query(hole).tolist() for hole in holes]
    return own_all(list(shapes), holes, allowed)


def _outlines(rows: Sequence[SoundRow]) -> dict[str, shapely.Geometry]:
    members: dict[str, list[shapely.Geometry]] = {}
    for row in rows:
        members.setdefault(row.code[:5], []).append(row.shape)
    return {code: shapely.union_all(shapes) for code, shapes in members.items()}


def _provenance(row: SoundRow, shape: shapely.Geometry) -> str:
    """Return the worse of what the file says about a shape and what cleaning did to it."""
    told = row.published.provenance
    found = agreement(shape, row.shape)
    if told not in PROVENANCES:
        return found
    return max(told, found, key=PROVENANCES.index)


def _places(
    rows: Sequence[SoundRow], governments: GovernmentTable, sigungu_names: Mapping[str, str]
) -> list[Place]:
    """Return the rows as places under full names.

    :raises BadRows: naming the codes whose sido or sigungu has no name, or a name that its
        government contradicts.
    """
    problems: dict[str, str] = {}
    places = []
    for row in rows:
        sigungu = row.code[:5]
        if row.code[:2] not in SIDO:
            problems[row.code[:2]] = f"sido {row.code[:2]} is not known"
            continue
        name = _published_name(row, governments, sigungu_names)
        if name is None:
            problems[sigungu] = (
                f"sigungu {sigungu} has no name: give the file a field full_name, or name it in the"
                " table of governments (--governments)"
            )
            continue
        point = shapely.point_on_surface(row.shape)
        place = Place(row.code, name, point.x, point.y)
        try:
            clean_name(place, governments)
        except (UnexpectedName, TableMismatch) as error:
            problems.setdefault(sigungu, str(error))
        places.append(place)
    if problems:
        raise BadRows([problems[code] for code in sorted(problems)])
    return places


def _published_name(
    row: SoundRow, governments: GovernmentTable, sigungu_names: Mapping[str, str]
) -> str | None:
    told = row.published.full_name or row.published.name
    if len(told.split()) > 1:
        return told
    sigungu = row.code[:5]
    government = governments.of_sigungu(sigungu)
    if not government.is_divided and government.kind == "basic":
        middle: str | None = government.name
    else:
        middle = "" if sigungu.startswith(SEJONG) else sigungu_names.get(sigungu)
    if middle is None:
        return None
    return f"{SIDO[row.code[:2]][0]} {middle} {told}"
