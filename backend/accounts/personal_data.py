"""Owns what accounts keep of a person: the copy they may have, and its erasure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.accounts.consents.models import Consent
from backend.accounts.guardians.models import GuardianConsent
from backend.accounts.models import Account, LocationUse, PasswordReset, Residence, SignIn
from backend.accounts.oidc.models import ExternalIdentity, SignInAttempt
from backend.accounts.queries import lock_account
from backend.accounts.remapping import RESIDENCE
from backend.accounts.second_factor.models import SecondFactor
from backend.regions.models import BoundaryCase, RecordMove
from backend.rows import Part

ERASED_NAME = "탈퇴한 이웃"
"""By what others know the author of what stays."""

PROOF_KEPT_FOR = timedelta(days=3 * 365)
"""How long it can be shown that a person, or a child's guardian, had agreed: a claim for damages
becomes time-barred three years after its grounds are known (Civil Act, article 766(1)), and who
processes personal data has to prove the consent (Personal Information Protection Act, 22(3))."""

FORGOTTEN_AT_ONCE = 2_000
"""Rows that one transaction of the clearing deletes."""

ERASED = (
    Residence,
    LocationUse,
    SignInAttempt,
    ExternalIdentity,
    SecondFactor,
    PasswordReset,
    SignIn,
)
"""What goes at once; refresh tokens and recovery codes go with what they belong to.

The log of used positions goes too: who erases an account takes back the consent to their use (Act
on the Protection, Use, etc. of Location Information, article 24(4)).
"""


def export_for(account_id: UUID) -> Sequence[Part]:
    """Return which rows are a person's own."""
    return (
        Part("account", Account, Account.id == account_id, {"password_hash"}),
        Part("residences", Residence, Residence.account_id == account_id),
        Part("location_uses", LocationUse, LocationUse.account_id == account_id),
        Part("consents", Consent, Consent.account_id == account_id),
        Part(
            "guardian_consents",
            GuardianConsent,
            GuardianConsent.account_id == account_id,
            # Of the guardian, who is another person.
            {"token_sha256", "contact"},
        ),
        Part("devices", SignIn, SignIn.account_id == account_id),
        Part(
            "external_identities",
            ExternalIdentity,
            ExternalIdentity.account_id == account_id,
            {"subject_hmac"},
        ),
        Part("second_factor", SecondFactor, SecondFactor.account_id == account_id, {"last_step"}),
        Part(
            "password_resets",
            PasswordReset,
            PasswordReset.account_id == account_id,
            {"token_sha256"},
        ),
    )


def erase_for(session: Session, account_id: UUID, *, now: datetime) -> None:
    """Leave nothing of a person but the id, and for a while what they agreed to.

    :raises AccountNotFound: when there is no such person.
    """
    account = lock_account(session, account_id)
    _forget_moves(session, account_id)
    for table in ERASED:
        session.execute(delete(table).where(table.account_id == account_id))
    session.execute(
        delete(GuardianConsent).where(
            GuardianConsent.account_id == account_id, GuardianConsent.decided_at.is_(None)
        )
    )
    account.email = account.password_hash = None
    account.age_declared_at = account.guardian_needed_until = None
    account.display_name = ERASED_NAME
    account.disabled_at = account.disabled_at or now
    account.erased_at = now
    session.flush()


def _forget_moves(session: Session, account_id: UUID) -> None:
    """Delete where a residence was before the boundaries changed."""
    residences = select(Residence.id).where(Residence.account_id == account_id)
    for table in (RecordMove, BoundaryCase):
        session.execute(
            delete(table).where(
                table.subject_type == RESIDENCE.subject_type, table.subject_id.in_(residences)
            )
        )


def forget_proofs(session: Session, *, now: datetime) -> int:
    """Delete what people agreed to who were erased long ago; return how many rows."""
    erased = select(Account.id).where(Account.erased_at <= now - PROOF_KEPT_FOR)
    gone = 0
    for table in (Consent, GuardianConsent):
        some = select(table.id).where(table.account_id.in_(erased)).limit(FORGOTTEN_AT_ONCE)
        gone += len(
            session.execute(delete(table).where(table.id.in_(some)).returning(table.id)).all()
        )
    return gone
