"""Owns telling which of the accepted reference systems a file is in; moves no coordinate."""

from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.orm import SRID_KOREA, SRID_WGS84

SRID_CENTRAL_BELT = 5186
"""Korea 2000 / Central Belt 2010: the plane of most official downloads."""

ACCEPTED = (SRID_WGS84, SRID_KOREA, SRID_CENTRAL_BELT)


class UnknownReference(ValueError):
    """A file whose reference system is missing, contradicted or none of the accepted ones."""


def accepted_srid(declared: str | None, given: int | None) -> int:
    """Return the EPSG code that a file's coordinates are in.

    :param declared: what the file says, as text or WKT; None when it says nothing.
    :param given: what the operator says, None for nothing.
    :raises UnknownReference: when neither names an accepted system, or the two disagree.
    """
    names = ", ".join(f"EPSG:{srid}" for srid in ACCEPTED)
    if given is not None and given not in ACCEPTED:
        msg = f"EPSG:{given} is not one of {names}"
        raise UnknownReference(msg)
    if not declared:
        if given is None:
            msg = f"the file declares no reference system: name it with --srid ({names})"
            raise UnknownReference(msg)
        return given
    found = _recognized(declared)
    if found is None:
        msg = f"the file is in {_short(declared)}, not in one of {names}: convert it first"
        raise UnknownReference(msg)
    if given is not None and given != found:
        msg = f"the file declares EPSG:{found}, not EPSG:{given}"
        raise UnknownReference(msg)
    return found


def _recognized(declared: str) -> int | None:
    """Return the accepted system that a declaration means, whatever it calls it.

    ESRI's texts carry no EPSG code and often a name of their own, so projections are compared by
    their parameters and their ellipsoid.
    """
    try:
        crs = CRS.from_user_input(declared)
    except CRSError:
        return None
    for srid in ACCEPTED:
        accepted = CRS.from_epsg(srid)
        if crs.equals(accepted, ignore_axis_order=True):
            return srid
        if crs.is_projected and accepted.is_projected and _plane(crs) == _plane(accepted):
            return srid
    return None


def _plane(crs: CRS) -> tuple[object, ...]:
    operation, ellipsoid = crs.coordinate_operation, crs.ellipsoid
    if operation is None or ellipsoid is None:
        return ()
    parameters = sorted((each.name, round(float(each.value), 6)) for each in operation.params)
    return (
        operation.method_name,
        tuple(parameters),
        round(ellipsoid.semi_major_metre, 3),
        round(ellipsoid.inverse_flattening, 6),
    )


def _short(declared: str) -> str:
    try:
        return str(CRS.from_user_input(declared).name)
    except CRSError:
        return declared[:60]
