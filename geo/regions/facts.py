"""Owns what callers learn about regions, governments and places, as frozen records."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from geo.orm import Executor
from geo.regions.codes import legal_dong_code, level_name
from geo.regions.models import GenerationRow, LocalGovernmentRow, RegionRow


@dataclass(frozen=True, slots=True)
class Region:
    """One administrative area; `lon`, `lat` is a point inside it, for labels."""

    id: int
    generation_id: int
    level: int
    code: str
    name: str
    name_en: str | None
    full_name: str
    full_name_en: str | None
    parent_id: int | None
    local_government_code: str
    provenance: str
    area_km2: float
    lon: float
    lat: float

    @property
    def level_name(self) -> str:
        """Return sido, sigungu or emd."""
        return level_name(self.level)

    @property
    def legal_dong_code(self) -> str:
        """Return the ten-digit code of the ministry's table."""
        return legal_dong_code(self.code)


@dataclass(frozen=True, slots=True)
class LocalGovernment:
    """A self-governing body; `kind` is upper, basic or single_tier."""

    generation_id: int
    code: str
    kind: str
    name: str
    full_name: str
    upper_code: str | None


@dataclass(frozen=True, slots=True)
class Generation:
    """One state of the boundaries and the date of its data."""

    id: int
    label: str
    state: str
    layer_key: str
    data_date: date
    loaded_at: datetime
    activated_at: datetime | None


@dataclass(frozen=True, slots=True)
class BorderCandidate:
    """A neighbouring region so near that the point may belong to it."""

    region: Region
    distance_m: float


@dataclass(frozen=True, slots=True)
class Location:
    """What is known of a point: its regions, its government, and how sure that is.

    `match` is `inside`, or `nearest` for a point off the coast, `distance_m` metres away.
    """

    emd: Region
    sigungu: Region
    sido: Region
    local_government: LocalGovernment
    match: str
    distance_m: float
    generation_id: int
    data_date: date
    border: tuple[BorderCandidate, ...]


class NoActiveGeneration(LookupError):
    """No boundaries are in force; `flask regions load` loads them."""


class UnknownGeneration(LookupError):
    """No boundaries of that number are or were in force."""


def active_generation(conn: Executor) -> Generation:
    """Return the generation in force.

    :raises NoActiveGeneration: when none is.
    """
    row = conn.execute(select_generations().where(GenerationRow.state == "active")).one_or_none()
    if row is None:
        raise NoActiveGeneration("no boundaries are loaded")
    return Generation(*row)


def get_public_generation(conn: Executor, generation_id: int) -> Generation:
    """Return a generation that is or was in force; what never was is nobody's to see.

    :raises UnknownGeneration: when there is none.
    """
    statement = select_generations().where(
        GenerationRow.id == generation_id, GenerationRow.activated_at.is_not(None)
    )
    row = conn.execute(statement).one_or_none()
    if row is None:
        msg = f"generation {generation_id} was never in force"
        raise UnknownGeneration(msg)
    return Generation(*row)


def active_id() -> Any:
    """Return the subquery of the active generation's id."""
    return select(GenerationRow.id).where(GenerationRow.state == "active").scalar_subquery()


def select_generations() -> Select[Any]:
    """Return a select of the columns of `Generation`, in the order of its fields."""
    return select(*_columns(Generation, GenerationRow))


def select_regions() -> Select[Any]:
    """Return a select of the columns of `Region`, in the order of its fields."""
    *plain, _lon, _lat = Region.__dataclass_fields__
    return select(
        *(getattr(RegionRow, name) for name in plain),
        func.ST_X(RegionRow.label_point),
        func.ST_Y(RegionRow.label_point),
    )


def select_governments() -> Select[Any]:
    """Return a select of the columns of `LocalGovernment`, in the order of its fields."""
    return select(*_columns(LocalGovernment, LocalGovernmentRow))


def _columns(record: Any, row: Any) -> list[Any]:
    return [getattr(row, name) for name in record.__dataclass_fields__]
