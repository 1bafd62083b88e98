"""Owns the search of proposals by words: what holds a word, and how rare words are found."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, and_, any_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from backend.proposals.models import Proposal

MOST_WORDS = 5
"""Words of a text search that count; the rest would only cost time."""

MOST_RARE = 1_000
"""Up to so many proposals are found by their words and then put in order; where there are more, the
newest are read one by one, and a page is soon full."""


def words_of(q: str) -> Sequence[str]:
    """Return the words of a search that count."""
    return q.split()[:MOST_WORDS]


def holds_all(words: Sequence[str]) -> ColumnElement[bool]:
    """Return whether all words occur in the title or the problem."""
    return and_(
        *(
            or_(
                Proposal.title.icontains(word, autoescape=True),
                Proposal.problem.icontains(word, autoescape=True),
            )
            for word in words
        )
    )


def find_rare(session: Session, words: Sequence[str]) -> Sequence[UUID] | None:
    """Return the proposals that may hold all words, or None when there are more than `MOST_RARE`.

    They are found by their characters and pairs of characters: a word of two syllables, as most
    Korean nouns are, has no trigram. Who holds all pairs of a longer word need not hold the word.
    """
    grams = func.proposal_grams(Proposal.title, Proposal.problem, type_=ARRAY(Text))
    wanted = func.proposal_grams("\n".join(words), "", type_=ARRAY(Text))
    found = session.scalars(
        select(Proposal.id).where(grams.contains(wanted)).limit(MOST_RARE + 1)
    ).all()
    return None if len(found) > MOST_RARE else found


def is_one_of(proposal_ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Return whether proposals have one of many ids, given as one value."""
    return Proposal.id == any_(literal(list(proposal_ids), ARRAY(Uuid)))
