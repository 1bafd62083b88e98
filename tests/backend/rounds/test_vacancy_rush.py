"""Two officers decide or sign at the same moment: one of them does, the other is told clearly."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from backend.db import db
from backend.rounds.models import Placement, PlacementContract, Vacancy
from backend.rounds.vacancies import withdraw_placement
from tests.backend.rounds.conftest import Headers
from tests.support.people import PASSWORD, make_officer
from tests.support.rounds import CLOSED
from tests.support.vacancies import REASON, Chain

BODY = {"reason": REASON}


class Desks:
    """Two officers before a chain, each with a request of their own."""

    def __init__(self, app: Flask, *, waiting: bool) -> None:
        """Prepare the round.

        :param waiting: a withdrawal of `near` is recorded already, by somebody else.
        """
        app.config["CLOCK"] = lambda: CLOSED
        self._app = app
        with app.app_context():
            session = db.session()
            chain = Chain(session)
            self.path = chain.path
            self.placements = {name: chain.placement(name) for name in ("near", "middle")}
            emails = [make_officer(session).email for _ in range(2)]
            if waiting:
                vacancy = withdraw_placement(
                    session,
                    round_id=chain.round.id,
                    placement_id=chain.find("near").id,
                    actor_id=make_officer(session).id,
                    now=CLOSED,
                    reason=REASON,
                )
                self.vacancy = f"{chain.path}/vacancies/{vacancy.id}"
                session.commit()
        self._headers = [self._sign_in(email) for email in emails]

    def _sign_in(self, email: str) -> Headers:
        body = {"email": email, "password": PASSWORD}
        answer = self._app.test_client().post("/api/v1/sessions", json=body)
        return {"Authorization": f"Bearer {answer.json['access_token']}"}

    def of(self, name: str, what: str) -> str:
        """Return the address of what is done with a placement."""
        return f"{self.path}/placements/{self.placements[name]}/{what}"

    def at_once(self, *requests: tuple[str, Any]) -> Sequence[tuple[int, str | None]]:
        """Send one request of each officer at the same moment; return statuses and codes."""
        start = Barrier(len(requests))

        def send(item: tuple[Headers, tuple[str, Any]]) -> tuple[int, str | None]:
            headers, (address, body) = item
            client = self._app.test_client()
            start.wait()
            answer = client.post(address, json=body, headers=headers)
            return answer.status_code, answer.json.get("code")

        with ThreadPoolExecutor(max_workers=len(requests)) as pool:
            return list(pool.map(send, zip(self._headers, requests, strict=True)))

    def moved(self) -> set[str]:
        """Return the ids of the placements that vacancies, decided or not, would move."""
        with self._app.app_context():
            session = db.session()
            left = {
                (step["left_by"], step["product"])
                for steps in session.scalars(select(Vacancy.steps))
                for step in steps
            }
            return {
                str(row.id)
                for row in session.scalars(select(Placement))
                if (str(row.institution_id), str(row.offer_id)) in left
            }

    def count(self, model: type, *conditions: Any) -> int:
        """Return how many rows there are."""
        with self._app.app_context():
            statement = select(func.count()).select_from(model).where(*conditions)
            return db.session().scalar(statement) or 0


def test_two_officers_who_approve_at_once_approve_once(committed_app: Flask) -> None:
    desks = Desks(committed_app, waiting=True)
    approval = f"{desks.vacancy}/approval", None
    assert sorted(desks.at_once(approval, approval)) == [(200, None), (409, "vacancy_decided")]
    assert desks.count(Placement, Placement.ended_at.is_(None)) == 2
    assert desks.count(Placement) == 4


def test_of_an_approval_and_a_dismissal_one_holds(committed_app: Flask) -> None:
    desks = Desks(committed_app, waiting=True)
    requests = (f"{desks.vacancy}/approval", None), (f"{desks.vacancy}/dismissal", BODY)
    assert sorted(desks.at_once(*requests)) == [(200, None), (409, "vacancy_decided")]


def test_of_two_withdrawals_at_once_one_waits(committed_app: Flask) -> None:
    desks = Desks(committed_app, waiting=False)
    requests = (desks.of("near", "withdrawal"), BODY), (desks.of("middle", "withdrawal"), BODY)
    assert sorted(desks.at_once(*requests)) == [(201, None), (409, "vacancy_pending")]
    assert desks.count(Vacancy) == 1


@pytest.mark.parametrize("name", ["near", "middle"])
def test_a_contract_and_a_withdrawal_at_once_never_both_move_it(
    committed_app: Flask, name: str
) -> None:
    desks = Desks(committed_app, waiting=False)
    contract, withdrawal = desks.at_once(
        (desks.of(name, "contract"), None), (desks.of("near", "withdrawal"), BODY)
    )
    if contract == (200, None):
        assert desks.placements[name] not in desks.moved()
    else:
        assert (contract, withdrawal) == ((409, "placement_leaving"), (201, None))
        assert desks.count(PlacementContract) == 0
