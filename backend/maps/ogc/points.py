"""Owns the features of the layers of points: institutions, public proposals and placements."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from backend.catalogue.models import Product
from backend.maps.ogc.wanted import Extent, Feature, FeaturePage, Wanted, touches
from backend.maps.queries import (
    placed_within,
    select_placements,
    select_proposals,
    stands,
)
from backend.organizations.models import Institution, Organization
from backend.pagination import decode_cursor, encode_cursor
from backend.proposals.filters import LISTED
from backend.proposals.models import Proposal
from backend.rounds.models import MatchingRun, Placement, Round
from geo import geojson
from geo.areas import Bbox
from geo.crs import LAT_MAX, LAT_MIN, LON_MAX, LON_MIN
from geo.orm import Executor
from geo.regions.codes import SIGUNGU_DIGITS
from geo.regions.models import RegionRow

KOREA = Bbox(LON_MIN, LAT_MIN, LON_MAX, LAT_MAX)
WORLD = Bbox(-180, -90, 180, 90)
"""For what may lie abroad."""


@dataclass(frozen=True, slots=True)
class PointSource:
    """Rows with `id`, `lon` and `lat`, read in the order of their ids.

    :param select: gives the statement of what everybody may see.
    :param key: the column of the id.
    :param moment: when a feature came to be; None where time plays no part.
    :param first_moment: reads the first of them at a cost that does not grow.
    """

    select: Callable[[], Select[Any]]
    key: InstrumentedAttribute[UUID]
    geom: InstrumentedAttribute[Any]
    filters: Mapping[str, Callable[[str], ColumnElement[bool]]]
    bbox: Bbox
    moment: InstrumentedAttribute[Any] | None = None
    first_moment: Select[Any] | None = None

    def read_page(self, conn: Executor, wanted: Wanted) -> FeaturePage:
        """Return features in the order of their ids, the oldest first for ids made here."""
        statement = self.select().order_by(self.key).limit(wanted.limit + 1)
        if wanted.after is not None:
            (last,) = decode_cursor(wanted.after, (self.key,))
            statement = statement.where(self.key > last)
        for name, value in wanted.filters.items():
            statement = statement.where(self.filters[name](value))
        if wanted.boxes:
            statement = statement.where(touches(self.geom, wanted.boxes))
        if wanted.period and self.moment is not None:
            if wanted.period.start is not None:
                statement = statement.where(self.moment >= wanted.period.start)
            if wanted.period.end is not None:
                statement = statement.where(self.moment <= wanted.period.end)
        rows = conn.execute(statement).all()
        features = [_feature(row) for row in rows[: wanted.limit]]
        more = len(rows) > len(features)
        return FeaturePage(features, encode_cursor([features[-1].id]) if more else None)

    def find(self, conn: Executor, feature_id: str) -> Feature | None:
        """Return the feature with an id, or None."""
        try:
            key = UUID(feature_id)
        except ValueError:
            return None
        row = conn.execute(self.select().where(self.key == key)).one_or_none()
        return _feature(row) if row else None

    def measure(self, conn: Executor) -> Extent:
        """Return the box that features may lie in, and the time of the first one."""
        if self.first_moment is None:
            return Extent(self.bbox, None)
        return Extent(self.bbox, conn.execute(self.first_moment).scalar())


def select_institutions() -> Select[Any]:
    """Return a select of the institutions that exist today, with their places."""
    emd = aliased(RegionRow)
    return (
        select(
            Institution.organization_id.label("id"),
            func.ST_X(Institution.site_geom).label("lon"),
            func.ST_Y(Institution.site_geom).label("lat"),
            Organization.name_ko,
            Organization.name_en,
            Institution.institution_type,
            Institution.scope,
            Institution.site_address,
            Institution.site_emd_code.label("emd_code"),
            func.left(Institution.site_emd_code, SIGUNGU_DIGITS).label("sigungu_code"),
            Institution.local_government_code,
            emd.full_name.label("place_name"),
            Organization.is_synthetic,
        )
        .join(Organization, Institution.organization_id == Organization.id)
        .outerjoin(
            emd,
            (emd.generation_id == Institution.generation_id)
            & (emd.code == Institution.site_emd_code),
        )
        .where(Organization.closed_at.is_(None))
    )


INSTITUTIONS = PointSource(
    select=select_institutions,
    key=Institution.organization_id,
    geom=Institution.site_geom,
    filters={
        "region_code": lambda code: Institution.site_emd_code.startswith(code, autoescape=True),
        "institution_type": lambda kind: Institution.institution_type == kind,
        "local_government_code": lambda code: Institution.local_government_code == code,
    },
    bbox=WORLD,
)

PROPOSALS = PointSource(
    select=select_proposals,
    key=Proposal.id,
    geom=Proposal.public_geom,
    filters={
        "region_code": lambda code: Proposal.emd_code.startswith(code, autoescape=True),
        "category": lambda category: Proposal.category == category,
        "status": lambda status: Proposal.status == status,
    },
    bbox=KOREA,
    moment=Proposal.submitted_at,
    first_moment=select(Proposal.submitted_at)
    .where(Proposal.submitted_at.is_not(None), Proposal.status.in_(LISTED))
    .order_by(Proposal.submitted_at)
    .limit(1),
)

PLACEMENTS = PointSource(
    select=select_placements,
    key=Placement.id,
    geom=Placement.site_geom,
    filters={
        "region_code": placed_within,
        "category": lambda category: Product.category == category,
        "round": lambda code: Round.code == code,
    },
    bbox=WORLD,
    moment=Placement.placed_at,
    # A plan's placements are made when it is published; there are far fewer plans.
    first_moment=select(func.min(MatchingRun.published_at)).where(stands()),
)


def _feature(row: Any) -> Feature:
    place = geojson.point(row.lon, row.lat)["coordinates"]
    return Feature(str(row.id), f'{{"type":"Point","coordinates":{place}}}', row)
