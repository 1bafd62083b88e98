"""Owns the rules of setting up a round, announcing it and closing it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.catalogue.validity import seoul_date
from backend.db import conflict_on, new_id
from backend.errors import Conflict, Invalid
from backend.rounds import engine, states
from backend.rounds.applicants import institutions_of_offer, tell_institutions
from backend.rounds.facts import gather
from backend.rounds.models import Round
from backend.rounds.policy import KEY_NAMES, complete, setting
from backend.rounds.policy_versions import keep_first_version, replace_policy
from backend.rounds.proposers import tell_offers
from backend.rounds.queries import all_offers, lock_round
from backend.rounds.rules import VALID_DESIGNATION, check_offers, list_lapsed
from backend.rounds.trail import record_change

EDITABLE = ("title_ko", "title_en", "programme_year", "opens_at", "closes_at", "policy")
"""What changes of a draft."""

TRIAL_SEED = "trial"
"""Seed of an instance that is only built to see whether the engine accepts it."""


class RoundCodeTaken(Conflict):
    """Another round has that code."""

    code = "round_code_taken"
    ko = "이미 쓰고 있는 차수 번호입니다."
    en = "Another round has this code."


class WindowReversed(Invalid):
    """The window would close before it opens."""

    code = "window_reversed"
    ko = "신청 마감은 신청 시작보다 늦어야 합니다."
    en = "The window has to close after it opens."


class PolicyKeyUnknown(Invalid):
    """A priority compares something that no application has."""

    code = "policy_key_unknown"
    ko = "우선순위에 쓸 수 없는 항목입니다: {key}. 쓸 수 있는 항목: {keys}"
    en = "A priority cannot compare {key}. What there is: {keys}"


class PolicyDemandUnknown(Invalid):
    """An offer answers a demand of a ministry that the round's policy does not have."""

    code = "policy_demand_unknown"
    ko = "차수의 규칙에 없는 정책 수요입니다: {demand}"
    en = "The round's policy has no such demand of a ministry: {demand}"


class RoundEmpty(Conflict):
    """There is nothing to apply for."""

    code = "round_empty"
    ko = "예산 분야와 대상 제품이 하나 이상 있어야 공고할 수 있습니다."
    en = "Announce a round once it has a budget area and an offer."


class WindowOver(Conflict):
    """Nobody could apply any more."""

    code = "window_over"
    ko = "신청 마감이 이미 지났습니다. 신청 기간을 고친 뒤 공고해 주세요."
    en = "The window is over already. Correct it before the notice."


def create_round(
    session: Session,
    *,
    code: str,
    programme_year: int,
    title_ko: str,
    title_en: str,
    opens_at: datetime,
    closes_at: datetime,
    actor_id: UUID | None,
    now: datetime,
    policy: Mapping[str, Any] | None = None,
    is_sample: bool = False,
) -> Round:
    """Begin a round as a draft that officers see only.

    :param code: such as ``2026-1``; it is the round's name in the published files.
    :param policy: rules that differ from the defaults.
    :param is_sample: made up for a demonstration, and shown as such.
    :raises RoundCodeTaken: when another round has the code.
    :raises WindowReversed: when the window closes before it opens.
    :raises PolicyKeyUnknown: when a priority compares something unknown.
    :raises InstanceNotAccepted: when the engine refuses the policy.
    """
    round_ = Round(
        id=new_id(),
        code=code,
        programme_year=programme_year,
        title_ko=title_ko,
        title_en=title_en,
        status="draft",
        policy=complete(policy or {}),
        opens_at=opens_at,
        closes_at=closes_at,
        is_sample=is_sample,
        created_by=actor_id,
        created_at=now,
    )
    check_terms(round_)
    with conflict_on(session, uq_round_code=RoundCodeTaken(field="json.code")):
        session.add(round_)
    keep_first_version(session, round_, actor_id=actor_id, now=now)
    ensure_runnable(session, round_, now)
    record_change(session, round_, "round.created", actor_id=actor_id, now=now)
    return round_


def edit_round(
    session: Session,
    *,
    round_id: UUID,
    changes: Mapping[str, Any],
    actor_id: UUID | None,
    now: datetime,
) -> Round:
    """Change a draft; what `changes` does not name stays, in the policy too.

    :param changes: values by name, names of `EDITABLE` only.
    :raises RoundNotFound: when there is no such round.
    :raises RoundNotDraft: when it was announced.
    :raises WindowReversed: when the window closes before it opens.
    :raises PolicyKeyUnknown: when a priority compares something unknown.
    :raises InstanceNotAccepted: when the engine refuses the round with the change.
    :raises KeyError: when `changes` names anything else.
    """
    round_ = lock_round(session, round_id)
    states.check_draft(round_)
    for name, value in changes.items():
        if name not in EDITABLE:
            raise KeyError(name)
        if name != "policy":
            setattr(round_, name, value)
    if "policy" in changes:
        policy = complete(changes["policy"], round_.policy)
        replace_policy(session, round_, policy, reason=None, actor_id=actor_id, now=now)
    check_terms(round_)
    ensure_runnable(session, round_, now)
    record_change(
        session, round_, "round.edited", actor_id=actor_id, now=now, fields=sorted(changes)
    )
    return round_


