"""Owns the states of invitations and memberships, read from their times, and what may follow."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from backend.errors import DomainError, Gone, NotFound
from backend.organizations.models import Invitation, Membership


class InvitationState(StrEnum):
    """Where an invitation stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    EXPIRED = "expired"


class MembershipState(StrEnum):
    """Where a membership stands."""

    CURRENT = "current"
    ENDED = "ended"


class InvitationUsed(Gone):
    """Somebody has accepted the invitation already."""

    code = "invitation_used"
    ko = "이미 사용한 초대입니다."
    en = "This invitation was used already."


class InvitationExpired(Gone):
    """The invitation was not accepted in time, or another took its place."""

    code = "invitation_expired"
    ko = "기간이 지났거나 새 초대로 바뀐 초대입니다. 초대한 기관에 새 초대를 요청해 주세요."
    en = "This invitation has expired or was replaced. Ask the organization for a new one."


class MembershipNotFound(NotFound):
    """Nobody works for the organization under that id, now."""

    code = "membership_not_found"
    ko = "이 기관에서 지금 일하는 구성원이 아닙니다."
    en = "There is no such current member of this organization."


_ACCEPTABLE: Mapping[InvitationState, type[DomainError] | None] = {
    InvitationState.OPEN: None,
    InvitationState.ACCEPTED: InvitationUsed,
    InvitationState.EXPIRED: InvitationExpired,
}
_ENDABLE: Mapping[MembershipState, type[DomainError] | None] = {
    MembershipState.CURRENT: None,
    MembershipState.ENDED: MembershipNotFound,
}
"""From which state the one change of each is possible (None), or why it is not."""


def invitation_state(invitation: Invitation, now: datetime) -> InvitationState:
    """Return where an invitation stands at a time."""
    if invitation.accepted_at is not None:
        return InvitationState.ACCEPTED
    return InvitationState.OPEN if now < invitation.expires_at else InvitationState.EXPIRED


def membership_state(membership: Membership) -> MembershipState:
    """Return where a membership stands."""
    return MembershipState.ENDED if membership.ended_at else MembershipState.CURRENT


def mark_accepted(invitation: Invitation, now: datetime) -> None:
    """Accept an invitation.

    :raises InvitationUsed: when it was accepted before.
    :raises InvitationExpired: when its time is over.
    """
    _refuse(_ACCEPTABLE[invitation_state(invitation, now)])
    invitation.accepted_at = now


def mark_expired(invitation: Invitation, now: datetime) -> None:
    """End the time of an open invitation, because another takes its place."""
    if invitation_state(invitation, now) is InvitationState.OPEN:
        invitation.expires_at = now


def mark_ended(membership: Membership, now: datetime) -> None:
    """End a membership.

    :raises MembershipNotFound: when it has ended before.
    """
    _refuse(_ENDABLE[membership_state(membership)])
    membership.ended_at = now


def _refuse(error: type[DomainError] | None) -> None:
    if error is not None:
        raise error
