"""Owns the settings of signing in: providers, children's guardians, second factor, passwords."""

from urllib.parse import urlsplit

from backend.config.providers import read_providers
from backend.config.setting import Setting, address_with_token, yes


def page(text: str) -> str | None:
    """Read the address of a page or of an app's deep link; nothing means that there is none."""
    if not text:
        return None
    url = urlsplit(text)
    if not url.scheme or not (url.netloc or url.path) or url.fragment or not text.isprintable():
        msg = "must be an address without a fragment, such as https://dongne.example/new-password"
        raise ValueError(msg)
    return text


SETTINGS = (
    Setting(
        "OIDC_PROVIDERS",
        "DONGNE_OIDC_PROVIDERS",
        "[]",
        read_providers,
        "OpenID providers: a JSON list of {key, name_ko, name_en, issuer, client_id, audiences,"
        " scopes, redirect_uris, client_secret}, or the file that holds it",
    ),
    Setting(
        "GUARDIAN_LINK",
        "DONGNE_GUARDIAN_LINK",
        "",
        address_with_token,
        "page on which a child's guardian consents, {token} in it; unset: the one of ours",
    ),
    Setting(
        "STAFF_TOTP_REQUIRED",
        "DONGNE_STAFF_TOTP",
        "off",
        yes("required"),
        "required: a role counts only for who has set up a second factor; off: by choice",
    ),
    Setting(
        "PASSWORD_RESET_PAGE",
        "DONGNE_PASSWORD_RESET_PAGE",
        "",
        page,
        "page or deep link that takes the code of a forgotten password behind #; unset: the mail"
        " holds the code alone",
    ),
)
