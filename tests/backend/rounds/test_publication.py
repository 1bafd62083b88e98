"""Publication: everybody reads the plan, the files verify, and whom it concerns is told why."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.audit.service import verify
from backend.db import new_id
from backend.notifications.models import Notice
from backend.organizations.models import Institution
from backend.proposals.models import Proposal
from backend.rounds import publication
from backend.rounds.models import Offer, Placement, Round
from backend.rounds.results import list_placements
from tests.conftest import Clock
from tests.support.people import (
    CITY_HALL,
    CITY_HALL_EMD,
    make_applicant,
    make_institution,
    make_overseas_institution,
    register,
)
from tests.support.proposals import make_decided
from tests.support.rounds import (
    CLOSED,
    PRICE_KRW,
    apply_for,
    approve,
    close,
    make_open_round,
    make_product,
    publish,
    run,
)

URL = "/api/v1/rounds"
ROOT = Path(__file__).parents[3]


class Story:
    """A round in which two institutions ask for a citizen's product and one can have it."""

    def __init__(self, session: Session) -> None:
        author = register(
            session, email="secret@example.com", display_name="김비밀", residence=CITY_HALL_EMD
        )
        self.proposal: Proposal = make_decided(
            session,
            author,
            neighbourhood_public=True,
            location={"lon": 126.977123, "lat": 37.566456, "accuracy_m": 5.0},
        )
        product = make_product(session, answers=[self.proposal])
        self.round: Round
        self.offer: Offer
        self.round, (self.offer,) = make_open_round(session, product)
        self.here: Institution = make_institution(session, name_ko="중구보건소")
        self.there: Institution = make_institution(
            session, name_ko="부산중구보건소", site=(129.0328, 35.11223), emd_code="26110101"
        )
        self.applicants = [make_applicant(session, row) for row in (self.here, self.there)]
        for institution in (self.here, self.there):
            apply_for(session, institution, self.offer)


@pytest.fixture
def story(session: Session) -> Story:
    """The round, announced and applied for."""
    return Story(session)


