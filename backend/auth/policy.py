"""Who may do what, on one page: a permission is held when every predicate of one line holds."""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum

from backend.auth import predicates as p
from backend.auth.identity import Identity
from backend.auth.permissions import Permission as P

Predicate = Callable[[Identity, object], bool]

PERMISSION_MAP: Mapping[StrEnum, Sequence[Sequence[Predicate]]] = {
    P.Me.READ: [[p.signed_in]],
    P.Me.EDIT: [[p.signed_in]],
    P.Me.SECURE: [[p.signed_in]],
    P.Me.EXPORT: [[p.signed_in]],
    P.Me.ERASE: [[p.signed_in]],
    P.Organization.CREATE: [[p.is_officer], [p.is_admin]],
    P.Organization.EDIT: [[p.is_officer], [p.is_admin], [p.applies_for_organization]],
    P.Organization.CLASSIFY: [[p.is_officer], [p.is_admin]],
    P.Organization.READ_MEMBERS: [[p.is_admin], [p.works_for_organization]],
    P.Organization.INVITE: [[p.is_admin], [p.manages_organization]],
    P.Proposal.CREATE: [[p.signed_in]],
    P.Proposal.READ: [[p.subject_is_public], [p.is_author], [p.is_co_author]],
    P.Proposal.READ_PRIVATE: [
        [p.is_author],
        [p.is_co_author],
        [p.subject_is_public, p.reviews_for_local_government],
    ],
    P.Proposal.EDIT: [[p.is_author], [p.is_co_author]],
    P.Proposal.DISCARD: [[p.is_author]],
    P.Proposal.INVITE: [[p.is_author]],
    P.Proposal.SUBMIT: [[p.is_author]],
    P.Proposal.ENDORSE: [[p.signed_in, p.subject_is_public]],
    P.Photo.REDACT: [[p.subject_is_public, p.reviews_for_local_government]],
    P.Upload.SEND: [[p.is_author]],
    P.Proposal.FOLLOW: [[p.signed_in, p.subject_is_public]],
    P.Comment.READ: [[p.subject_is_public]],
    P.Comment.WRITE: [[p.signed_in, p.subject_is_public]],
    P.Comment.EDIT: [[p.is_author]],
    P.Comment.REPORT: [[p.signed_in, p.subject_is_public]],
    P.Comment.READ_REPORTS: [[p.reviews_for_local_government]],
    P.Comment.MODERATE: [[p.reviews_for_local_government]],
    P.Review.READ_QUEUE: [[p.reviews_for_local_government]],
    P.Review.DECIDE: [[p.reviews_for_local_government]],
    P.Review.MERGE: [[p.reviews_for_local_government]],
    P.Review.RANK: [[p.reviews_for_local_government]],
    P.Product.EDIT: [[p.is_officer]],
    P.Round.READ_DRAFT: [[p.subject_is_public], [p.is_officer], [p.is_auditor]],
    P.Round.EDIT: [[p.is_officer]],
    P.Round.AMEND: [[p.is_officer]],
    P.Round.MOVE_MONEY: [[p.is_officer]],
    P.Round.DECLARE_INTEREST: [[p.is_officer]],
    P.Round.READ_INTERESTS: [[p.is_officer], [p.is_auditor]],
    P.Round.READ_APPLICATIONS: [[p.is_officer], [p.is_auditor]],
    P.Round.READ_PLAN: [[p.subject_is_public], [p.is_officer], [p.is_auditor]],
    P.Round.FREEZE: [[p.is_officer]],
    P.Round.ENTER_SEED: [[p.is_officer]],
    P.Round.RUN: [[p.is_officer]],
    P.Round.SIMULATE: [[p.is_officer]],
    P.Round.APPROVE: [[p.is_officer]],
    P.Round.PUBLISH: [[p.is_officer]],
    P.Offer.WITHDRAW: [[p.supplies_for_organization], [p.is_officer]],
    P.Placement.RECORD_CONTRACT: [[p.is_officer]],
    P.Placement.WITHDRAW: [[p.applies_for_organization], [p.is_officer]],
    P.Placement.DECIDE_VACANCY: [[p.is_officer]],
    P.Application.READ: [[p.is_officer], [p.is_auditor], [p.applies_for_organization]],
    P.Application.EDIT: [[p.applies_for_organization]],
    P.PlanObjection.FILE: [[p.signed_in]],
    P.PlanObjection.READ: [[p.is_author], [p.is_officer], [p.is_auditor]],
    P.PlanObjection.READ_DESK: [[p.is_officer], [p.is_auditor]],
    P.PlanObjection.WITHDRAW: [[p.is_author]],
    P.PlanObjection.DECIDE: [[p.is_officer]],
    P.BoundaryChange.READ: [[p.is_officer], [p.is_admin], [p.is_auditor]],
    P.BoundaryChange.DECIDE: [[p.is_officer], [p.is_admin]],
    P.Audit.READ: [[p.is_auditor], [p.is_admin]],
}

WITHOUT_SECOND_FACTOR: Collection[StrEnum] = (P.Me.SECURE,)
"""All that is left to staff who have to set up a second factor first."""


def permits(identity: Identity, permission: StrEnum, subject: object = None) -> bool:
    """Tell whether the caller holds a permission on a subject; what is not listed is denied.

    :param subject: what the permission is about; None where it is about nothing in particular.
    """
    if identity.lacks_second_factor and permission not in WITHOUT_SECOND_FACTOR:
        return False
    return any(
        all(predicate(identity, subject) for predicate in line)
        for line in PERMISSION_MAP.get(permission, ())
    )
