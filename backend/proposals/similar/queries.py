"""Owns how proposals that might be alike are found: a bounded number, each by an index."""

from collections.abc import Sequence
from math import cos, radians
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import Select, cast, func, null, select
from sqlalchemy.orm import Session

from backend.proposals.filters import LISTED
from backend.proposals.models import Proposal
from geo.crs import METRES_PER_DEGREE
from geo.orm import SRID_WGS84

RADIUS_M = 1_000.0
"""Nothing farther away is the same problem at the same place."""

MOST_CANDIDATES = 200
"""The nearest so many are compared, however crowded a place is."""

MOST_WHOLE = 50
"""Of a neighbourhood as a whole."""

TITLE_SIMILARITY = 0.3
"""Where no place is known: least similarity of titles by `pg_trgm`."""


def list_near(session: Session, *, lon: float, lat: float, without: UUID | None) -> Sequence[Any]:
    """Return the public proposals nearest to a point, at most `MOST_CANDIDATES` within `RADIUS_M`.

    :param lon: longitude in degrees, WGS 84.
    :param lat: latitude in degrees, WGS 84.
    :param without: the proposal that is asked for.
    """
    statement = _candidates(_point(lon, lat), without)
    reach = RADIUS_M / METRES_PER_DEGREE
    box = func.ST_MakeEnvelope(
        lon - reach / cos(radians(lat)),
        lat - reach,
        lon + reach / cos(radians(lat)),
        lat + reach,
        SRID_WGS84,
    )
    nearest = statement.where(Proposal.public_geom.intersects(box)).order_by(
        Proposal.public_geom.distance_centroid(_point(lon, lat))
    )
    return session.execute(nearest.limit(MOST_CANDIDATES)).all()


def list_of_whole(
    session: Session, *, lon: float, lat: float, without: UUID | None
) -> Sequence[Any]:
    """Return public proposals about a whole neighbourhood, which stand at its label point.

    :param lon: longitude of the label point in degrees, WGS 84.
    :param lat: latitude of it.
    """
    statement = _candidates(_point(lon, lat), without).where(
        Proposal.public_geom.op("~=")(_point(lon, lat)), Proposal.geom.is_(None)
    )
    return session.execute(statement.limit(MOST_WHOLE)).all()


def list_with_like_titles(session: Session, *, title: str, without: UUID | None) -> Sequence[Any]:
    """Return public proposals with a like title, wherever they are, at most `MOST_CANDIDATES`.

    The index is read once; what it reads of common runs of letters grows with the table.
    """
    # A limit makes the planner hope for early hits of a scan, which an unusual title never has.
    settings = {"pg_trgm.similarity_threshold": str(TITLE_SIMILARITY), "enable_seqscan": "off"}
    for name, value in settings.items():
        session.execute(select(func.set_config(name, value, True)))
    statement = _candidates(None, without).where(Proposal.title.op("%")(title))
    return session.execute(statement.limit(MOST_CANDIDATES)).all()


def _candidates(where: Any, without: UUID | None) -> Select[Any]:
    """Return a select of what is compared of public proposals.

    :param where: the point to measure from; None measures nothing.
    """
    measured = [
        cast(geom, Geography("POINT", SRID_WGS84)) for geom in (Proposal.public_geom, where)
    ]
    distance_m = null() if where is None else func.ST_Distance(*measured)
    statement = select(
        Proposal.id,
        Proposal.title,
        Proposal.problem,
        Proposal.idea,
        Proposal.category,
        Proposal.emd_code,
        Proposal.geom.is_(None).label("is_whole"),
        Proposal.submitted_at,
        distance_m.label("distance_m"),
    ).where(Proposal.status.in_(LISTED))
    return statement if without is None else statement.where(Proposal.id != without)


def _point(lon: float, lat: float) -> Any:
    return func.ST_SetSRID(func.ST_MakePoint(lon, lat), SRID_WGS84)
