"""Owns the building of a caller's identity out of an account and its memberships."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.accounts.models import Account, SignIn
from backend.accounts.second_factor.models import SecondFactor
from backend.accounts.tokens import Caller, TokenInvalid
from backend.auth.identity import Identity, Role
from backend.auth.identity import Membership as HeldRole
from backend.organizations.models import Membership, Organization

_ROLES = (
    select(
        Account.disabled_at,
        Membership.organization_id,
        Membership.role,
        Organization.local_government_code,
    )
    .join(SignIn, SignIn.account_id == Account.id)
    .outerjoin(Membership, (Membership.account_id == Account.id) & Membership.ended_at.is_(None))
    .outerjoin(Organization, Membership.organization_id == Organization.id)
    .where(
        Account.id == bindparam("account_id"),
        SignIn.id == bindparam("sign_in_id"),
        SignIn.ended_at.is_(None),
    )
)
"""Columns of every request, hence no entities, and built once."""

_ROLES_AND_SECOND_FACTOR = _ROLES.add_columns(SecondFactor.confirmed_at).outerjoin(
    SecondFactor, SecondFactor.account_id == Account.id
)


def load_identity(
    session: Session, caller: Caller, *, is_second_factor_required: bool = False
) -> Identity:
    """Return who an account is now: a role or a sign-in that ended a moment ago is not in it.

    :param is_second_factor_required: roles count only for who has a confirmed second factor.
    :raises TokenInvalid: when the account is gone or closed, or the device was signed out.
    """
    statement = _ROLES_AND_SECOND_FACTOR if is_second_factor_required else _ROLES
    rows = session.execute(statement, caller._asdict()).all()
    if not rows or rows[0].disabled_at is not None:
        raise TokenInvalid
    held = tuple(
        HeldRole(row.organization_id, Role(row.role), row.local_government_code)
        for row in rows
        if row.organization_id is not None
    )
    if is_second_factor_required and held and rows[0].confirmed_at is None:
        return Identity(caller.account_id, (), caller.sign_in_id, lacks_second_factor=True)
    return Identity(caller.account_id, held, caller.sign_in_id)
