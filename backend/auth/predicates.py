"""Owns the small true-or-false questions that the policy is made of; each is pure.

A predicate takes the caller and the subject at hand. Subjects are known by what they offer
(Protocols), so that no domain is imported here.
"""

from collections.abc import Collection
from typing import Protocol, cast
from uuid import UUID

from backend.auth.identity import Identity, Role


class HasAuthor(Protocol):
    """Something that a person wrote."""

    author_id: UUID


class HasCoAuthors(Protocol):
    """Something that several people may have written."""

    @property
    def co_author_ids(self) -> Collection[UUID]:
        """Return who wrote it besides its author."""
        ...


class HasLocalGovernment(Protocol):
    """Something that lies in the competence of one local government."""

    local_government_code: str | None


class IsPublic(Protocol):
    """Something that is private at first."""

    @property
    def is_public(self) -> bool:
        """Tell whether everybody may see it."""
        ...


class BelongsToOrganization(Protocol):
    """Something that is an organization's own; an organization is its own."""

    organization_id: UUID


class MayBelongToOrganization(Protocol):
    """Something that is an organization's own, or nobody's that is known."""

    @property
    def organization_id(self) -> UUID | None:
        """Return whose it is."""
        ...


def signed_in(identity: Identity, subject: object) -> bool:  # noqa: ARG001 (a predicate's shape)
    """The caller has an account."""
    return identity.account_id is not None


def is_author(identity: Identity, subject: object) -> bool:
    """The caller wrote the subject."""
    return (
        identity.account_id is not None
        and cast("HasAuthor", subject).author_id == identity.account_id
    )


def is_co_author(identity: Identity, subject: object) -> bool:
    """The caller writes the subject together with its author."""
    return (
        identity.account_id is not None
        and identity.account_id in cast("HasCoAuthors", subject).co_author_ids
    )


def subject_is_public(identity: Identity, subject: object) -> bool:  # noqa: ARG001
    """The subject is there for everybody."""
    return cast("IsPublic", subject).is_public


def is_officer(identity: Identity, subject: object) -> bool:  # noqa: ARG001
    """The caller runs rounds."""
    return identity.has_role(Role.OFFICER)


def is_auditor(identity: Identity, subject: object) -> bool:  # noqa: ARG001
    """The caller may read everything that has to be checkable."""
    return identity.has_role(Role.AUDITOR)


def is_admin(identity: Identity, subject: object) -> bool:  # noqa: ARG001
    """The caller keeps the installation."""
    return identity.has_role(Role.ADMIN)


def reviews_for_local_government(identity: Identity, subject: object) -> bool:
    """The caller reviews for the local government that is competent for the subject."""
    code = cast("HasLocalGovernment", subject).local_government_code
    return identity.serves_local_government(code, Role.REVIEWER, Role.MANAGER)


def manages_organization(identity: Identity, subject: object) -> bool:
    """The caller manages the organization that the subject is or belongs to."""
    organization_id = cast("BelongsToOrganization", subject).organization_id
    return identity.serves_organization(organization_id, Role.MANAGER)


def works_for_organization(identity: Identity, subject: object) -> bool:
    """The caller has any role at the organization that the subject is or belongs to."""
    organization_id = cast("BelongsToOrganization", subject).organization_id
    return identity.serves_organization(organization_id, *Role)


def applies_for_organization(identity: Identity, subject: object) -> bool:
    """The caller applies on behalf of the institution that the subject is or belongs to."""
    organization_id = cast("BelongsToOrganization", subject).organization_id
    return identity.serves_organization(organization_id, Role.APPLICANT)


def supplies_for_organization(identity: Identity, subject: object) -> bool:
    """The caller keeps the products of the supplier that the subject is or belongs to."""
    organization_id = cast("MayBelongToOrganization", subject).organization_id
    return organization_id is not None and identity.serves_organization(
        organization_id, Role.SUPPLIER
    )
