"""Owns asking a child's guardian, and what the guardian says.

Personal Information Protection Act, article 22-2: under fourteen a guardian consents, and the child
may be asked for what is needed to reach them; Enforcement Decree, article 17-2: e-mail is a way.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.accounts.ages import guardian_needed_until
from backend.accounts.consents.documents import get_current
from backend.accounts.guardians.models import GuardianConsent
from backend.accounts.guardians.queries import (
    count_asked_since,
    digest,
    find_answer,
    find_open,
    get_by_token,
)
from backend.accounts.queries import lock_account
from backend.audit.service import record
from backend.db import new_id
from backend.errors import Conflict, Gone, Invalid, PermissionDenied
from backend.jobs.outbox import defer

TASK = "guardians.send_link"
DOCUMENT = "guardian"
LIFE = timedelta(hours=48)
DAY = timedelta(days=1)
MOST_A_DAY = 3
"""Links that one child can have sent: the address may be anybody's."""


class GuardianNotNeeded(Conflict):
    """The person is fourteen or older, or has not said how old they are."""

    code = "guardian_not_needed"
    ko = "법정대리인의 동의가 필요한 계정이 아닙니다."
    en = "This account needs no guardian's consent."


class OwnAddress(Invalid):
    """A child does not consent in the guardian's place."""

    code = "guardian_contact_is_own"
    ko = "본인의 이메일 주소가 아니라 법정대리인의 주소를 적어 주세요."
    en = "Give your guardian's e-mail address, not your own."


class AskedTooOften(Conflict):
    """Nobody's letter box is filled with our letters."""

    code = "guardian_asked_too_often"
    ko = "하루에 보낼 수 있는 동의 요청을 모두 보냈습니다. 내일 다시 시도해 주세요."
    en = "No more requests can be sent today. Try again tomorrow."
    retry_after_s = 24 * 60 * 60


class GuardianLinkOver(Gone):
    """The link is too old, or was answered otherwise."""

    code = "guardian_link_over"
    ko = "이미 답했거나 기한이 지난 동의 요청입니다. 필요하면 다시 요청해 달라고 하세요."
    en = "This request was answered or has expired. If needed, have it sent again."


class GuardianConsentRequired(PermissionDenied):
    """A child hands nothing in without a guardian's consent to the document in force."""

    code = "guardian_consent_required"
    ko = "만 14세 미만은 먼저 법정대리인의 동의를 받아야 합니다."
    en = "Under 14, a guardian has to consent first."


def ask_guardian(
    session: Session, *, account_id: UUID, contact: str, secret: str, now: datetime
) -> GuardianConsent:
    """Have a link sent to a child's guardian; the link before it ends.

    :param contact: the guardian's e-mail address.
    :param secret: the application's own, of which the link is made.
    :raises AccountNotFound: when there is no such person.
    :raises GuardianNotNeeded: when the person is not known to be under fourteen.
    :raises OwnAddress: when it is the child's.
    :raises AskedTooOften: when so many were sent since yesterday.
    """
    account = lock_account(session, account_id)
    if guardian_needed_until(account, now) is None:
        raise GuardianNotNeeded
    if contact.lower() == account.email:
        raise OwnAddress(field="json.contact")
    if count_asked_since(session, account_id, now - DAY) >= MOST_A_DAY:
        raise AskedTooOften
    before = find_open(session, account_id, now)
    if before is not None:
        before.expires_at, before.contact = now, None
    consent_id = new_id()
    consent = GuardianConsent(
        id=consent_id,
        account_id=account_id,
        contact=contact,
        token_sha256=digest(token_of(consent_id, secret)),
        version=get_current(DOCUMENT, now).version,
        asked_at=now,
        expires_at=now + LIFE,
    )
    session.add(consent)
    session.flush()
    defer(session, TASK, dedup_key=f"{TASK}:{consent_id}", guardian_consent_id=consent_id)
    _record(session, consent, "guardian.asked", account_id, now)
    return consent


def read_question(session: Session, *, token: str, now: datetime) -> GuardianConsent:
    """Return what a guardian is asked, while it can be answered.

    :raises GuardianLinkUnknown: when there is no such link.
    :raises GuardianLinkOver: when it was answered or is too old.
    """
    consent = get_by_token(session, token)
    if consent.decided_at is not None or now >= consent.expires_at:
        raise GuardianLinkOver
    return consent


def answer_for_child(
    session: Session, *, token: str, agreed: bool, now: datetime
) -> GuardianConsent:
    """Keep what a guardian says, and forget the guardian; the same answer again changes nothing.

    :raises GuardianLinkUnknown: when there is no such link.
    :raises GuardianLinkOver: when it was answered otherwise or is too old.
    """
    consent = get_by_token(session, token, lock=True)
    if consent.decided_at is not None and consent.agreed is agreed:
        return consent
    if consent.decided_at is not None or now >= consent.expires_at:
        raise GuardianLinkOver
    consent.decided_at, consent.agreed, consent.contact = now, agreed, None
    _record(session, consent, "guardian.agreed" if agreed else "guardian.refused", None, now)
    return consent


def ensure_guardian_consent(session: Session, account_id: UUID, now: datetime) -> None:
    """Refuse a child whose guardian has not agreed to the document in force.

    :raises GuardianConsentRequired: when nobody has, or the last answer was no.
    """
    answer = find_answer(session, account_id)
    if answer is None or not answer.agreed or answer.version != get_current(DOCUMENT, now).version:
        raise GuardianConsentRequired


def forget_unanswered(session: Session, *, now: datetime) -> None:
    """Delete the questions that nobody answered in time, and with them who was asked."""
    session.execute(
        delete(GuardianConsent).where(
            # One that another replaced stays as long: it counts against `MOST_A_DAY`.
            GuardianConsent.decided_at.is_(None),
            GuardianConsent.asked_at <= now - LIFE,
        )
    )


def token_of(consent_id: UUID, secret: str) -> str:
    """Return the token of a link, made anew where it is sent: a job carries ids only."""
    key = sha256(b"dongne guardian link\0" + secret.encode()).digest()
    return urlsafe_b64encode(hmac.new(key, consent_id.bytes, sha256).digest()).decode().rstrip("=")


def _record(
    session: Session, consent: GuardianConsent, action: str, actor_id: UUID | None, now: datetime
) -> None:
    record(
        session,
        action=action,
        subject_type="account",
        subject_id=consent.account_id,
        actor_id=actor_id,
        now=now,
        data={"version": consent.version},
    )
