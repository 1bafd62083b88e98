"""Owns the people of the journeys: each speaks to the application over HTTP and nothing else."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.jobs.worker import run_jobs
from geo.regions import get_region
from tests.conftest import Clock
from tests.support.headers import AS_IT_IS
from tests.support.people import AGREED, PASSWORD, make_applicant, make_institution

API = "/api/v1"


REPLACED = ("/applications", "-ranks/2026")
"""Ends of the addresses whose whole content a PUT replaces."""


class Person:
    """Somebody with an account, or nobody in particular; signs in again when time has passed.

    :param email: None for somebody who is not signed in.
    """

    def __init__(self, client: FlaskClient, clock: Clock, email: str | None) -> None:
        self.email = email
        self._client = client
        self._clock = clock
        self._headers: tuple[datetime, dict[str, str]] | None = None

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        """Read, and expect a status."""
        return self.send("GET", path, status, query_string=query)

    def post(self, path: str, status: int = 201, /, **body: Any) -> Any:
        """Create or bring about, and expect a status."""
        return self.send("POST", path, status, json=body) if body else self.bare(path, status)

    def bare(self, path: str, status: int) -> Any:
        """Bring about with no body at all, and expect a status."""
        return self.send("POST", path, status)

    def put(self, path: str, status: int = 200, /, **body: Any) -> Any:
        """Replace, and expect a status."""
        return self.send("PUT", path, status, json=body)

    def send(self, method: str, path: str, status: int, **kwargs: Any) -> Any:
        """Send a request as it is, and expect a status."""
        headers = self._signed_in()
        if method == "PATCH" or (method == "PUT" and path.endswith(REPLACED)):
            headers = {**headers, **AS_IT_IS}
        answer = self._client.open(API + path, method=method, headers=headers, **kwargs)
        assert answer.status_code == status, f"{method} {path}: {answer.status} {answer.text}"
        return json.loads(answer.data) if answer.data else None

    def _signed_in(self) -> Mapping[str, str]:
        if self.email is None:
            return {}
        if self._headers is None or self._clock.time - self._headers[0] > timedelta(minutes=5):
            facts = {"email": self.email, "password": PASSWORD}
            pair = self._client.post(f"{API}/sessions", json=facts)
            assert pair.status_code == 201, pair.text
            bearer = {"Authorization": f"Bearer {pair.json['access_token']}"}
            self._headers = (self._clock.time, bearer)
        return self._headers[1]


class Country:
    """The people of a journey, and what they do more than once."""

    def __init__(self, client: FlaskClient, clock: Clock, officers: tuple[str, str]) -> None:
        self.client = client
        self.clock = clock
        self.stranger = self.person(None)
        self.officer, self.second_officer = map(self.person, officers)

    def person(self, email: str | None) -> Person:
        """Return somebody by e-mail address."""
        return Person(self.client, self.clock, email)

    def citizen(self, email: str, residence: str) -> Person:
        """Let somebody register and declare where they live."""
        facts = {"email": email, "password": PASSWORD, "display_name": "시민"}
        self.stranger.post("/accounts", **facts, **AGREED)
        citizen = self.person(email)
        citizen.put("/me/residence", region_code=residence)
        return citizen

    def propose(self, citizen: Person, title: str, category: str, lon: float, lat: float) -> str:
        """Let somebody draft and submit a proposal; return its id."""
        draft = citizen.post(
            "/proposals",
            title=title,
            category=category,
            problem="골목 소화전 앞 불법주차로 소방차가 물을 끌어오지 못한다.",
            location={"lon": lon, "lat": lat, "accuracy_m": 15},
            neighbourhood_public=True,
        )
        citizen.post(f"/proposals/{draft['id']}/submission", 200)
        return draft["id"]

    def adopt(self, reviewer: Person, proposal_id: str) -> None:
        """Let a reviewer adopt a proposal with a reason."""
        reviewer.put(
            f"/proposals/{proposal_id}/decision",
            outcome="adopted",
            reason="소방 활동에 꼭 필요하고 현장에 바로 적용할 수 있습니다.",
        )

    def product(self, category: str, answers: list[str], price_krw: int) -> str:
        """Let the officer enter a designated product that answers proposals; return its id."""
        product = self.officer.post(
            "/products",
            name_ko="소화전 주차방지 알림기",
            name_en="Keep-clear alert for hydrants",
            summary="소화전 앞에 차가 서면 알립니다.",
            category=category,
            unit_price_krw=price_krw,
        )
        self.officer.post(
            f"/products/{product['id']}/designations",
            track="FT2",
            designation_type=2,
            certificate_number="2026-001",
            designated_on="2026-06-01",
        )
        for proposal_id in answers:
            self.officer.put(f"/products/{product['id']}/proposals/{proposal_id}", 204)
        return product["id"]

    def institution(self, session: Session, emd_code: str) -> tuple[str, Person]:
        """Return the id and the applicant of a new office for one neighbourhood."""
        region = get_region(session, emd_code)
        made = make_institution(
            session,
            site=(region.lon, region.lat),
            emd_code=emd_code,
            jurisdiction_codes=[emd_code],
        )
        applicant = make_applicant(session, made)
        return str(made.organization_id), self.person(applicant.email)

    def open_round(self, product_id: str, budget_krw: int) -> tuple[str, str]:
        """Let the officer announce a round with one offer; return the ids of round and offer."""
        opens = self.clock.time + timedelta(hours=1)
        made = self.officer.post(
            "/rounds",
            code="2026-1",
            programme_year=2026,
            title_ko="2026년 제1차 시범구매",
            title_en="Pilot purchase round 1 of 2026",
            opens_at=opens.isoformat(),
            closes_at=(opens + timedelta(days=14)).isoformat(),
        )
        path = f"/rounds/{made['id']}"
        area = self.officer.post(
            f"{path}/areas", key="citizen", name_ko="국민체감", name_en="Citizens",
            budget_krw=budget_krw,
        )  # fmt: skip
        offer = self.officer.post(f"{path}/offers", area_id=area["id"], product_id=product_id)
        self.officer.bare(f"{path}/opening", 200)
        self.clock.move(hours=2)
        return made["id"], offer["id"]

    def finish_round(self, round_id: str) -> None:
        """Let time pass, and the officers close, run, approve and publish the round."""
        path = f"/rounds/{round_id}"
        self.clock.move(days=15)
        self.officer.bare(f"{path}/closing", 200)
        self.draw(round_id, "3-11-19-27-34-45")
        run = self.run(round_id)
        self.officer.bare(f"{path}/runs/{run['id']}/approval", 409)
        self.release(round_id, run["id"])

    def draw(self, round_id: str, number: str) -> None:
        """Let the officers freeze the inputs, announce a number, and each enter it once drawn."""
        path = f"/rounds/{round_id}"
        self.officer.post(
            f"{path}/inputs",
            seed_source="동행복권 로또6/45 제1260회 당첨번호",
            seed_form="n1-n2-n3-n4-n5-n6, 작은 수부터",
            seed_due_at=(self.clock.time + timedelta(days=2)).isoformat(),
        )
        self.clock.move(days=3)
        for officer in (self.officer, self.second_officer):
            officer.post(f"{path}/seed-entries", seed=number)

    def run(self, round_id: str, **body: str) -> Any:
        """Let the officer ask for a run and a worker carry it out; return how it ended."""
        path = f"/rounds/{round_id}/runs"
        queued = self.officer.send("POST", path, 202, json=body)
        run_jobs(self.client.application)
        return self.officer.get(f"{path}/{queued['id']}")

    def supersede(self, round_id: str, reason: str) -> Any:
        """Let the officer correct the inputs and a worker run them; return how it ended."""
        path = f"/rounds/{round_id}"
        queued = self.officer.send("POST", f"{path}/supersession", 202, json={"reason": reason})
        run_jobs(self.client.application)
        return self.officer.get(f"{path}/runs/{queued['id']}")

    def release(self, round_id: str, run_id: str) -> None:
        """Let the second officer approve and publish a plan."""
        for step in ("approval", "publication"):
            self.second_officer.bare(f"/rounds/{round_id}/runs/{run_id}/{step}", 200)
