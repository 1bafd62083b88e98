"""Owns the settings of signing in: the second factor of staff, and forgotten passwords."""

from urllib.parse import urlsplit

from backend.config.setting import Setting, yes


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
