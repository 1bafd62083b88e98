"""Owns who is let in: by password, and by a code where the account has a second factor."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.passwords import password_matches
from backend.accounts.queries import find_account_by_email, get_account
from backend.accounts.second_factor.challenges import (
    is_of_password,
    issue_challenge,
    read_challenge,
)
from backend.accounts.second_factor.queries import has_second_factor
from backend.accounts.second_factor.service import check
from backend.accounts.sessions import Device, TokenPair, TokenPolicy, open_sign_in
from backend.errors import AuthenticationRequired


class CredentialsInvalid(AuthenticationRequired):
    """Unknown address, wrong password or closed account: nobody learns which."""

    code = "credentials_invalid"
    ko = "이메일 주소 또는 비밀번호가 올바르지 않습니다."
    en = "The e-mail address or the password is not right."


class SecondFactorRequired(AuthenticationRequired):
    """The password is right, and the account has a second factor.

    :param params: ``challenge`` goes on with a code.
    """

    code = "second_factor_required"
    tells = ("challenge",)
    ko = "인증 앱의 코드를 입력해 주세요."
    en = "Enter the code of your authenticator."


class ChallengeOver(AuthenticationRequired):
    """The challenge is too old, not ours, or of a password that was changed."""

    code = "challenge_over"
    ko = "로그인 시간이 지났습니다. 처음부터 다시 로그인해 주세요."
    en = "This sign-in took too long. Start again."


def sign_in(
    session: Session,
    *,
    email: str,
    password: str,
    device: Device,
    policy: TokenPolicy,
    now: datetime,
) -> TokenPair:
    """Open a sign-in with e-mail and password.

    :raises CredentialsInvalid: when they do not match an open account.
    :raises SecondFactorRequired: when a code is asked for besides.
    """
    account = find_account_by_email(session, email)
    shown = account.password_hash if account else None
    matches = password_matches(password, shown)
    if account is None or not matches:
        raise CredentialsInvalid
    # Hashing takes a while; a password that was changed meanwhile ended what it had opened.
    session.refresh(account, with_for_update={"key_share": True})
    if account.password_hash != shown or account.disabled_at is not None:
        raise CredentialsInvalid
    return admit(session, account, device, policy, now)


def admit(
    session: Session, account: Account, device: Device, policy: TokenPolicy, now: datetime
) -> TokenPair:
    """Let in who has shown the first factor, whichever it was, unless there is a second.

    :raises SecondFactorRequired: when a code is asked for besides.
    """
    if has_second_factor(session, account.id):
        raise SecondFactorRequired(
            challenge=issue_challenge(account, secret=policy.secret, issuer=policy.issuer, now=now)
        )
    return open_sign_in(session, account, device, policy, now)


def pass_second_factor(
    session: Session,
    *,
    challenge: str,
    code: str,
    device: Device,
    policy: TokenPolicy,
    now: datetime,
) -> TokenPair | None:
    """Open a sign-in with a code, or return None when it is wrong.

    The caller commits in both cases, and only then refuses.

    :raises ChallengeOver: when the challenge is no good any more.
    :raises TooManyCodes: when too many wrong codes were tried.
    """
    account_id = read_challenge(challenge, secret=policy.secret, issuer=policy.issuer, now=now)
    if account_id is None:
        raise ChallengeOver
    account = get_account(session, account_id)
    session.refresh(account, with_for_update={"key_share": True})
    if account.disabled_at or not is_of_password(challenge, account, secret=policy.secret):
        raise ChallengeOver
    if has_second_factor(session, account_id) and not check(
        session, account_id=account_id, code=code, secret=policy.secret, now=now
    ):
        return None
    return open_sign_in(session, account, device, policy, now)
