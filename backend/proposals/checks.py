"""Owns what a proposal has to have before it is submitted, and what its author may want to mend.

The same list is shown beforehand and enforced on the submission, so that the two cannot differ.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.accounts.models import Residence
from backend.accounts.queries import find_residence
from backend.accounts.readiness import ensure_may_submit
from backend.errors import Conflict, DomainError, Unavailable
from backend.organizations.queries import find_local_government_organization
from backend.proposals.models import Proposal
from backend.proposals.similar.service import find_similar_to
from backend.proposals.states import TRANSITIONS, ProposalTransition
from geo.disclosure import RESIDENCE_REACH_M, home_stands_out
from geo.regions import list_emd_around

RECENT_MOVE = timedelta(days=30)
"""A residence declared within this time before the submission is flagged to the reviewer.

A first declaration counts too: where its author lived before is not known.
"""

SHORT_PROBLEM = 30
"""Characters below which reviewers mostly have to ask what is meant."""

VAGUE_POINT_M = 100.0
"""Uncertainty in metres beyond which a point may lie in another street."""


class ProposalIncomplete(Conflict):
    """A draft still lacks something that every submission has."""

    code = "proposal_incomplete"
    ko = "제출하기 전에 다음을 채워 주세요: {name_ko}"
    en = "Before the submission, fill in {name_en}."


class ResidenceNotDeclared(Conflict):
    """The author has not said where they live, which decides who is served first."""

    code = "residence_not_declared"
    ko = "제출하기 전에 사는 동네를 등록해 주세요."
    en = "Declare where you live before you submit."


class LocalGovernmentNotReady(Unavailable):
    """The competent local government takes no part yet, or not any more."""

    code = "local_government_not_ready"
    ko = "관할 지방자치단체가 아직 등록되지 않아 지금은 제출할 수 없습니다."
    en = "The competent local government is not registered, so nothing can be submitted to it yet."


@dataclass(frozen=True, slots=True)
class Check:
    """Something that is missing or doubtful.

    :param field: what of the proposal it is about; None for what lies outside it.
    :param refusal: what a submission is refused with; None where it goes through all the same.
    """

    code: str
    ko: str
    en: str
    field: str | None = None
    refusal: DomainError | None = None

    @property
    def blocking(self) -> bool:
        """Tell whether a submission is refused."""
        return self.refusal is not None


def find_checks(
    session: Session, proposal: Proposal, *, residence: Residence | None, now: datetime
) -> list[Check]:
    """Return what is missing or doubtful before a submission, what stops it first.

    :param residence: the first author's on record now; asked for the first time only.
    """
    found = [*_unready(session, proposal, now), *_missing(session, proposal, residence)]
    if proposal.submitted_at is None and residence is not None:
        found += _doubts_about_residence(residence, now)
        found += _doubts_about_disclosure(session, proposal, residence)
    return [*found, *_doubts(proposal)]


def show_checks(session: Session, proposal: Proposal, *, now: datetime) -> list[Check]:
    """Return the checks of a proposal that could be submitted now.

    :raises ProposalTransition: when it is neither a draft nor waiting for a supplement.
    """
    if "submitted" not in TRANSITIONS[proposal.status]:
        raise ProposalTransition(current=proposal.status, target="submitted")
    residence = find_residence(session, proposal.author_id)
    found = find_checks(session, proposal, residence=residence, now=now)
    return [*found, *_doubts_about_others(session, proposal, now)]


def refuse_unless_ready(checks: Sequence[Check]) -> None:
    """Refuse a submission for the first reason that stops it.

    :raises ConsentRequired, AgeNotDeclared, GuardianConsentRequired, ProposalIncomplete,
        ResidenceNotDeclared, LocalGovernmentNotReady: as the check says.
    """
    for check in checks:
        if check.refusal is not None:
            raise check.refusal


def moved_recently(residence: Residence, now: datetime) -> bool:
    """Tell whether a residence was declared shortly before."""
    return now - residence.declared_at < RECENT_MOVE


def _unready(session: Session, proposal: Proposal, now: datetime) -> Iterator[Check]:
    try:
        ensure_may_submit(session, proposal.author_id, now)
    except DomainError as refusal:
        yield _blocking(refusal.code, refusal)


def _missing(session: Session, proposal: Proposal, residence: Residence | None) -> Iterator[Check]:
    if proposal.problem is None:
        lacking = ProposalIncomplete(
            field="proposal.problem", name_ko="문제", name_en="the problem"
        )
        yield _blocking("problem_missing", lacking, "problem")
    if proposal.emd_code is None:
        lacking = ProposalIncomplete(field="proposal.place", name_ko="장소", name_en="the place")
        yield _blocking("place_missing", lacking, "place")
    if proposal.submitted_at is None and residence is None:
        yield _blocking("residence_missing", ResidenceNotDeclared())
    if proposal.local_government_code is not None:
        body = find_local_government_organization(session, proposal.local_government_code)
        if body is None or body.closed_at is not None:
            yield _blocking("local_government_not_ready", LocalGovernmentNotReady(), "place")


def _blocking(code: str, refusal: DomainError, field: str | None = None) -> Check:
    return Check(code, refusal.sentence("ko"), refusal.sentence("en"), field, refusal)


def _doubts_about_residence(residence: Residence, now: datetime) -> Iterator[Check]:
    if residence.confirmed_at is None:
        yield Check(
            "residence_unconfirmed",
            "사는 동네를 아직 확인하지 않았습니다. 확인하면 담당자가 더 빨리 판단할 수 있습니다.",
            "Where you live is not confirmed yet. Confirmed, it spares the reviewer a question.",
        )
    if moved_recently(residence, now):
        yield Check(
            "residence_moved_recently",
            "사는 동네를 등록한 지 30일이 지나지 않아 담당자에게 그렇게 표시됩니다.",
            "Where you live was declared less than 30 days ago, which the reviewer is shown.",
        )


def _doubts_about_disclosure(
    session: Session, proposal: Proposal, residence: Residence
) -> Iterator[Check]:
    place = proposal.public_place
    if place is None or not proposal.neighbourhood_public:
        return
    points = [(place.lon, place.lat)]
    (around,) = list_emd_around(session, points, radius_m=RESIDENCE_REACH_M)
    if home_stands_out(residence.region_code, around):
        yield Check(
            "home_near_point",
            "사는 동네 안의 지점입니다. 제품이 나와 동네가 공개되면 이 지점 가까이에 사는 것으로"
            " 보일 수 있습니다. 원하지 않으면 동네 공개 동의를 거두세요.",
            "The point lies in your own neighbourhood. Once that becomes public, people may take it"
            " that you live near the point. Withdraw the consent if you do not want that.",
            "neighbourhood_public",
        )


def _doubts(proposal: Proposal) -> Iterator[Check]:
    if proposal.problem is not None and len(proposal.problem) < SHORT_PROBLEM:
        yield Check(
            "problem_short",
            f"문제 설명이 {SHORT_PROBLEM}자보다 짧습니다. 누가 언제 어떻게 불편한지 적어 주세요.",
            f"The problem is told in fewer than {SHORT_PROBLEM} characters. Say who is troubled,"
            " when, and how.",
            "problem",
        )
    if proposal.idea is None:
        yield Check(
            "idea_missing",
            "도움이 될 제품에 대한 생각이 없습니다. 없어도 제출할 수 있습니다.",
            "There is no idea of a product that might help. It may stay out.",
            "idea",
        )
    if proposal.emd_code is not None and proposal.geom is None:
        yield Check(
            "place_without_point",
            "장소가 동네 전체입니다. 지도에서 지점을 찍으면 담당자가 찾기 쉽습니다.",
            "The place is a whole neighbourhood. A point on the map is easier to find.",
            "place",
        )
    if proposal.border_check.confirmation_needed:
        yield Check(
            "border_unconfirmed",
            "지점이 이웃 동네와의 경계에 있습니다. 어느 동네인지 확인해 주세요. 담당 기관이"
            " 달라질 수 있습니다.",
            "The point lies near a border. Confirm the neighbourhood: another local government may"
            " be the competent one.",
            "place",
        )
    if (proposal.accuracy_m or 0.0) > VAGUE_POINT_M:
        yield Check(
            "point_vague",
            f"지점의 오차가 {VAGUE_POINT_M:.0f}m를 넘습니다. 지도에서 위치를 확인해 주세요.",
            f"The point is uncertain by more than {VAGUE_POINT_M:.0f} m. Check it on the map.",
            "place",
        )
    if not proposal.neighbourhood_public:
        yield Check(
            "neighbourhood_not_public",
            "제품이 나와도 사는 동(洞)은 공개하지 않고 시군구만 보입니다.",
            "If a product comes of it, your city or district is shown, not your neighbourhood.",
            "neighbourhood_public",
        )


def _doubts_about_others(session: Session, proposal: Proposal, now: datetime) -> Iterator[Check]:
    if proposal.submitted_at is not None or proposal.problem is None:
        return
    if find_similar_to(session, proposal, now=now).items:
        yield Check(
            "similar_proposals",
            "비슷한 제안이 이미 있습니다. 같은 내용이면 그 제안에 공감해 주세요. 나중에 접수된"
            " 제안은 먼저 접수된 제안에 합쳐질 수 있습니다.",
            "There are similar proposals. If one says the same, endorse it: what is received later"
            " may be merged into it.",
        )
