"""Owns the settings of the geocoder that an operator may have."""

from urllib.parse import urlsplit

from backend.config.setting import Setting


def geocoder_url(text: str) -> str:
    """Read the address that is asked, with `{q}` where the words go; empty for none."""
    if not text:
        return text
    parts = urlsplit(text)
    on_loopback = parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts.scheme != "https" and not (parts.scheme == "http" and on_loopback):
        msg = "must start with https:// (http:// only on this machine)"
        raise ValueError(msg)
    if text.count("{q}") != 1 or "{q}" not in parts.query:
        msg = "must have {q} once, in its query"
        raise ValueError(msg)
    return text


SETTINGS = (
    Setting(
        "GEOCODER_URL",
        "DONGNE_GEOCODER_URL",
        "",
        geocoder_url,
        "finds road addresses and landmarks; answers GeocodeJSON (Photon, addok, Nominatim with"
        " format=geocodejson), such as https://geocoder.example/api?q={q}; empty: none",
    ),
    Setting(
        "GEOCODER_AUTHORIZATION",
        "DONGNE_GEOCODER_AUTHORIZATION",
        "",
        str,
        "sent to the geocoder as Authorization",
    ),
)
