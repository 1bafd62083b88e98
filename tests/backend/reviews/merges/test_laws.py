"""Whatever happens between a merge and its undoing: both are backed as if it had never been.

At every step each proposal is backed by who said so and by whom a merge brought, each once.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from backend.errors import DomainError
from backend.proposals.endorsements import OwnProposal, endorse, stop_endorsing
from backend.proposals.merges.queries import ProposalMerged
from backend.reviews.merges.service import merge_proposal, undo_merge
from tests.backend.reviews.merges.merging import FIRST, LATER, REASON, backed
from tests.support.people import make_reviewer, register
from tests.support.proposals import make_submitted

PROPOSALS, PEOPLE = 3, 1

proposals = st.integers(0, PROPOSALS - 1)
people = st.integers(0, PROPOSALS + PEOPLE - 1)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("endorse"), proposals, people),
        st.tuples(st.just("stop"), proposals, people),
        st.sampled_from([("merge", 1, 0), ("merge", 2, 1), ("merge", 2, 0), ("merge", 0, 1)]),
        st.tuples(st.just("undo"), proposals),
    ),
    min_size=10,
    max_size=18,
)


class Neighbourhood:
    """Three proposals, their authors and one more person; kept as plain sets.

    `own` is who said themselves that they back a proposal; `carried` is, by what was merged, into
    what and whom that brought there.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.proposals = [
            make_submitted(session, now=FIRST + timedelta(days=day)) for day in range(PROPOSALS)
        ]
        others = [register(session).id for _ in range(PEOPLE)]
        self.people = [proposal.author_id for proposal in self.proposals] + others
        self.reviewer = make_reviewer(session, "11140").id
        self.begin()

    def begin(self) -> None:
        """Forget everything that was done."""
        self.session.expire_all()
        self.own: list[set[UUID]] = [set() for _ in self.proposals]
        self.carried: dict[int, tuple[int, set[UUID]]] = {}

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
            assert into >= number or number in self.carried or into in self.carried
        else:
            if number in self.carried:
                # The same merge again changes nothing, whatever people said since.
                return
            brought = self.backing(number) | {self.people[number]}
            self.carried[number] = into, brought - self.own[into] - {self.people[into]}

    def undo(self, number: int) -> None:
        if number in self.carried:
            undo_merge(
                self.session,
                proposal_id=self.proposals[number].id,
                actor_id=self.reviewer,
                reason=REASON,
                now=LATER + timedelta(days=1),
            )
            into, _ = self.carried.pop(number)
            while into in self.carried:
                below = self.backing(into) | {self.people[into]}
                above, brought = self.carried[into]
                self.carried[into] = above, brought & below
                into = above

    def backing(self, number: int) -> set[UUID]:
        """Return who backs a proposal by now, of themselves or by a merge."""
        brought = (people for into, people in self.carried.values() if into == number)
        return self.own[number].union(*brought)

    def is_sound(self) -> None:
        self.session.flush()
        for number, proposal in enumerate(self.proposals):
            assert backed(self.session, proposal) == self.backing(number)

    def _speak(
        self, act: Callable[..., object], note: Callable[[UUID], None], number: int, person: int
    ) -> None:
        proposal, account_id = self.proposals[number], self.people[person]
        try:
            act(self.session, proposal_id=proposal.id, account_id=account_id, now=LATER)
        except OwnProposal:
            assert proposal.author_id == account_id
        except ProposalMerged:
            assert number in self.carried
        else:
            note(account_id)
            for into, brought in self.carried.values():
                if into == number:
                    brought.discard(account_id)


@pytest.fixture
def neighbourhood(session: Session) -> Neighbourhood:
    """The proposals and people of a test."""
    return Neighbourhood(session)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(taken=steps, order=st.permutations(range(PROPOSALS)))
def test_merges_that_are_all_undone_were_never_there(
    session: Session, neighbourhood: Neighbourhood, taken: list[tuple], order: list[int]
) -> None:
    neighbourhood.begin()
    with session.begin_nested() as before:
        for name, *numbers in taken:
            getattr(neighbourhood, name)(*numbers)
            neighbourhood.is_sound()
        for number in order:
            neighbourhood.undo(number)
        neighbourhood.is_sound()
        assert not neighbourhood.carried
        before.rollback()
