"""Owns deciding about a record that a change of the boundaries left to a person."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts import remapping as accounts
from backend.audit.service import record
from backend.catalogue import remapping as catalogue
from backend.errors import Conflict, Invalid
from backend.generations.queries import lock_case
from backend.organizations import remapping as organizations
from backend.organizations.sites import check_jurisdiction
from backend.proposals import remapping as proposals
from backend.proposals.queries import lock_proposal
from backend.regions.models import BoundaryCase
from backend.regions.service import get_neighbourhood
from backend.reviews.remapping import follow_proposal
from backend.rounds import remapping as rounds
from geo.regions import Region

PlaceRecord = Callable[[Session, UUID, UUID, Region], None]

PLACES: Mapping[str, PlaceRecord] = {
    "residence": accounts.place_residence,
    "proposal": proposals.place_proposal,
    "proposal_residence": proposals.place_residence,
    "institution": organizations.place_institution,
    "application": rounds.place_application,
    "placement": rounds.place_placement,
}
"""Who gives a record of a type the neighbourhood that was decided."""

GOVERNMENTS: Mapping[str, Callable[[Session, UUID, UUID, str], None]] = {
    "local_government": organizations.move_staff_to,
    "product": catalogue.give_to,
}
"""Who gives what belongs to a government that is gone to the one that was decided."""


class CaseClosed(Conflict):
    """Somebody decided before, or the change was rolled back."""

    code = "boundary_case_closed"
    ko = "이미 처리된 확인 대상입니다."
    en = "This case has been closed already."


class OneCodeNeeded(Invalid):
    """A place is in one neighbourhood, and staff go to one government."""

    code = "one_code_needed"
    ko = "코드를 하나만 골라 주세요."
    en = "Choose exactly one code."


def decide_case(
    session: Session,
    *,
    change_id: UUID,
    case_id: UUID,
    codes: Sequence[str],
    actor_id: UUID,
    now: datetime,
) -> BoundaryCase:
    """Decide where a record belongs; the same decision again changes nothing.

    :param codes: of the neighbourhood; of the local government for its staff and products; of all
        parts of a jurisdiction.
    :raises BoundaryCaseNotFound: when the change left no such case.
    :raises CaseClosed: when another decision was made, or the change was rolled back.
    :raises OneCodeNeeded: when a single code is wanted.
    :raises RegionUnknown, RegionTooCoarse: when it names no neighbourhood in force.
    :raises JurisdictionUnknown: when a part is not in force.
    :raises LocalGovernmentUnknown: when no local government has the code.
    """
    case = lock_case(session, change_id, case_id)
    if case.closed_at is not None:
        if case.decided_codes == list(codes):
            return case
        raise CaseClosed
    _carry_out(session, case, codes)
    case.closed_at, case.closed_by = now, actor_id
    case.outcome, case.decided_codes = "decided", list(codes)
    record(
        session,
        action="boundary_case.decided",
        subject_type=case.subject_type,
        subject_id=case.subject_id,
        actor_id=actor_id,
        now=now,
        data={"case": str(case.id), "codes": list(codes)},
    )
    return case


def _carry_out(session: Session, case: BoundaryCase, codes: Sequence[str]) -> None:
    if case.subject_type == organizations.JURISDICTION.subject_type:
        check_jurisdiction(session, codes, scope="regions")
        organizations.set_jurisdiction(session, case.change_id, case.subject_id, list(codes))
        return
    if len(codes) != 1:
        raise OneCodeNeeded(field="json.region_codes")
    (code,) = codes
    if case.subject_type in GOVERNMENTS:
        GOVERNMENTS[case.subject_type](session, case.change_id, case.subject_id, code)
        return
    region = get_neighbourhood(session, code=code, field="json.region_codes.0")
    PLACES[case.subject_type](session, case.change_id, case.subject_id, region)
    if case.subject_type == proposals.PLACE.subject_type:
        follow_proposal(session, case.change_id, lock_proposal(session, case.subject_id))