def open_round(session: Session, *, round_id: UUID, actor_id: UUID | None, now: datetime) -> Round:
    """Announce a round: everybody sees its terms, and institutions apply within its window.

    The proposers whose ideas an offer answers are told.

    :raises RoundNotFound: when there is no such round.
    :raises RoundTransition: when it is no draft.
    :raises RoundEmpty: when it has no offer.
    :raises WindowOver: when its deadline has passed.
    :raises DesignationNotValid: when a product is not designated any more.
    :raises ProductPiloted: when a product was piloted meanwhile.
    :raises InstanceNotAccepted: when the engine would refuse the round.
    """
    round_ = lock_round(session, round_id)
    if round_.status == "draft" and not all_offers(session, round_.id):
        raise RoundEmpty
    if round_.status == "draft" and round_.closes_at <= now:
        raise WindowOver
    states.move(round_, "open", now)
    check_offers(session, round_, now)
    ensure_runnable(session, round_, now)
    tell_offers(session, round_, actor_id=actor_id, now=now)
    record_change(
        session,
        round_,
        "round.opened",
        actor_id=actor_id,
        now=now,
        policy=round_.policy,
        policy_version=round_.policy_version,
    )
    return round_


def close_round(session: Session, *, round_id: UUID, actor_id: UUID | None, now: datetime) -> Round:
    """Close the demand survey of a round once its deadline has passed.

    A round whose offers are all for fixed institutions takes no applications and need not wait.
    Whoever asks for a product whose designation has lapsed is told: it is not matched.

    :raises RoundNotFound: when there is no such round.
    :raises RoundTransition: when it is not open.
    :raises DeadlineNotPassed: when institutions may still apply.
    """
    round_ = lock_round(session, round_id)
    if round_.status == "open" and now < round_.closes_at and _takes_applications(session, round_):
        raise states.DeadlineNotPassed(closes_at=states.show_time(round_.closes_at))
    states.move(round_, "closed", now)
    lapsed = list_lapsed(session, round_, now)
    for offer in lapsed:
        tell_institutions(
            session,
            round_,
            institutions_of_offer(session, offer.id),
            "offer_lapsed",
            {"product": offer.product.names, "rule": VALID_DESIGNATION},
            now=now,
        )
    record_change(
        session,
        round_,
        "round.closed",
        actor_id=actor_id,
        now=now,
        lapsed_offers=[str(offer.id) for offer in lapsed],
    )
    return round_


def _takes_applications(session: Session, round_: Round) -> bool:
    return any(
        offer.takes_applications and offer.withdrawn_at is None
        for offer in all_offers(session, round_.id)
    )


def ensure_runnable(session: Session, round_: Round, now: datetime) -> None:
    """Refuse what the engine would refuse later, when nothing could be corrected any more.

    :raises InstanceNotAccepted: naming the field.
    :raises PolicyDemandUnknown: when an offer answers a demand that the policy does not have.
    """
    session.flush()
    session.refresh(round_, ["areas"])
    facts = gather(session, round_, on=seoul_date(now))
    for offer in facts.offers:
        check_demands(round_, offer.policy_demands)
    engine.build_instance(facts, seed=TRIAL_SEED)


def check_terms(round_: Round) -> None:
    """Refuse a window or priorities that make no sense, naming the field.

    :raises WindowReversed: when the window closes before it opens.
    :raises PolicyKeyUnknown: when a priority compares something unknown.
    """
    if round_.closes_at <= round_.opens_at:
        raise WindowReversed(field="json.closes_at")
    for keys in round_.policy["seat_priority"].values():
        for key in keys:
            if key not in KEY_NAMES:
                raise PolicyKeyUnknown(
                    field="json.policy.seat_priority", key=key, keys=", ".join(KEY_NAMES)
                )


def check_demands(round_: Round, demands: Iterable[str], *, field: str | None = None) -> None:
    """Refuse demands of ministries that a round's policy does not name and weigh.

    :param demands: keys of the policy's ``policy_demands``.
    :raises PolicyDemandUnknown: naming the first that is not there.
    """
    known = setting(round_.policy, "policy_demands")
    for demand in demands:
        if demand not in known:
            raise PolicyDemandUnknown(field=field, demand=demand)
