"""A placement given up before its contract goes to who is next, in public, by two people."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.audit.models import AuditEvent
from backend.audit.service import verify as verify_audit
from backend.catalogue.models import Designation
from backend.maps.counts import count_placements
from backend.maps.queries import Filter
from backend.maps.queries import list_placements as list_features
from backend.notifications.models import Notice
from backend.proposals.events import ProposalEvent
from backend.rounds.models import MatchingRun, PlacementContract
from backend.rounds.reasons import LEFT, TAKEN
from tests.backend.rounds.conftest import Headers, SignIn
from tests.support.rounds import (
    CLOSED,
    make_open_round,
    make_product,
)
from tests.support.vacancies import REASON, Chain

ROOT = Path(__file__).parents[3]
URL = "/api/v1/rounds"


class Desk:
    """The officers' and applicants' requests about the placements of a story."""

    def __init__(self, client: FlaskClient, story: Chain) -> None:
        self.client = client
        self.story = story

    def sign(self, name: str, headers: Headers) -> Any:
        address = f"{self.story.path}/placements/{self.story.placement(name)}/contract"
        return self.client.post(address, headers=headers)

    def withdraw(self, name: str, headers: Headers, reason: str = REASON) -> Any:
        address = f"{self.story.path}/placements/{self.story.placement(name)}/withdrawal"
        return self.client.post(address, json={"reason": reason}, headers=headers)

    def decide(self, vacancy: Any, headers: Headers, how: str = "approval") -> Any:
        address = f"{self.story.path}/vacancies/{vacancy.json['id']}/{how}"
        body = {"json": {"reason": "잘못 기록했습니다."}} if how == "dismissal" else {}
        return self.client.post(address, headers=headers, **body)

    def list(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.client.get(f"{self.story.path}/vacancies").json["items"]
        return items


@pytest.fixture
def story(session: Session) -> Chain:
    """The published round."""
    return Chain(session)


@pytest.fixture
def desk(client: FlaskClient, story: Chain) -> Desk:
    """Requests about it."""
    return Desk(client, story)


@pytest.fixture
def headers_of(story: Chain, sign_in: SignIn) -> Callable[[str], Headers]:
    """Return a function: a name of the story -> the headers of its applicant."""
    return lambda name: sign_in(story.accounts[name].email)


def test_the_story_begins_with_a_plan_that_leaves_one_out(story: Chain) -> None:
    assert story.standing() == {"near": "bell", "middle": "lamp"}


def test_a_withdrawal_moves_nothing_before_a_second_person_approves_it(
    desk: Desk, story: Chain, officer: Headers
) -> None:
    made = desk.withdraw("near", officer)
    assert made.status_code == 201, made.text
    assert story.standing() == {"near": "bell", "middle": "lamp"}
    (shown,) = desk.list()
    assert (shown["state"], shown["reason"]) == ("proposed", REASON)
    assert shown == made.json
    own = desk.decide(made, officer)
    assert (own.status_code, own.json["code"]) == (409, "another_person_needed")


def test_approved_it_goes_down_the_chain(
    desk: Desk, story: Chain, officer: Headers, second_officer: Headers
) -> None:
    made = desk.withdraw("near", officer)
    done = desk.decide(made, second_officer)
    assert done.status_code == 200, done.text
    assert done.json["state"] == "approved"
    assert story.standing() == {"middle": "bell", "far": "lamp"}
    names = {str(getattr(story, name).organization_id): name for name in story.accounts}
    steps = [(names[one["left_by"]], names[one["taken_by"]]) for one in done.json["steps"]]
    assert steps == [("near", "middle"), ("middle", "far")]


def test_the_institution_itself_gives_its_placement_up(
    desk: Desk,
    story: Chain,
    officer: Headers,
    headers_of: Callable[[str], Headers],
) -> None:
    made = desk.withdraw("near", headers_of("near"))
    assert made.status_code == 201, made.text
    assert desk.decide(made, officer).status_code == 200
    assert "near" not in story.standing()


def test_nobody_gives_up_what_another_institution_has(
    desk: Desk,
    story: Chain,
    citizen: Headers,
    auditor: Headers,
    headers_of: Callable[[str], Headers],
) -> None:
    for headers in (citizen, auditor, headers_of("middle")):
        assert desk.withdraw("near", headers).status_code == 403
    assert desk.list() == []


def test_only_officers_record_contracts_and_decide(
    desk: Desk,
    officer: Headers,
    auditor: Headers,
    headers_of: Callable[[str], Headers],
) -> None:
    made = desk.withdraw("near", officer)
    for headers in (auditor, headers_of("far")):
        assert desk.sign("middle", headers).status_code == 403
        assert desk.decide(made, headers).status_code == 403
        assert desk.decide(made, headers, "dismissal").status_code == 403


def test_a_withdrawal_takes_a_reason(desk: Desk, officer: Headers) -> None:
    assert desk.withdraw("near", officer, " ").status_code == 422


def test_a_contract_is_recorded_once_and_by_whom(
    desk: Desk, session: Session, officer: Headers, second_officer: Headers
) -> None:
    first = desk.sign("near", officer)
    assert first.status_code == 200, first.text
    assert desk.sign("near", second_officer).json == first.json
    (contract,) = session.scalars(select(PlacementContract))
    assert str(contract.recorded_by) == first.json["recorded_by"]
    actions = session.scalars(select(AuditEvent.action)).all()
    assert actions.count("placement.contract_signed") == 1
    assert verify_audit(session) == []


def test_what_is_under_contract_is_not_given_up(desk: Desk, officer: Headers) -> None:
    desk.sign("near", officer)
    refused = desk.withdraw("near", officer)
    assert (refused.status_code, refused.json["code"]) == (409, "placement_contracted")


def test_nobody_with_a_contract_is_moved(
    desk: Desk, story: Chain, officer: Headers, second_officer: Headers
) -> None:
    desk.sign("middle", officer)
    made = desk.withdraw("near", officer)
    assert [one["taken_by"] for one in made.json["steps"]] == [None]
    desk.decide(made, second_officer)
    assert story.standing() == {"middle": "lamp"}


def test_what_a_vacancy_would_move_is_not_signed_while_it_waits(
    desk: Desk, story: Chain, officer: Headers, second_officer: Headers
) -> None:
    made = desk.withdraw("near", officer)
    for name in ("near", "middle"):
        refused = desk.sign(name, officer)
        assert (refused.status_code, refused.json["code"]) == (409, "placement_leaving")
    desk.decide(made, second_officer)
    assert desk.sign("middle", officer).status_code == 200


def test_a_second_withdrawal_waits_for_the_first(
    desk: Desk, story: Chain, officer: Headers, second_officer: Headers
) -> None:
    made = desk.withdraw("near", officer)
    early = desk.withdraw("middle", officer)
    assert (early.status_code, early.json["code"]) == (409, "vacancy_pending")
    desk.decide(made, second_officer)
    later = desk.withdraw("middle", officer)
    assert later.status_code == 201, later.text
    desk.decide(later, second_officer)
    # `near` gave the right to the bell up, and `far` had not asked for it.
    assert story.standing() == {"far": "lamp"}


def test_dismissed_it_leaves_everything_as_it_was_and_is_not_counted_later(
    desk: Desk, client: FlaskClient, story: Chain, officer: Headers, second_officer: Headers
) -> None:
    wrong = desk.withdraw("middle", officer)
    dismissed = desk.decide(wrong, officer, "dismissal")
    assert (dismissed.json["state"], dismissed.json["decision_reason"]) == (
        "dismissed",
        "잘못 기록했습니다.",
    )
    assert story.standing() == {"near": "bell", "middle": "lamp"}
    late = desk.decide(wrong, second_officer)
    assert (late.status_code, late.json["code"]) == (409, "vacancy_decided")
    again = desk.withdraw("near", officer)
    events = client.get(f"{story.path}/vacancies/{again.json['id']}/events").json["events"]
    assert len(events) == 1
    desk.decide(again, second_officer)
    assert story.standing() == {"middle": "bell", "far": "lamp"}


def test_whoever_declared_an_interest_keeps_out(
    desk: Desk, client: FlaskClient, story: Chain, officer: Headers, second_officer: Headers
) -> None:
    made = desk.withdraw("near", officer)
    client.post(
        f"{story.path}/interests",
        json={
            "subject_type": "institution",
            "subject_id": str(story.far.organization_id),
            "text": "배우자가 근무합니다.",
        },
        headers=second_officer,
    )
    for answer in (
        desk.decide(made, second_officer),
        desk.decide(made, second_officer, "dismissal"),
        desk.sign("near", second_officer),
        desk.withdraw("middle", second_officer),
    ):
        assert (answer.status_code, answer.json["code"]) == (409, "interest_declared")


def test_what_everybody_reads_names_no_person(
    desk: Desk,
    client: FlaskClient,
    session: Session,
    story: Chain,
    officer: Headers,
    second_officer: Headers,
) -> None:
    made = desk.withdraw("near", officer)
    desk.decide(made, second_officer)
    one = f"{story.path}/vacancies/{made.json['id']}"
    addresses = (f"{story.path}/vacancies", one, f"{one}/events", f"{one}/record")
    shown = [client.get(address) for address in addresses]
    assert {answer.status_code for answer in shown} == {200}
    accounts = [str(account_id) for account_id in session.scalars(select(Account.id))]
    assert not any(account_id in answer.text for answer in shown for account_id in accounts)


def test_maps_and_lists_show_what_stands(
    desk: Desk,
    client: FlaskClient,
    session: Session,
    story: Chain,
    officer: Headers,
    second_officer: Headers,
) -> None:
    left = story.placement("near")
    made = desk.withdraw("near", officer)
    desk.decide(made, second_officer)
    listed = client.get(f"{story.path}/placements").json["items"]
    assert {row["institution_name_ko"] for row in listed} == {"종로구보건소", "부산보건소"}
    assert {row["vacancy_id"] for row in listed} == {made.json["id"]}
    shown = list_features(session.connection(), Filter(limit=100)).features
    assert {str(row.id) for row in shown} == {row["id"] for row in listed}
    counts = count_placements(session.connection())
    assert {code: row.placements for code, row in counts.items()} == {"11110": 1, "26110": 1}
    assert client.get(f"/api/v1/maps/placements/{left}").status_code == 404


def test_reasons_say_what_happened_since(
    desk: Desk, client: FlaskClient, story: Chain, officer: Headers, second_officer: Headers
) -> None:
    desk.decide(desk.withdraw("near", officer), second_officer)
    told = {
        (row["institution_name_ko"], row["offer_id"]): row["explanation"]
        for row in client.get(f"{story.path}/outcomes").json["items"]
    }
    bell, lamp = str(story.bell.id), str(story.lamp.id)
    for key in (("중구보건소", bell), ("종로구보건소", lamp)):
        assert told[key].endswith(LEFT["ko"])
    for key in (("종로구보건소", bell), ("부산보건소", lamp)):
        assert told[key].endswith(TAKEN["ko"])
    shown = client.get(f"/api/v1/maps/placements/{story.placement('far')}").json
    assert shown["explanation"].endswith(TAKEN["ko"])


def test_the_answer_for_a_neighbourhood_counts_what_stands(
    desk: Desk, client: FlaskClient, story: Chain, officer: Headers, second_officer: Headers
) -> None:
    address = f"{story.path}/explanations?region=26110101"
    before = client.get(address).json
    desk.decide(desk.withdraw("near", officer), second_officer)
    after = client.get(address).json
    assert (before["summary"]["awarded"], after["summary"]["awarded"]) == (0, 1)
    placed = [[row["is_placed"] for row in answer["items"]] for answer in (before, after)]
    assert (sum(placed[0]), sum(placed[1])) == (0, 1)


def test_the_fairness_report_adds_up_what_stands(
    desk: Desk, client: FlaskClient, story: Chain, officer: Headers, second_officer: Headers
) -> None:
    desk.sign("middle", officer)
    before = client.get(f"{story.path}/fairness").json
    made = desk.withdraw("near", officer)
    desk.decide(made, second_officer)
    after = client.get(f"{story.path}/fairness").json
    assert (before["totals"]["placements"], after["totals"]["placements"]) == (2, 1)
    assert sum(area["placements"] for area in after["areas"]) == 1


def test_the_proposer_and_the_institutions_hear_of_it(
    desk: Desk, session: Session, story: Chain, officer: Headers, second_officer: Headers
) -> None:
    session.execute(delete(Notice))
    session.commit()
    made = desk.withdraw("near", officer)
    assert session.scalars(select(Notice)).all() == []
    desk.decide(made, second_officer)
    told = {row.recipient_id: row for row in session.scalars(select(Notice))}
    assert {recipient: row.kind for recipient, row in told.items()} == {
        story.accounts["near"].id: "placement_given_up",
        story.accounts["middle"].id: "placement_exchanged",
        story.accounts["far"].id: "placement_passed_on",
        story.author.id: "proposal_passed_on",
        story.other.id: "proposal_passed_on",
    }
    assert told[story.accounts["near"].id].params["reason"] == REASON
    assert told[story.author.id].params["count"] == 1
    kinds = session.scalars(select(ProposalEvent.kind).order_by(ProposalEvent.id)).all()
    assert kinds.count("placed") == 4


def test_the_proposer_hears_when_nobody_is_next(
    desk: Desk, session: Session, story: Chain, officer: Headers, second_officer: Headers
) -> None:
    desk.sign("middle", officer)
    desk.decide(desk.withdraw("near", officer), second_officer)
    kinds = session.scalars(select(Notice.kind).where(Notice.recipient_id == story.author.id)).all()
    assert kinds[-1] == "proposal_not_deployed"


def test_each_step_is_on_the_audit_chain(
    desk: Desk, session: Session, officer: Headers, second_officer: Headers
) -> None:
    desk.decide(desk.withdraw("near", officer), second_officer)
    actions = session.scalars(select(AuditEvent.action)).all()
    assert actions[-2:] == ["placement.withdrawn", "vacancy.approved"]
    assert verify_audit(session) == []


def test_a_lapsed_designation_is_not_contracted(
    desk: Desk, session: Session, officer: Headers
) -> None:
    session.execute(update(Designation).values(valid_until=date(2025, 6, 1)))
    session.commit()
    refused = desk.sign("near", officer)
    assert (refused.status_code, refused.json["code"]) == (409, "not_for_contract")


def test_a_corrected_plan_ends_what_waits(
    desk: Desk, session: Session, story: Chain, officer: Headers, second_officer: Headers
) -> None:
    made = desk.withdraw("near", officer)
    session.execute(update(MatchingRun).values(superseded_at=CLOSED))
    session.commit()
    late = desk.decide(made, second_officer)
    assert (late.status_code, late.json["code"]) == (409, "matching_run_superseded")


def test_a_placement_of_another_round_is_not_found(
    desk: Desk, client: FlaskClient, session: Session, story: Chain, officer: Headers
) -> None:
    other, _ = make_open_round(session, make_product(session))
    placement = story.placement("near")
    for name, body in (("contract", None), ("withdrawal", {"reason": REASON})):
        address = f"{URL}/{other.id}/placements/{placement}/{name}"
        answer = client.post(address, json=body, headers=officer)
        assert (answer.status_code, answer.json["code"]) == (404, "placement_not_found")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE vacancy SET reason = 'another'",
        "UPDATE vacancy SET steps = '[]'",
        "UPDATE vacancy SET record_text = '{}'",
        "UPDATE vacancy SET decision = 'dismissed', decision_reason = 'late'",
        "UPDATE placement SET ended_at = NULL WHERE ended_at IS NOT NULL",
        "UPDATE placement SET vacancy_id = NULL",
        "DELETE FROM vacancy",
        "TRUNCATE vacancy CASCADE",
    ],
)
def test_the_database_keeps_what_was_recorded(
    desk: Desk, session: Session, officer: Headers, second_officer: Headers, statement: str
) -> None:
    desk.decide(desk.withdraw("near", officer), second_officer)
    with pytest.raises(ProgrammingError, match=r"stays as it was|new rows only"):
        session.execute(text(statement))


def test_the_database_takes_no_placement_of_a_vacancy_that_waits(
    desk: Desk, session: Session, officer: Headers
) -> None:
    made = desk.withdraw("near", officer)
    session.execute(text("UPDATE placement SET ended_at = placed_at"))
    copy = text(
        "INSERT INTO placement (id, run_id, outcome_id, offer_id, product_id, institution_id, seat,"
        " site_geom, generation_id, placed_at, vacancy_id) SELECT gen_random_uuid(), run_id,"
        " outcome_id, offer_id, product_id, institution_id, seat, site_geom, generation_id,"
        " placed_at, :vacancy_id FROM placement LIMIT 1"
    )
    with pytest.raises(ProgrammingError, match="by an approved vacancy"):
        session.execute(copy, {"vacancy_id": UUID(made.json["id"])})


def test_the_database_ends_nothing_under_contract(
    desk: Desk, session: Session, officer: Headers
) -> None:
    desk.sign("near", officer)
    with pytest.raises(ProgrammingError, match="with a contract does not end"):
        session.execute(text("UPDATE placement SET ended_at = now()"))


def engine(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the engine as a stranger: no packages, no settings, no database."""
    return subprocess.run(  # noqa: S603 (our own interpreter on published files)
        [sys.executable, "-E", "-s", "-S", "-m", "geo.matching", *arguments],
        cwd=ROOT,
        env={"PATH": os.defpath},
        capture_output=True,
        check=False,
    )


