"""Owns what is said of a position that lies nowhere near: swapped, impossible, or abroad."""

from collections.abc import Iterator
from contextlib import contextmanager

from backend.regions import errors
from geo.crs import InvalidCoordinates, SwappedAxes
from geo.proximity import OutsidePlane


@contextmanager
def position_checked(lon: float, lat: float, field: str = "query") -> Iterator[None]:
    """Turn what the block raises about a position into the domain's errors.

    :raises CoordinatesSwapped: when the pair is evidently (lat, lon).
    :raises CoordinatesInvalid: when it is no position at all.
    :raises PointOutsideKorea: when nothing is measured there.
    """
    try:
        yield
    except SwappedAxes as exc:
        raise errors.CoordinatesSwapped(field=field, lon=lon, lat=lat) from exc
    except InvalidCoordinates as exc:
        raise errors.CoordinatesInvalid(field=field) from exc
    except OutsidePlane as exc:
        raise errors.PointOutsideKorea(field=field) from exc
