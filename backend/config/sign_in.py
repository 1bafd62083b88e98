"""Owns the settings of signing in with providers, and of what children need beside it."""

from backend.config.providers import read_providers
from backend.config.setting import Setting, address_with_token

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
        "https://dongne.localhost/guardian-consents/{token}",
        address_with_token,
        "page on which a child's guardian consents; {token} stands for the secret of its link",
    ),
)
