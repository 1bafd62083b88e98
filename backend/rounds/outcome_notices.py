"""Owns what those who apply for institutions hear of a published plan, and of a corrected one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.auth.identity import Role
from backend.notifications.service import notify
from backend.organizations.queries import list_staff_ids
from backend.rounds.models import MatchingRun, Outcome, Round
from backend.rounds.reasons import reason_of


def tell_outcomes(
    session: Session, round_: Round, outcomes: Sequence[Outcome], now: datetime
) -> None:
    """Tell everybody who applies for an institution each of its outcomes, with its reason."""
    letters = _Letters(session, round_, now)
    for outcome in outcomes:
        kind = "placement_awarded" if outcome.seat else "application_refused"
        letters.send(outcome, kind, reason=letters.reason_of(outcome))


def tell_corrections(
    session: Session,
    round_: Round,
    *,
    run: MatchingRun,
    before: Sequence[Outcome],
    after: Sequence[Outcome],
    now: datetime,
) -> None:
    """Tell applicants what a corrected plan changes for them, or that it changes nothing.

    :param run: the corrected one.
    """
    letters = _Letters(session, round_, now)
    correction = run.correction or ""
    earlier = {_key(row): row for row in before}
    for outcome in after:
        was = earlier.pop(_key(outcome), None)
        if was is not None and bool(was.seat) == bool(outcome.seat):
            letters.send(outcome, "outcome_unchanged", correction=correction)
            continue
        kind = "corrected_award" if outcome.seat else "corrected_refusal"
        reason = letters.reason_of(outcome)
        letters.send(outcome, kind, correction=correction, reason=reason)
    for outcome in earlier.values():
        letters.send(outcome, "outcome_withdrawn", correction=correction)


def _key(outcome: Outcome) -> tuple[UUID, UUID]:
    return outcome.institution_id, outcome.offer_id


class _Letters:
    """Sends notices of one round, and finds out once who applies for an institution."""

    def __init__(self, session: Session, round_: Round, now: datetime) -> None:
        self._session = session
        self._round = round_
        self._now = now
        self._staff: dict[UUID, list[UUID]] = {}

    def reason_of(self, outcome: Outcome) -> dict[str, str]:
        return reason_of(
            self._session,
            run_id=outcome.run_id,
            institution_id=outcome.institution_id,
            offer_id=outcome.offer_id,
        )

    def send(self, outcome: Outcome, kind: str, **params: Any) -> None:
        institution_id = outcome.institution_id
        if institution_id not in self._staff:
            staff = list_staff_ids(self._session, institution_id, Role.APPLICANT)
            self._staff[institution_id] = staff
        for account_id in self._staff[institution_id]:
            notify(
                self._session,
                recipient_id=account_id,
                kind=kind,
                subject_type="round",
                subject_id=self._round.id,
                params={
                    "round": self._round.titles,
                    "product": outcome.offer.product.names,
                    **params,
                },
                now=self._now,
            )
