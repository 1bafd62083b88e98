"""Owns a published round in which what one institution gives up goes down a chain."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.organizations.models import Institution
from backend.rounds.models import MatchingRun, Placement, Round, Vacancy
from backend.rounds.vacancies import withdraw_placement
from backend.rounds.vacancy_decisions import approve_vacancy
from tests.support.people import (
    CITY_HALL_EMD,
    make_applicant,
    make_institution,
    make_officer,
    register,
)
from tests.support.proposals import make_decided
from tests.support.rounds import (
    CLOSED,
    PRICE_KRW,
    apply_for,
    make_open_round,
    make_product,
    publish,
)

REASON = "설치할 건물이 철거됩니다."
BUSAN = {"site": (129.0328, 35.11223), "emd_code": "26110101", "jurisdiction_codes": ["26110"]}


class Chain:
    """A published round with a chain in it: who leaves the bell makes room all the way down.

    Each product answers a proposal of somebody in Seoul, and there is money for one placement of
    each. `near` has the bell; `middle`, of Seoul too, has the lamp and ranks the bell higher;
    `far`, of Busan, asks for the lamp and has nothing.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.author, self.other = (register(session, residence=CITY_HALL_EMD) for _ in range(2))
        bell, lamp = (
            make_product(
                session, answers=[make_decided(session, author, neighbourhood_public=True)]
            )
            for author in (self.author, self.other)
        )
        self.round: Round
        self.round, (self.bell, self.lamp) = make_open_round(
            session, bell, lamp, budget_krw=2 * PRICE_KRW
        )
        self.near = make_institution(session, name_ko="중구보건소")
        self.middle = make_institution(
            session, name_ko="종로구보건소", jurisdiction_codes=["11110"], emd_code="11110101"
        )
        self.far = make_institution(session, name_ko="부산보건소", **BUSAN)
        self.accounts: dict[str, Account] = {
            name: make_applicant(session, getattr(self, name)) for name in ("near", "middle", "far")
        }
        apply_for(session, self.near, self.bell)
        apply_for(session, self.middle, self.bell, self.lamp)
        apply_for(session, self.far, self.lamp)
        self.run: MatchingRun = publish(session, self.round)

    @property
    def path(self) -> str:
        """Address of the round."""
        return f"/api/v1/rounds/{self.round.id}"

    def standing(self) -> dict[str, str]:
        """Return who has what, by names of this story."""
        names = {getattr(self, name).organization_id: name for name in self.accounts}
        offers = {self.bell.id: "bell", self.lamp.id: "lamp"}
        rows = self.session.execute(
            select(Placement.institution_id, Placement.offer_id).where(Placement.ended_at.is_(None))
        )
        return {names[institution]: offers[offer] for institution, offer in rows}

    def find(self, name: str) -> Placement:
        """Return the placement that stands of one of them."""
        institution: Institution = getattr(self, name)
        return self.session.scalars(
            select(Placement).where(
                Placement.institution_id == institution.organization_id,
                Placement.ended_at.is_(None),
            )
        ).one()

    def placement(self, name: str) -> str:
        """Return the id of the placement that stands of one of them."""
        return str(self.find(name).id)


def give_up(session: Session, placement: Placement) -> Vacancy:
    """Let a placement be given up and passed on, by two officers, and commit."""
    given = {"round_id": placement.run.round_id, "now": CLOSED}
    recorded_by, approved_by = (make_officer(session).id for _ in range(2))
    vacancy = withdraw_placement(
        session, placement_id=placement.id, reason=REASON, actor_id=recorded_by, **given
    )
    approve_vacancy(session, vacancy_id=vacancy.id, actor_id=approved_by, **given)
    session.commit()
    return vacancy
