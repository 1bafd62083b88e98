"""Owns the exchange of a code for an ID token (OpenID Connect Core 1.0, 3.1.3; RFC 7636)."""

from urllib.parse import quote_plus

from backend.accounts.oidc.directory import Endpoints, unavailable
from backend.accounts.oidc.fetching import FetchFailed, post_form
from backend.config.providers import Provider
from backend.errors import AuthenticationRequired

LONGEST_TOKEN = 16_000


class CodeRefused(AuthenticationRequired):
    """The provider does not know the code, or not any more."""

    code = "code_refused"
    ko = "로그인 제공자가 인증 코드를 받지 않았습니다. 다시 로그인해 주세요."
    en = "The provider does not accept the code. Sign in again."


def exchange_code(
    provider: Provider, endpoints: Endpoints, *, code: str, code_verifier: str, redirect_uri: str
) -> str:
    """Return the ID token that a provider gives for a code.

    :raises CodeRefused: when it gives none for this code.
    :raises ProviderUnavailable: when it does not answer as it should, or does not know us.
    """
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": provider.client_id,
        "code_verifier": code_verifier,
    }
    basic = None
    if provider.client_secret is not None:
        if endpoints.takes_secret_in_form:
            fields["client_secret"] = provider.client_secret
        else:
            # RFC 6749, 2.3.1: both halves are form-encoded first.
            basic = (quote_plus(provider.client_id), quote_plus(provider.client_secret))
    try:
        answer = post_form(endpoints.token, fields, basic=basic)
    except FetchFailed as exc:
        raise unavailable(provider, str(exc)) from exc
    if answer.status == 400 and answer.body.get("error") == "invalid_grant":
        raise CodeRefused
    token = answer.body.get("id_token")
    if answer.status != 200 or not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        reason = f"token endpoint: {answer.status} {answer.body.get('error')!r:.60}"
        raise unavailable(provider, reason)
    return token
