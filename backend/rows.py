"""Owns rows as plain values, for a person's copy of what is stored about them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, cast
from uuid import UUID

from geoalchemy2 import WKBElement
from geoalchemy2.shape import to_shape
from shapely.geometry import mapping
from sqlalchemy import ColumnElement, LargeBinary, Table, select
from sqlalchemy.orm import Session

from geo.orm import Base

ACCOUNT = "account.id"
"""What a column refers to that names a person."""

ROWS_AT_ONCE = 500
"""Rows that are in memory at a time, however many there are."""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table that are a person's.

    :param name: of the file that they go into, without an ending.
    :param where: which rows.
    :param without: columns that are left out: secrets, and what the rows mean to nobody outside.
    """

    name: str
    model: type[Base]
    where: ColumnElement[bool]
    without: Collection[str] = ()

    @property
    def table(self) -> Table:
        """Return the table."""
        return cast("Table", self.model.__table__)


def read_part(session: Session, part: Part, *, account_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield the rows of a part as JSON values, in the order of their keys.

    Bytes are left out, as they are hashes and sealed secrets, and so is every other person.

    :param account_id: whose copy it is: columns that name another account are left out.
    """
    table = part.table
    columns = [
        column
        for column in table.columns
        if column.name not in part.without and not isinstance(column.type, LargeBinary)
    ]
    persons = {
        column.name
        for column in columns
        if any(key.target_fullname == ACCOUNT for key in column.foreign_keys)
    }
    statement = select(*columns).where(part.where).order_by(*table.primary_key.columns)
    rows = session.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE})
    for row in rows.mappings():
        yield {
            name: as_json(value)
            for name, value in row.items()
            if name not in persons or value in (account_id, None)
        }


def as_json(value: Any) -> Any:
    """Return a column's value as JSON has it: times in UTC, places as GeoJSON (RFC 7946)."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, WKBElement):
        return mapping(to_shape(value))
    return value
