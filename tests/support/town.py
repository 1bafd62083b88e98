"""Owns a small town in which everything happens that people can do, with facts that stay private.

It is played by the services. With the same ids, times and public choices, two towns differ in what
is private alone (`Secrets`): whatever the public reads of them has to be the same.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Account, SignIn
from backend.catalogue.designations import designate
from backend.files.storage import Storage
from backend.notifications.areas.service import follow_area
from backend.objections.service import file_objection
from backend.organizations.models import Institution
from backend.proposals.co_authors.invitations import accept_invitation, invite_co_author
from backend.proposals.comments.service import add_comment
from backend.proposals.endorsements import endorse
from backend.proposals.follows.service import follow
from backend.proposals.models import Proposal
from backend.reviews.decisions import decide
from backend.reviews.merges.service import merge_proposal
from backend.reviews.submission import submit_proposal, withdraw_proposal
from backend.rounds.models import FrozenInputs, MatchingRun, Outcome, Placement, Round
from backend.rounds.vacancies import withdraw_placement
from geo.regions import get_region
from tests.support.notices import confirm_address, subscribe
from tests.support.people import (
    BEFORE,
    local_government_organization,
    make_applicant,
    make_institution,
    make_officer,
    make_overseas_institution,
    make_reviewer,
    make_sign_in,
    register,
)
from tests.support.photos import make_photo
from tests.support.pictures import jpeg, with_gps
from tests.support.proposals import REASON, make_draft
from tests.support.push_service import Device
from tests.support.rounds import (
    CLOSED,
    OPENS_AT,
    PRICE_KRW,
    announce,
    apply_for,
    make_area,
    make_offer,
    make_product,
    make_round,
    publish,
)

SIGUNGU = "11305"
"""서울특별시 강북구, where the people of the town live and propose."""
EMD = "11305103"
"""수유동, where their proposals are about."""
HOMES = ("11305101", "11305102", "11305104")
"""미아동, 번동 and 우이동: where somebody may live without saying so."""
ELSEWHERE = "26470"
"""부산광역시 연제구, whose reviewers have no business here."""
FROM_AFAR = ("stranger", "co_author")
"""Who lives in Busan."""
MIA = (127.0290, 37.6200)
"""(lon, lat) in 미아동."""
BUSAN_EMD = "26470102"
BUSAN: dict[str, Any] = {"site": (129.0867, 35.1756), "emd_code": BUSAN_EMD}
CODE = "2026-77"
"""The round of the town."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is for nobody but the person and, of some, the competent office.

    :param mark: a word that stands in everything of theirs that is text: addresses, devices.
    :param home: eight digits of the emd in which the author lives.
    :param point: (lon, lat) of what the author proposes something for, in `EMD`.
    """

    mark: str
    home: str
    point: tuple[float, float]
    accuracy_m: float = 12.5


@dataclass(frozen=True, slots=True)
class Choices:
    """What the author decides about being seen."""

    neighbourhood_public: bool = False
    anonymous: bool = True


@dataclass(slots=True)
class Town:
    """Who is there, and the ids of what there is.

    :param people: by the part they play.
    :param ids: by the name of the path parameter that takes them.
    """

    secrets: Secrets
    choices: Choices
    people: dict[str, Account] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)

    def know(self, name: str, *found: UUID) -> None:
        """Keep the ids of something for the paths that take them."""
        self.ids.setdefault(name, []).extend(map(str, found))


def build_town(
    session: Session, storage: Storage, secrets: Secrets, choices: Choices | None = None
) -> Town:
    """Play a town from its people to a round that was published and has a vacancy."""
    town = Town(secrets, choices or Choices())
    _settle(session, town)
    answered = _propose(session, storage, town)
    _hold_round(session, town, answered)
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


def _hold_round(session: Session, town: Town, answered: Proposal) -> None:
    """Have the proposal answered by a product that is placed, and given back in part."""
    product = make_product(
        session, answers=[answered], designated_on=None, name_ko="알리미", name_en="Alert"
    )
    designate(
        session,
        product_id=product.id,
        track="FT3",
        designation_type=2,
        certificate_number="2025-77",
        designated_on=date(2025, 1, 2),
        actor_id=None,
        now=OPENS_AT,
    )
    region = get_region(session, EMD)
    near = make_institution(
        session,
        name_ko="수유보건소",
        site=(region.lon, region.lat),
        emd_code=EMD,
        jurisdiction_codes=[HOMES[0]],
    )
    beside = make_institution(session, name_ko="미아주민센터", site=MIA, emd_code=HOMES[0])
    far = make_institution(session, name_ko="연제구보건소", **BUSAN)
    abroad = make_overseas_institution(session)
    round_ = make_round(session, code=CODE, title_ko="마을 차수", title_en="Round of the town")
    area = make_area(session, round_, budget_krw=3 * PRICE_KRW)
    offer = make_offer(session, area, product, fixed_institution_ids=[abroad.organization_id])
    announce(session, round_)
    for institution in (near, beside, far):
        apply_for(session, institution, offer)
    run = publish(session, round_)
    town.people["applicant"] = make_applicant(session, far, "applicant@far.example")
    town.know("institution_id", near.organization_id, far.organization_id)
    _know_round(session, town, round_, run, beside)
    town.know("product_id", product.id)
    town.know("organization_id", near.organization_id, abroad.organization_id)
    _object(session, town, round_)


def _know_round(
    session: Session, town: Town, round_: Round, run: MatchingRun, leaving: Institution
) -> None:
    town.know("round_id", round_.id)
    town.know("run_id", run.id)
    town.know("inputs_id", session.scalars(select(FrozenInputs.id)).one())
    placements = session.scalars(select(Placement).order_by(Placement.id)).all()
    given_up = next(one for one in placements if one.institution_id == leaving.organization_id)
    vacancy = withdraw_placement(
        session,
        round_id=round_.id,
        placement_id=given_up.id,
        reason="설치할 건물이 철거됩니다.",
        actor_id=town.people["officer"].id,
        now=CLOSED + timedelta(hours=1),
    )
    town.know("vacancy_id", vacancy.id)
    town.know("placement_id", *(one.id for one in placements if one is not given_up))
    session.commit()


def _object(session: Session, town: Town, round_: Round) -> None:
    outcome = session.scalars(select(Outcome).order_by(Outcome.id)).first()
    assert outcome is not None
    objection = file_objection(
        session,
        round_id=round_.id,
        outcome_id=outcome.id,
        reason=f"{town.secrets.mark} 저는 다르게 생각합니다.",
        actor_id=town.people["author"].id,
        now=CLOSED + timedelta(hours=2),
    )
    town.know("objection_id", objection.id)
    session.commit()
