"""Owns what shows that it is the person who asks, before what cannot be taken back."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.models import Account, SignIn
from backend.accounts.passwords import password_matches
from backend.accounts.second_factor.service import PasswordWrong
from backend.errors import PermissionDenied

FRESH_FOR = timedelta(minutes=10)
"""Whoever signed in within it need not show the password again."""


class FreshSignInNeeded(PermissionDenied):
    """Whoever finds a phone that is not locked takes nothing over, and erases nobody."""

    code = "fresh_sign_in_needed"
    ko = "본인 확인이 필요합니다. 비밀번호를 보내거나, 다시 로그인한 뒤 10분 안에 시도해 주세요."
    en = "Show that it is you: send the password, or sign in again and try within ten minutes."


def check_is_owner(
    session: Session,
    account: Account,
    *,
    sign_in_id: UUID | None,
    password: str | None,
    now: datetime,
) -> None:
    """Refuse whom nothing shows to be the person.

    :param sign_in_id: from which they ask.
    :param password: not needed shortly after a sign-in.
    :raises PasswordWrong: when the password is another.
    :raises FreshSignInNeeded: when there is none, and the sign-in is not fresh.
    """
    if password is not None:
        if not password_matches(password, account.password_hash):
            raise PasswordWrong(field="json.password")
        return
    sign_in = session.get(SignIn, sign_in_id) if sign_in_id else None
    if sign_in is None or sign_in.started_at <= now - FRESH_FOR:
        raise FreshSignInNeeded
