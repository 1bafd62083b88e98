"""Limits are read from the environment and checked at start."""

import pytest

from backend.config import ConfigurationError, load_config
from backend.config.limits import Limit, Rate, rate

GOOD = {"DATABASE_URL": "postgresql://db/x", "DONGNE_SECRET_KEY": "s" * 32}


def test_everything_is_limited_unless_it_is_switched_off() -> None:
    assert load_config(environ=GOOD)["RATE_LIMITS"] is True
    assert load_config(environ=GOOD | {"DONGNE_RATE_LIMITS": "off"})["RATE_LIMITS"] is False


def test_a_limit_is_three_rates() -> None:
    config = load_config(environ=GOOD | {"DONGNE_LIMIT_SIGN_IN": "10/15m, 300/2h, 5/s"})
    assert config["LIMIT_SIGN_IN"] == Limit(Rate(10, 900), Rate(300, 7200), Rate(5, 1))


@pytest.mark.parametrize("text", ["", "10", "0/m", "10/0m", "10/d", "-1/m", "1/m/m", "ten/m"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no rate"):
        rate(text)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("DONGNE_RATE_LIMITS", "yes"),
        ("DONGNE_LIMIT_SIGN_IN", "10/15m"),
        ("DONGNE_LIMIT_READ", "10/15m, 10/15m, 10/15m"),
        ("DONGNE_LIMIT_WRITE", "many, 1/m, 1/m"),
        ("DONGNE_STAFF_TOTP", "on"),
        ("DONGNE_PASSWORD_RESET_PAGE", "new-password"),
        ("DONGNE_PASSWORD_RESET_PAGE", "https://dongne.example/#x"),
    ],
)
def test_nonsense_fails_at_start(variable: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=variable):
        load_config(environ=GOOD | {variable: text})
