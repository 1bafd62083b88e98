"""Owns agreeing to documents, taking consent back, and what cannot be done without."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.consents.documents import (
    PERSON,
    Document,
    DocumentUnknown,
    current_documents,
    get_current,
    get_version,
)
from backend.accounts.consents.models import Consent
from backend.accounts.consents.queries import latest_consents
from backend.accounts.queries import lock_account
from backend.audit.service import record
from backend.errors import Conflict, PermissionDenied


class VersionNotCurrent(Conflict):
    """Nobody agrees to what does not hold any more, or not yet."""

    code = "document_version_not_current"
    ko = "지금 쓰이는 판이 아닙니다. 문서를 다시 받아 확인해 주세요. 현재 판: {version}"
    en = "This version does not hold now. Read the document again; it is version {version}."


class ConsentRequired(PermissionDenied):
    """The work needs a consent that was not given to the version in force.

    :param params: ``rule``: key of the document.
    """

    code = "consent_required"
    ko = "먼저 다음에 동의해 주세요: {name_ko}"
    en = "Agree to this first: {name_en}"


def decide_consent(
    session: Session,
    *,
    account_id: UUID,
    document: str,
    version: str,
    agreed: bool,
    now: datetime,
) -> Consent:
    """Agree to the version of a document that is in force, or take one's consent back.

    Taking back is possible at any time and of every document; what needs the consent then waits
    for it. Saying the same again changes nothing.

    :param version: to agree, the one in force; to take back, any.
    :raises AccountNotFound: when there is no such person.
    :raises DocumentUnknown: when there is no such version of a document for a person.
    :raises VersionNotCurrent: when another one is in force.
    """
    asked = get_version(document, version)
    if asked.audience != PERSON:
        raise DocumentUnknown
    if agreed:
        current = get_current(document, now)
        if current != asked:
            raise VersionNotCurrent(field="json.version", version=current.version)
    # One after the other, so that the latest row is what the person said last.
    lock_account(session, account_id)
    latest = latest_consents(session, account_id).get(document)
    if latest is not None and (latest.version, latest.agreed) == (version, agreed):
        return latest
    consent = Consent(
        account_id=account_id, document=document, version=version, agreed=agreed, decided_at=now
    )
    session.add(consent)
    record(
        session,
        action="consent.given" if agreed else "consent.withdrawn",
        subject_type="account",
        subject_id=account_id,
        actor_id=account_id,
        now=now,
        data={"document": document, "version": version},
    )
    return consent


def ensure_required_consents(session: Session, account_id: UUID, now: datetime) -> None:
    """Refuse a person who has not agreed to everything required, as it is in force.

    :raises ConsentRequired: naming the first document that is missing.
    """
    _ensure(session, account_id, required_documents(now))


def ensure_consent(session: Session, account_id: UUID, document: str, now: datetime) -> None:
    """Refuse a person who has not agreed to one document, as it is in force.

    :param document: its key, such as ``location``.
    :raises DocumentUnknown: when there is no such document.
    :raises ConsentRequired: when the person has not agreed, or has taken it back.
    """
    _ensure(session, account_id, [get_current(document, now)])


def required_documents(now: datetime) -> list[Document]:
    """Return what every person has to agree to, as it is in force."""
    return [one for one in current_documents(now) if one.is_required and one.audience == PERSON]


def _ensure(session: Session, account_id: UUID, documents: Iterable[Document]) -> None:
    said = latest_consents(session, account_id)
    for document in documents:
        consent = said.get(document.key)
        if consent is None or not consent.agreed or consent.version != document.version:
            raise ConsentRequired(
                name_ko=document.title_ko, name_en=document.title_en, rule=document.key
            )
