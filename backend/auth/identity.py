"""Owns the frozen picture of a caller; where memberships are stored is not known here."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person is for an organization; a citizen has no role at all."""

    REVIEWER = "reviewer"
    """Reviews the proposals of a local government."""

    MANAGER = "manager"
    """Reviews, ranks and invites staff for a local government."""

    APPLICANT = "applicant"
    """Applies for products on behalf of an institution."""

    SUPPLIER = "supplier"
    """Keeps a supplier's products."""

    OFFICER = "officer"
    """Runs rounds at the Public Procurement Service."""

    AUDITOR = "auditor"
    """Reads plans and the audit chain."""

    ADMIN = "admin"
    """Keeps organizations and invites the first staff of each."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One role at one organization.

    :param local_government_code: set when the organization is a local government.
    """

    organization_id: UUID
    role: Role
    local_government_code: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is calling; `account_id` is None for somebody who is not signed in.

    :param sign_in_id: by which of their sign-ins.
    :param lacks_second_factor: they hold roles, none of which counts before they have set one up.
    """

    account_id: UUID | None = None
    memberships: Collection[Membership] = ()
    sign_in_id: UUID | None = None
    lacks_second_factor: bool = False

    def has_role(self, *roles: Role) -> bool:
        """Tell whether the caller has one of `roles` anywhere."""
        return any(membership.role in roles for membership in self.memberships)

    def serves_organization(self, organization_id: UUID | None, *roles: Role) -> bool:
        """Tell whether the caller has one of `roles` at that organization."""
        return any(
            membership.role in roles and membership.organization_id == organization_id
            for membership in self.memberships
        )

    def serves_local_government(self, code: str | None, *roles: Role) -> bool:
        """Tell whether the caller has one of `roles` at that local government."""
        return code is not None and any(
            membership.role in roles and membership.local_government_code == code
            for membership in self.memberships
        )


ANONYMOUS = Identity()
"""Somebody who is not signed in."""