def verify_files(directory: Path) -> subprocess.CompletedProcess[str]:
    """Verify two files as a stranger would: by the command line, without our database."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(  # noqa: S603 (our own interpreter on our own files)
        [
            sys.executable,
            "-m",
            "geo.matching",
            "verify",
            str(directory / "instance.json"),
            str(directory / "plan.json"),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_plan_is_the_officers_own_until_its_publication(
    client: FlaskClient,
    session: Session,
    story: Story,
    officer: dict[str, str],
    auditor: dict[str, str],
    citizen: dict[str, str],
) -> None:
    close(session, story.round)
    addresses = [
        f"{URL}/{story.round.id}/{name}" for name in ("plan", "instance", "outcomes", "placements")
    ]
    before = client.get(addresses[0], headers=officer)
    assert before.json["code"] == "plan_not_found"
    done = run(session, story.round)
    approve(session, done)
    for address in addresses:
        for headers in (None, citizen):
            assert client.get(address, headers=headers).status_code == 404
        for headers in (officer, auditor):
            assert client.get(address, headers=headers).status_code == 200


def test_a_published_plan_is_everybodys_to_read_and_verify(
    client: FlaskClient, session: Session, story: Story, tmp_path: Path
) -> None:
    done = publish(session, story.round)
    session.refresh(done, ["instance_text", "plan_text"])
    for name in ("instance", "plan"):
        answer = client.get(f"{URL}/{story.round.id}/{name}")
        assert answer.mimetype == "application/json"
        assert answer.data == getattr(done, f"{name}_text").encode()
        unchanged = client.get(
            f"{URL}/{story.round.id}/{name}", headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert unchanged.status_code == 304
        (tmp_path / f"{name}.json").write_bytes(answer.data)
    checked = verify_files(tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_an_edited_plan_does_not_verify(
    client: FlaskClient, session: Session, story: Story, tmp_path: Path
) -> None:
    publish(session, story.round)
    for name in ("instance", "plan"):
        data = client.get(f"{URL}/{story.round.id}/{name}").json
        if name == "plan":
            data["areas"][0]["spent_krw"] += 1
        (tmp_path / f"{name}.json").write_text(json.dumps(data))
    checked = verify_files(tmp_path)
    assert checked.returncode == 1
    assert "budget" in checked.stdout


def test_the_operator_exports_files_that_verify(
    app: Flask, session: Session, story: Story, tmp_path: Path
) -> None:
    runner = app.test_cli_runner()
    early = runner.invoke(args=["rounds", "export", story.round.code, str(tmp_path)])
    assert early.exit_code == 1
    assert "is not published" in early.output
    publish(session, story.round)
    done = runner.invoke(args=["rounds", "export", story.round.code, str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    checked = verify_files(tmp_path / "out")
    assert (checked.returncode, checked.stderr) == (0, "")
    unknown = runner.invoke(args=["rounds", "export", "1999-1", str(tmp_path)])
    assert unknown.exit_code == 1


def test_outcomes_are_explained_in_the_readers_language(
    client: FlaskClient, session: Session, story: Story
) -> None:
    publish(session, story.round)
    address = f"{URL}/{story.round.id}/outcomes"
    rows = {row["reason"]: row for row in client.get(address).json["items"]}
    assert set(rows) == {"awarded", "below_cutoff"}
    assert rows["awarded"]["seat"] == "residence"
    assert rows["awarded"]["residence_tier"] == 0
    assert rows["awarded"]["institution_name_ko"] == "중구보건소"
    refusal = rows["below_cutoff"]["explanation"]
    assert refusal.startswith("부산중구보건소는")
    assert "배정받지 못하였" in refusal
    english = client.get(address, headers={"Accept-Language": "en"}).json["items"]
    assert all(" receive" in row["explanation"] for row in english)


def test_outcomes_are_found_by_institution_product_and_reason(
    client: FlaskClient, session: Session, story: Story
) -> None:
    publish(session, story.round)
    address = f"{URL}/{story.round.id}/outcomes"

    def found(**query: Any) -> set[str]:
        rows = client.get(address, query_string=query).json["items"]
        return {row["reason"] for row in rows}

    assert found(institution_id=story.here.organization_id) == {"awarded"}
    assert found(product_id=story.offer.product_id) == {"awarded", "below_cutoff"}
    assert found(product_id=new_id()) == set()
    assert found(reason="below_cutoff") == {"below_cutoff"}
    assert client.get(address, query_string={"reason": "luck"}).status_code == 422
    first = client.get(address, query_string={"limit": 1}).json
    after = {"limit": 1, "after": first["next_cursor"]}
    second = client.get(address, query_string=after).json
    assert second["next_cursor"] is None
    assert {first["items"][0]["reason"], second["items"][0]["reason"]} == {
        "awarded",
        "below_cutoff",
    }


def test_placements_say_where_a_product_went(
    client: FlaskClient, session: Session, story: Story
) -> None:
    publish(session, story.round)
    (row,) = client.get(f"{URL}/{story.round.id}/placements").json["items"]
    assert row["institution_name_ko"] == "중구보건소"
    assert row["institution_type"] == "health_centre"
    assert row["round_code"] == story.round.code
    assert row["area_key"] == "citizen"
    assert row["unit_price_krw"] == PRICE_KRW
    assert row["site"] == pytest.approx({"lon": CITY_HALL[0], "lat": CITY_HALL[1]})
    assert (row["site_emd_code"], row["sigungu_code"]) == (CITY_HALL_EMD, "11140")
    assert (row["seat"], row["residence_tier"]) == ("residence", 0)


def test_applicants_are_told_their_outcome_with_its_reason(
    client: FlaskClient, session: Session, story: Story, clock: Clock
) -> None:
    publish(session, story.round)
    notices = {
        row.recipient_id: row
        for row in session.scalars(
            select(Notice).where(Notice.kind.in_(["placement_awarded", "application_refused"]))
        )
    }
    won, lost = (notices[account.id] for account in story.applicants)
    assert (won.kind, lost.kind) == ("placement_awarded", "application_refused")
    clock.time = CLOSED
    signed_in = client.post(
        "/api/v1/sessions",
        json={"email": story.applicants[1].email, "password": "correct horse battery"},
    ).json["access_token"]
    headers = {"Authorization": f"Bearer {signed_in}"}
    (shown,) = client.get("/api/v1/me/notices", headers=headers).json["items"]
    assert story.round.title_ko in shown["text"]
    assert "배정받지 못하였" in shown["text"]
    english = {**headers, "Accept-Language": "en"}
    (shown,) = client.get("/api/v1/me/notices", headers=english).json["items"]
    assert story.round.title_en in shown["text"]


def test_the_proposer_hears_where_the_idea_went_and_the_thread_shows_it(
    client: FlaskClient, session: Session, story: Story
) -> None:
    publish(session, story.round)
    notice = session.scalars(select(Notice).where(Notice.kind == "proposal_deployed")).one()
    assert notice.recipient_id == story.proposal.author_id
    assert notice.params["count"] == 1
    events = client.get(f"/api/v1/proposals/{story.proposal.id}/events").json["items"]
    assert events[-1]["kind"] == "placed"
    assert events[-1]["data"]["round"] == story.round.code


@pytest.mark.parametrize(
    ("somebody_applies", "reason"),
    [(True, "none of them got it"), (False, "No institution applied")],
)
def test_the_proposer_hears_why_a_product_went_nowhere(
    client: FlaskClient, session: Session, somebody_applies: bool, reason: str
) -> None:
    proposal = make_decided(session)
    product = make_product(session, answers=[proposal])
    round_, (offer,) = make_open_round(session, product, budget_krw=PRICE_KRW - 1)
    if somebody_applies:
        apply_for(session, make_institution(session), offer)
    publish(session, round_)
    assert session.scalars(select(Placement)).all() == []
    assert session.scalars(select(Notice).where(Notice.kind == "proposal_deployed")).all() == []
    notice = session.scalars(select(Notice).where(Notice.kind == "proposal_not_deployed")).one()
    assert notice.recipient_id == proposal.author_id
    assert reason in notice.params["reason"]["en"]
    events = client.get(f"/api/v1/proposals/{proposal.id}/events").json["items"]
    assert [event["kind"] for event in events[-2:]] == ["offered", "not_placed"]


def test_the_proposer_does_not_hear_of_priorities_where_nobody_was_eligible(
    session: Session,
) -> None:
    round_, (offer,) = make_open_round(
        session, make_product(session, answers=[make_decided(session)])
    )
    gone = make_institution(session)
    apply_for(session, gone, offer)
    gone.organization.closed_at = CLOSED
    session.commit()
    publish(session, round_)
    notice = session.scalars(select(Notice).where(Notice.kind == "proposal_not_deployed")).one()
    assert "none of the applications was eligible" in notice.params["reason"]["en"]


@pytest.mark.parametrize("broken", ["tell_outcomes", "tell_results", "record_change"])
def test_a_publication_happens_wholly_or_not_at_all(
    client: FlaskClient,
    session: Session,
    story: Story,
    officer: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
) -> None:
    close(session, story.round)
    done = run(session, story.round)
    approve(session, done)

    def break_(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(publication, broken, break_)
    address = f"{URL}/{story.round.id}/runs/{done.id}/publication"
    assert client.post(address, headers=officer).status_code == 500
    session.expire_all()
    assert (story.round.status, done.published_at) == ("approved", None)
    assert session.scalars(select(Placement)).all() == []
    told = Notice.kind.in_(["placement_awarded", "application_refused", "proposal_deployed"])
    assert session.scalars(select(Notice).where(told)).all() == []
    monkeypatch.undo()
    assert client.post(address, headers=officer).status_code == 200


def test_a_publication_is_in_the_audit_chain(session: Session, story: Story) -> None:
    publish(session, story.round)
    actions = session.scalars(
        select(AuditEvent.action)
        .where(AuditEvent.subject_id == str(story.round.id), AuditEvent.chain == "public")
        .order_by(AuditEvent.seq)
    ).all()
    assert actions[-8:] == [
        "round.closed",
        "round.inputs_frozen",
        "round.seed_entered",
        "round.seed_official",
        "round.run_queued",
        "round.matched",
        "round.approved",
        "round.published",
    ]
    assert verify(session) == []


def test_a_plan_is_approved_before_it_is_published_and_published_once(
    client: FlaskClient, session: Session, story: Story, officer: dict[str, str]
) -> None:
    close(session, story.round)
    done = run(session, story.round)
    address = f"{URL}/{story.round.id}/runs/{done.id}/publication"
    early = client.post(address, headers=officer)
    assert early.status_code == 409
    assert early.json["code"] == "invalid_transition"
    approve(session, done)
    published = client.post(address, headers=officer)
    assert published.status_code == 200, published.text
    assert published.json["published_at"] is not None
    assert client.get(f"{URL}/{story.round.id}").json["status"] == "published"
    again = client.post(address, headers=officer)
    assert again.json["code"] == "invalid_transition"
    rerun = client.post(f"{URL}/{story.round.id}/runs", json={}, headers=officer)
    assert rerun.json["code"] == "invalid_transition"


def test_nothing_personal_is_public(client: FlaskClient, session: Session, story: Story) -> None:
    publish(session, story.round)
    secrets = ["secret@example.com", "김비밀", "126.977123", "37.566456"]
    secrets += [str(account.id) for account in story.applicants]
    secrets += [account.email for account in story.applicants]
    secrets.append(str(story.proposal.author_id))
    for name in ("", "/offers", "/plan", "/instance", "/outcomes", "/placements"):
        text = client.get(f"{URL}/{story.round.id}{name}").get_data(as_text=True)
        assert [secret for secret in secrets if secret in text] == []


def test_placements_know_where_they_are(session: Session) -> None:
    round_, (offer,) = make_open_round(session, make_product(session), budget_krw=5 * PRICE_KRW)
    bodies = [
        make_institution(session),
        make_institution(session, site=(129.0328, 35.11223), emd_code="26110101"),
        make_overseas_institution(session),
    ]
    for body in bodies:
        apply_for(session, body, offer)
    publish(session, round_)
    placed = list_placements(session, round_id=round_.id, limit=10, after=None).items
    assert {row.institution_id: row.sigungu_code for row in placed} == {
        body.organization_id: code
        for body, code in zip(bodies, ("11140", "26110", None), strict=True)
    }
    assert [row.residence_tier for row in placed] == [None] * 3
