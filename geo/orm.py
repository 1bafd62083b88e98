"""Owns the declarative base, the constraint naming convention and the spatial column types.

Owns no table: each package maps its own on `Base`.
"""

from datetime import datetime
from typing import Annotated, Any, cast

from geoalchemy2 import Geometry
from psycopg import Connection as DriverConnection
from sqlalchemy import Connection, DateTime, Engine, MetaData, text
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, registry, scoped_session

SRID_WGS84 = 4326
"""Longitude and latitude in degrees, as GeoJSON (RFC 7946) and phones give them."""

SRID_KOREA = 5179
"""Korea 2000 / Unified CS: the plane in which metres are measured."""

SRID_WEB = 3857
"""Web Mercator: the plane of vector tiles, never used to measure."""

Executor = Connection | Session | scoped_session[Session]
"""What reads and writes go through; its owner begins and ends the transaction."""


def engine_of(conn: Executor) -> Engine:
    """Return the engine behind a connection or session, which stands for its database."""
    connection = conn if isinstance(conn, Connection) else conn.connection()
    return connection.engine


def driver_of(conn: Executor) -> DriverConnection[Any]:
    """Return the driver's own connection, inside whatever transaction has begun."""
    connection = conn if isinstance(conn, Connection) else conn.connection()
    return cast("DriverConnection[Any]", connection.connection.driver_connection)


def lift_time_limits(conn: Executor) -> None:
    """Lift the limits that are made for requests, until the transaction ends."""
    for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        conn.execute(text(f"SET LOCAL {limit} = 0"))


class Base(DeclarativeBase):
    """Base of every mapped class; constraints get names that migrations can rely on."""

    # A registry of our own, because Flask-SQLAlchemy derives a class from this one.
    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: DateTime(timezone=True)},
    )


def spatial(geometry_type: str, srid: int = SRID_WGS84) -> Geometry:
    """Return a geometry column type whose index, if any, is declared by its table.

    GeoAlchemy2 would otherwise add an index of its own that Alembic then finds twice.

    :param geometry_type: PostGIS type name, such as ``POINT`` or ``MULTIPOLYGON``.
    :param srid: spatial reference of the column.
    """
    return Geometry(geometry_type, srid=srid, spatial_index=False)


Point = Annotated[Any, mapped_column(spatial("POINT"))]
"""A WGS 84 point; assign with ``from_shape(shape, srid=4326)``."""
