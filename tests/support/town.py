"""Owns a small town in which everything happens that people can do, with facts that stay private.

It is played by the services. With the same ids, times and public choices, two towns differ in what
is private alone (`Secrets`): whatever the public reads of them has to be the same.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.models import Account, SignIn
from backend.files.storage import Storage
from backend.notifications.areas.service import follow_area
from backend.proposals.co_authors.invitations import accept_invitation, invite_co_author
from backend.proposals.comments.service import add_comment
from backend.proposals.endorsements import endorse
from backend.proposals.follows.service import follow
from backend.proposals.models import Proposal
from backend.reviews.decisions import decide
from backend.reviews.merges.service import merge_proposal
from backend.reviews.submission import submit_proposal, withdraw_proposal
from tests.support.notices import confirm_address, subscribe
from tests.support.people import (
    BEFORE,
    local_government_organization,
    make_officer,
    make_reviewer,
    make_sign_in,
    register,
)
from tests.support.photos import make_photo
from tests.support.pictures import jpeg, with_gps
from tests.support.proposals import REASON, make_draft
from tests.support.push_service import Device
from tests.support.town_facts import (
    BUSAN_EMD,
    ELSEWHERE,
    EMD,
    FROM_AFAR,
    SIGUNGU,
    Choices,
    Secrets,
    Town,
)
from tests.support.town_round import hold_round


def build_town(
    session: Session, storage: Storage, secrets: Secrets, choices: Choices | None = None
) -> Town:
    """Play a town from its people to a round that was published and has a vacancy."""
    town = Town(secrets, choices or Choices())
    _settle(session, town)
    answered = _propose(session, storage, town)
    hold_round(session, town, answered)
    return town


def citizen(session: Session, secrets: Secrets, part: str, name: str) -> Account:
    """Make somebody with an address, a device, push and a place they listen to, all marked."""
    mark = f"{secrets.mark}-{part}"
    account = register(
        session, email=f"{mark}@private.example", residence=secrets.home, display_name=name
    )
    caller = make_sign_in(session, account)
    session.get_one(SignIn, caller.sign_in_id).device_name = f"{mark} phone"
    confirm_address(session, account)
    subscribe(session, account, f"https://push.example/{mark}", Device())
    lon, lat = secrets.point
    circle = {"lon": lon, "lat": lat, "radius_m": 500}
    follow_area(session, account_id=account.id, circle=circle, now=BEFORE)
    session.commit()
    return account


def _settle(session: Session, town: Town) -> None:
    """Let people come to live and work in the town."""
    secrets, anonymous = town.secrets, town.choices.anonymous
    names = {
        "author": f"{secrets.mark} author" if anonymous else "드러난 제안자",
        "co_author": f"{secrets.mark} co-author" if anonymous else "드러난 공동제안자",
        "latecomer": f"{secrets.mark} latecomer" if anonymous else "드러난 다른 제안자",
        "neighbour": "이웃",
        "stranger": "지나가는 사람",
    }
    for part, name in names.items():
        known = replace(
            secrets,
            mark=part if part == "stranger" else secrets.mark,
            home=BUSAN_EMD if part in FROM_AFAR else secrets.home,
        )
        town.people[part] = citizen(session, known, part, name)
    town.people["reviewer"] = make_reviewer(session, SIGUNGU, f"{secrets.mark}-rev@private.example")
    town.people["reviewer_elsewhere"] = make_reviewer(session, ELSEWHERE, "rev@elsewhere.example")
    town.people["officer"] = make_officer(session, "officer@procurement.example")


def _draft(
    session: Session, town: Town, title: str, author: str = "author", **facts: Any
) -> Proposal:
    lon, lat = town.secrets.point
    given: dict[str, Any] = {
        "title": title,
        "neighbourhood_public": town.choices.neighbourhood_public,
        "anonymous": town.choices.anonymous,
    }
    if "region_code" not in facts:
        given["location"] = {"lon": lon, "lat": lat, "accuracy_m": town.secrets.accuracy_m}
    proposal = make_draft(session, town.people[author], **given, **facts)
    offer = invite_co_author(
        session, proposal_id=proposal.id, actor_id=proposal.author_id, now=proposal.created_at
    )
    accept_invitation(
        session,
        token=offer.token,
        account_id=town.people["co_author"].id,
        now=proposal.created_at,
    )
    session.commit()
    return proposal


def _propose(session: Session, storage: Storage, town: Town) -> Proposal:
    """Let the author propose in every way there is; return what a product will answer."""
    local_government_organization(session, SIGUNGU)
    answered = _draft(session, town, "골목 소화전 앞 주차 알림")
    exif = with_gps(f"{town.secrets.mark} {town.secrets.point}")
    photo = make_photo(session, storage, answered, jpeg(exif=exif), caption="소화전 앞")
    waiting = _draft(session, town, "밤길 비상벨", region_code=EMD)
    withdrawn = _draft(session, town, "빗물받이 막힘 알림")
    again = _draft(session, town, "소화전 앞에 차를 못 세우게", "latecomer")
    draft = _draft(session, town, f"{town.secrets.mark} 초안")
    town.know("draft_id", draft.id)
    for minutes, proposal in enumerate((answered, waiting, withdrawn, again)):
        now = proposal.created_at + timedelta(minutes=minutes)
        submit_proposal(session, proposal_id=proposal.id, actor_id=proposal.author_id, now=now)
        _talk_about(session, town, proposal)
        town.know("proposal_id", proposal.id)
    town.know("request_id", *map(UUID, town.ids["proposal_id"]))
    town.know("photo_id", photo.id)
    later = answered.created_at + timedelta(days=3)
    merge_proposal(
        session,
        proposal_id=again.id,
        into=answered.id,
        local_government_code=SIGUNGU,
        actor_id=town.people["reviewer"].id,
        reason="같은 골목의 같은 문제를 말하고 있습니다.",
        now=later - timedelta(days=1),
    )
    withdraw_proposal(session, proposal_id=withdrawn.id, actor_id=withdrawn.author_id, now=later)
    decide(
        session,
        proposal_id=answered.id,
        local_government_code=SIGUNGU,
        actor_id=town.people["reviewer"].id,
        outcome="adopted",
        reason=REASON,
        now=later,
    )
    session.commit()
    return answered


def _talk_about(session: Session, town: Town, proposal: Proposal) -> None:
    now = proposal.created_at + timedelta(hours=1)
    neighbour = town.people["neighbour"]
    endorse(session, proposal_id=proposal.id, account_id=neighbour.id, now=now)
    follow(session, proposal_id=proposal.id, account_id=neighbour.id, now=now)
    parent: UUID | None = None
    for writer_id, words in (
        (neighbour.id, "저도 겪었습니다."),
        (proposal.author_id, "감사합니다."),
    ):
        comment, _ = add_comment(
            session,
            proposal_id=proposal.id,
            author_id=writer_id,
            text=words,
            parent_id=parent,
            now=now,
        )
        parent = comment.id
        town.know("comment_id", comment.id)
    session.commit()