def test_a_stranger_computes_the_same_steps_from_the_published_files(
    desk: Desk,
    client: FlaskClient,
    story: Chain,
    officer: Headers,
    second_officer: Headers,
    tmp_path: Path,
) -> None:
    desk.decide(desk.withdraw("near", officer), second_officer)
    desk.sign("far", officer)
    desk.decide(desk.withdraw("middle", officer), second_officer)
    for name in ("instance", "plan"):
        (tmp_path / f"{name}.json").write_bytes(client.get(f"{story.path}/{name}").data)
    files = [str(tmp_path / "instance.json"), str(tmp_path / "plan.json")]
    earlier: list[str] = []
    for number, vacancy in enumerate(desk.list()):
        address = f"{story.path}/vacancies/{vacancy['id']}"
        events = tmp_path / f"events-{number}.json"
        record = tmp_path / f"record-{number}.json"
        events.write_bytes(client.get(f"{address}/events").data)
        record.write_bytes(client.get(f"{address}/record").data)
        computed = engine(ROOT, "next", *files, str(events), *earlier)
        assert (computed.returncode, computed.stderr) == (0, b"")
        assert computed.stdout == record.read_bytes()
        earlier = ["--after", str(record)]
    holders = {
        (row["institution"], row["product"]) for row in json.loads(record.read_bytes())["holders"]
    }
    listed = client.get(f"{story.path}/placements").json["items"]
    assert holders == {(row["institution_id"], row["offer_id"]) for row in listed}
    assert len(listed) == 1
