"""Settings: read from the environment, checked at start."""

from pathlib import Path

import pytest

from backend.config import ConfigurationError, load_config

GOOD = {
    "DATABASE_URL": "postgresql://somebody@db.example/dongne",
    "DONGNE_SECRET_KEY": "a secret of at least thirty-two characters",
}


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_driver_is_always_named(scheme: str) -> None:
    config = load_config(environ=GOOD | {"DATABASE_URL": f"{scheme}://somebody@db.example/dongne"})
    assert config["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://somebody@db.example/dongne"


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("DATABASE_URL", "mysql://db.example/dongne"),
        ("DONGNE_SECRET_KEY", "too short"),
        ("DONGNE_ACCESS_TOKEN_MINUTES", "0"),
        ("DONGNE_ACCESS_TOKEN_MINUTES", "many"),
        ("DONGNE_LOG_FORMAT", "xml"),
        ("DONGNE_MINIMUM_APP_VERSION", "1.4"),
        ("DONGNE_MINIMUM_APP_VERSION", "v1.4.0"),
    ],
)
def test_nonsense_fails_at_start_and_names_the_variable(variable: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=variable):
        load_config(environ=GOOD | {variable: text})


def test_an_override_wins_over_the_environment() -> None:
    assert load_config({"POOL_SIZE": 2}, GOOD | {"DONGNE_POOL_SIZE": "9"})["POOL_SIZE"] == 2


def test_without_a_secret_key_the_message_says_what_to_type(tmp_path: Path) -> None:
    environ = {"DATABASE_URL": GOOD["DATABASE_URL"], "DONGNE_VAR": str(tmp_path)}
    with pytest.raises(ConfigurationError, match="make db"):
        load_config(environ=environ)
