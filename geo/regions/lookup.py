"""Owns reading regions and governments of the generation in force by their codes."""

from sqlalchemy import select

from geo.orm import Executor
from geo.regions.codes import level_of, normalize_code
from geo.regions.facts import (
    LocalGovernment,
    Region,
    active_id,
    select_governments,
    select_regions,
)
from geo.regions.models import LocalGovernmentRow, RegionRow


class RegionNotFound(LookupError):
    """No region in force has the code."""


class LocalGovernmentNotFound(LookupError):
    """No local government in force has the code, or answers for the region."""


def find_region(conn: Executor, code: str) -> Region | None:
    """Return a region in force by its code, or None.

    :param code: region code, or a ten-digit legal-dong code (a ri gives its eup or myeon).
    :raises InvalidRegionCode: when the text is no code at all.
    """
    statement = select_regions().where(
        RegionRow.generation_id == active_id(), RegionRow.code == normalize_code(code)
    )
    row = conn.execute(statement).one_or_none()
    return Region(*row) if row else None


def get_region(conn: Executor, code: str) -> Region:
    """Return a region in force by its code.

    :param code: region code, or a ten-digit legal-dong code (a ri gives its eup or myeon).
    :raises InvalidRegionCode: when the text is no code at all.
    :raises RegionNotFound: when no region in force has it.
    """
    region = find_region(conn, code)
    if region is None:
        raise RegionNotFound(code)
    return region


def list_regions(conn: Executor, level: int) -> list[Region]:
    """Return all regions in force of a level, in code order.

    :param level: 1 sido, 2 sigungu, 3 emd.
    """
    statement = select_regions().where(
        RegionRow.generation_id == active_id(), RegionRow.level == level
    )
    return [Region(*row) for row in conn.execute(statement.order_by(RegionRow.code))]


def list_children(conn: Executor, code: str) -> list[Region]:
    """Return the regions directly below one, in code order; an emd has none.

    :raises InvalidRegionCode: when the text is no code at all.
    :raises RegionNotFound: when no region in force has it.
    """
    parent = get_region(conn, code)
    statement = select_regions().where(RegionRow.parent_id == parent.id).order_by(RegionRow.code)
    return [Region(*row) for row in conn.execute(statement)]


def list_parents(conn: Executor, code: str) -> list[Region]:
    """Return the regions above one, the sido first; a sido has none.

    :raises InvalidRegionCode: when the text is no code at all.
    """
    code = normalize_code(code)
    above = [code[:2], code[:5]][: level_of(code) - 1]
    statement = select_regions().where(
        RegionRow.generation_id == active_id(), RegionRow.code.in_(above)
    )
    return [Region(*row) for row in conn.execute(statement.order_by(RegionRow.level))]


def list_local_governments(conn: Executor) -> list[LocalGovernment]:
    """Return all local governments in force, in code order."""
    statement = select_governments().where(LocalGovernmentRow.generation_id == active_id())
    rows = conn.execute(statement.order_by(LocalGovernmentRow.code))
    return [LocalGovernment(*row) for row in rows]


def get_local_government(conn: Executor, code: str) -> LocalGovernment:
    """Return a local government in force by its code.

    :param code: five digits for a basic one (44130), two for an upper or single-tier one (44, 36).
    :raises LocalGovernmentNotFound: when none in force has it.
    """
    # No code has anything but digits, and the database cannot even compare every text.
    if not code.isdecimal():
        raise LocalGovernmentNotFound(code)
    statement = select_governments().where(
        LocalGovernmentRow.generation_id == active_id(), LocalGovernmentRow.code == code
    )
    row = conn.execute(statement).one_or_none()
    if row is None:
        raise LocalGovernmentNotFound(code)
    return LocalGovernment(*row)


def local_government_of(conn: Executor, code: str) -> LocalGovernment:
    """Return the local government that answers for a region: for an emd or sigungu the basic or
    single-tier one, for a sido its own.

    :param code: region code, or a ten-digit legal-dong code.
    :raises InvalidRegionCode: when the text is no code at all.
    :raises LocalGovernmentNotFound: when no region in force has the code.
    """
    code_of_government = (
        select(RegionRow.local_government_code)
        .where(RegionRow.generation_id == active_id(), RegionRow.code == normalize_code(code))
        .scalar_subquery()
    )
    statement = select_governments().where(
        LocalGovernmentRow.generation_id == active_id(),
        LocalGovernmentRow.code == code_of_government,
    )
    row = conn.execute(statement).one_or_none()
    if row is None:
        raise LocalGovernmentNotFound(code)
    return LocalGovernment(*row)


def list_basic_of(conn: Executor, code: str) -> list[LocalGovernment]:
    """Return the basic governments below an upper one, in code order; any other has none.

    :param code: code of the local government.
    """
    statement = select_governments().where(
        LocalGovernmentRow.generation_id == active_id(), LocalGovernmentRow.upper_code == code
    )
    rows = conn.execute(statement.order_by(LocalGovernmentRow.code))
    return [LocalGovernment(*row) for row in rows]


def list_sigungu_of(conn: Executor, code: str) -> list[Region]:
    """Return the sigungu that a local government governs, in code order; an upper one, all of its
    sido's.

    :param code: code of the local government.
    """
    governed = (
        RegionRow.code.startswith(code, autoescape=True)
        if len(code) == 2
        else RegionRow.local_government_code == code
    )
    statement = select_regions().where(
        RegionRow.generation_id == active_id(), RegionRow.level == 2, governed
    )
    return [Region(*row) for row in conn.execute(statement.order_by(RegionRow.code))]
