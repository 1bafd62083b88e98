"""Owns inviting the staff of many local governments from one table, row by row."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.auth.identity import Role
from backend.organizations.invitations import Offer, find_open_invitation, invite
from backend.organizations.queries import get_local_government_organization

COLUMNS = ("code", "email", "role")


class RosterUnreadable(ValueError):
    """The table has not the columns that it needs."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table as it was written; `cells` are None where the line is ragged."""

    line: int
    cells: dict[str, str] | None


def read_roster(text: str) -> Iterator[Row]:
    """Yield the rows of a CSV text whose first line is ``code,email,role``, in any order.

    :raises RosterUnreadable: when the first line is another.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = [name.strip().lower() for name in reader.fieldnames or ()]
    if sorted(header) != sorted(COLUMNS):
        msg = f"the first line must be {','.join(COLUMNS)}"
        raise RosterUnreadable(msg)
    reader.fieldnames = header
    for found in reader:
        ragged = None in found or None in found.values()
        cells = None if ragged else {name: found[name].strip() for name in COLUMNS}
        yield Row(reader.line_num, cells)


def invite_from_roster(
    session: Session,
    *,
    code: str,
    email: str,
    role: Role,
    renew: bool,
    now: datetime,
    life: timedelta,
) -> Offer | datetime:
    """Invite one person of the table, unless an earlier run did so already.

    :param code: of the local government.
    :param renew: replace an open invitation.
    :param life: how long the token can be used.
    :returns: the invitation and its token, or until when an earlier one is open.
    :raises LocalGovernmentUnknown: when no organization has the code.
    :raises DomainError: when the invitation cannot be made, as `invite` names it.
    """
    organization = get_local_government_organization(session, code)
    open_before = find_open_invitation(
        session, organization_id=organization.id, role=role, email=email, now=now
    )
    if open_before is not None and not renew:
        return open_before.expires_at
    return invite(
        session,
        organization_id=organization.id,
        role=role,
        email=email,
        invited_by=None,
        now=now,
        life=life,
    )
