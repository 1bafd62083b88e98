"""Owns attempts to sign in with a provider: begun for minutes, claimed once (RFC 7636, 8252)."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.accounts.oidc.models import SignInAttempt
from backend.accounts.oidc.queries import lock_attempt
from backend.config.providers import Provider
from backend.db import new_id
from backend.errors import Conflict, Invalid, NotFound

LIFE = timedelta(minutes=10)
FORGOTTEN_AT_ONCE = 2_000
"""Rows that one transaction of the clearing deletes."""


class ProviderUnknown(NotFound):
    """This installation knows no such provider."""

    code = "provider_unknown"
    ko = "이 서비스에서 쓸 수 없는 로그인 제공자입니다."
    en = "There is no such sign-in provider here."


class RedirectRefused(Invalid):
    """Codes are sent only where the operator said that they may go."""

    code = "redirect_uri_refused"
    ko = "이 로그인 제공자에 등록되지 않은 redirect_uri입니다."
    en = "This redirect_uri is not registered for the provider."


class AttemptInvalid(Conflict):
    """There is no such attempt for this caller with this state and verifier, or it is over.

    Nobody learns which: whoever has the right ones knows.
    """

    code = "sign_in_attempt_invalid"
    ko = "로그인 요청이 올바르지 않거나 이미 쓰였거나 시간이 지났습니다. 처음부터 다시 해 주세요."
    en = "The sign-in attempt is not valid, was used, or has expired. Begin anew."


@dataclass(frozen=True, slots=True)
class BegunAttempt:
    """An attempt just begun; state and nonce cannot be read ever again.

    :param authorization_url: to be opened in the browser; None where an app's kit is to be used.
    """

    id: UUID
    provider: str
    nonce: str
    state: str | None
    authorization_url: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimedAttempt:
    """What a claimed attempt says about the proof that has to follow."""

    id: UUID
    provider: str
    redirect_uri: str | None
    nonce_sha256: str


def get_provider(providers: Iterable[Provider], key: str) -> Provider:
    """Return a provider by its key.

    :raises ProviderUnknown: when there is none.
    """
    for provider in providers:
        if provider.key == key:
            return provider
    raise ProviderUnknown


def begin_attempt(
    session: Session,
    *,
    provider: Provider,
    authorization_endpoint: str,
    redirect_uri: str | None,
    code_challenge: str | None,
    account_id: UUID | None,
    now: datetime,
) -> BegunAttempt:
    """Begin to sign in, or to add a provider to an account.

    :param redirect_uri: where the code comes back to, together with `code_challenge`; neither
        where the app gets an ID token from the provider's own kit.
    :param code_challenge: base64url of the SHA-256 of the verifier (RFC 7636, S256).
    :param account_id: who is signed in and adds a provider; None to sign in.
    :raises RedirectRefused: when codes of this provider do not go there.
    """
    if redirect_uri is not None and not provider.takes_redirect(redirect_uri):
        raise RedirectRefused(field="json.redirect_uri")
    nonce = secrets.token_urlsafe(32)
    state = None if redirect_uri is None else secrets.token_urlsafe(32)
    attempt = SignInAttempt(
        id=new_id(),
        provider=provider.key,
        account_id=account_id,
        redirect_uri=redirect_uri,
        code_challenge=code_challenge,
        state_sha256=None if state is None else _digest(state),
        nonce_sha256=_digest(nonce),
        begun_at=now,
        expires_at=now + LIFE,
    )
    session.add(attempt)
    session.flush()
    url = None
    if redirect_uri is not None:
        asked = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(provider.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(authorization_endpoint).query else "?"
        url = f"{authorization_endpoint}{joint}{urlencode(asked)}"
    return BegunAttempt(attempt.id, provider.key, nonce, state, url, attempt.expires_at)


def claim_attempt(
    session: Session,
    *,
    attempt_id: UUID,
    state: str | None,
    code_verifier: str | None,
    account_id: UUID | None,
    now: datetime,
) -> ClaimedAttempt:
    """Use an attempt up, before anything is asked of the provider.

    :param state: as the provider gave it back; None, as the verifier, with an ID token.
    :param account_id: who is signed in and adds a provider; None to sign in.
    :raises AttemptInvalid: when it is unknown, another's, over, or does not fit.
    """
    attempt = lock_attempt(session, attempt_id)
    if (
        attempt is None
        or attempt.used_at is not None
        or now >= attempt.expires_at
        or attempt.account_id != account_id
        or not _fits(attempt.state_sha256, None if state is None else _digest(state))
        or not _fits(attempt.code_challenge, code_verifier and challenge_of(code_verifier))
    ):
        raise AttemptInvalid
    attempt.used_at = now
    session.flush()
    return ClaimedAttempt(attempt.id, attempt.provider, attempt.redirect_uri, attempt.nonce_sha256)


def give_back_attempt(session: Session, attempt_id: UUID) -> None:
    """Let an attempt be used after all, because the provider could not be asked."""
    attempt = lock_attempt(session, attempt_id)
    if attempt is not None:
        attempt.used_at = None


def forget_attempts(session: Session, *, now: datetime) -> int:
    """Delete some of the attempts that are over, and return how many."""
    over = (
        select(SignInAttempt.id)
        .where(SignInAttempt.expires_at <= now)
        .order_by(SignInAttempt.expires_at)
        .limit(FORGOTTEN_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    forgotten = session.execute(
        delete(SignInAttempt).where(SignInAttempt.id.in_(over)).returning(SignInAttempt.id)
    )
    return len(forgotten.all())


def challenge_of(code_verifier: str) -> str:
    """Return the challenge of a verifier (RFC 7636, 4.2)."""
    digest = sha256(code_verifier.encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _fits(kept: str | None, given: str | None) -> bool:
    if kept is None or given is None:
        return kept is given
    return compare_digest(kept, given)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
