"""Whatever happens between a merge and its undoing: both are backed as if it had never been."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.errors import DomainError
from backend.proposals.endorsements import OwnProposal, endorse, stop_endorsing
from backend.proposals.merges.queries import ProposalMerged, find_standing_merge
from backend.proposals.models import Proposal
from backend.reviews.merges.service import merge_proposal, undo_merge
from tests.backend.reviews.merges.merging import FIRST, LATER, REASON, backed
from tests.support.people import make_reviewer, register
from tests.support.proposals import make_submitted

PROPOSALS, PEOPLE = 4, 3

proposals = st.integers(0, PROPOSALS - 1)
people = st.integers(0, PROPOSALS + PEOPLE - 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("endorse"), proposals, people),
        st.tuples(st.just("stop"), proposals, people),
        st.tuples(st.just("merge"), proposals, proposals),
        st.tuples(st.just("undo"), proposals),
    ),
    max_size=25,
)


class Neighbourhood:
    """Four proposals, their authors and three more people; `own` is what each said themselves."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.proposals = [
            make_submitted(session, now=FIRST + timedelta(days=day)) for day in range(PROPOSALS)
        ]
        others = [register(session).id for _ in range(PEOPLE)]
        self.people = [proposal.author_id for proposal in self.proposals] + others
        self.reviewer = make_reviewer(session, "11140").id
        self.own: list[set[UUID]] = [set() for _ in self.proposals]

    def endorse(self, number: int, person: int) -> None:
        self._speak(endorse, self.own[number].add, number, person)

    def stop(self, number: int, person: int) -> None:
        self._speak(stop_endorsing, self.own[number].discard, number, person)

    def merge(self, number: int, into: int) -> None:
        try:
            merge_proposal(
                self.session,
                proposal_id=self.proposals[number].id,
                into=self.proposals[into].id,
                local_government_code="11140",
                actor_id=self.reviewer,
                reason=REASON,
                now=LATER,
            )
        except DomainError:
            assert into >= number or self._is_merged(number) or self._is_merged(into)

    def undo(self, number: int) -> None:
        if self._is_merged(number):
            undo_merge(
                self.session,
                proposal_id=self.proposals[number].id,
                actor_id=self.reviewer,
                reason=REASON,
                now=LATER + timedelta(days=1),
            )

    def is_sound(self) -> None:
        for number, proposal in enumerate(self.proposals):
            self.session.flush()
            found = backed(self.session, proposal)
            assert self.own[number] <= found
            assert proposal.author_id not in found

    def _speak(
        self, act: Callable[..., object], note: Callable[[UUID], None], number: int, person: int
    ) -> None:
        proposal, account_id = self.proposals[number], self.people[person]
        try:
            act(self.session, proposal_id=proposal.id, account_id=account_id, now=LATER)
        except OwnProposal:
            assert proposal.author_id == account_id
        except ProposalMerged:
            assert self._is_merged(number)
        else:
            note(account_id)

    def _is_merged(self, number: int) -> bool:
        return find_standing_merge(self.session, self.proposals[number].id) is not None


@pytest.fixture
def neighbourhood(session: Session) -> Neighbourhood:
    """The proposals and people of a test."""
    return Neighbourhood(session)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(taken=steps, order=st.permutations(range(PROPOSALS)))
def test_merges_that_are_all_undone_were_never_there(
    session: Session, neighbourhood: Neighbourhood, taken: list[tuple], order: list[int]
) -> None:
    with session.begin_nested() as before:
        for name, *numbers in taken:
            getattr(neighbourhood, name)(*numbers)
            neighbourhood.is_sound()
        for number in order:
            neighbourhood.undo(number)
        session.flush()
        for proposal, own in zip(neighbourhood.proposals, neighbourhood.own, strict=True):
            assert backed(session, proposal) == own
            assert session.get_one(Proposal, proposal.id).status == "submitted"
        before.rollback()
    session.expire_all()
    neighbourhood.own = [set() for _ in neighbourhood.proposals]
