"""How an operator describes providers, and what is said when it is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from backend.config import ConfigurationError, load_config
from backend.config.providers import read_providers
from tests.backend.test_config import GOOD as SETTINGS

GOOD: dict[str, Any] = {
    "key": "kakao",
    "name_ko": "카카오",
    "name_en": "Kakao",
    "issuer": "https://kauth.kakao.com",
    "client_id": "rest-key",
    "audiences": ["native-key"],
    "scopes": ["profile"],
    "redirect_uris": ["kakaonative-key://oauth", "https://dongne.example/signed-in"],
    "client_secret": "secret",
}


def read(*described: Any) -> Any:
    return read_providers(json.dumps(described))


def test_a_provider_is_read() -> None:
    (provider,) = read(GOOD)
    assert provider.audiences == {"rest-key", "native-key"}
    assert provider.scopes == ("openid", "profile")
    assert provider.client_secret == "secret"


def test_most_of_it_may_be_left_out() -> None:
    names = ("key", "name_ko", "name_en", "issuer", "client_id")
    (provider,) = read({name: GOOD[name] for name in names})
    assert (provider.audiences, provider.redirect_uris) == ({"rest-key"}, ())
    assert provider.client_secret is None


def test_a_file_may_stand_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "providers.json"
    path.write_text(json.dumps([GOOD]), encoding="utf-8")
    assert read_providers(str(path)) == read(GOOD)


def test_nobody_signs_in_with_a_provider_by_default() -> None:
    assert load_config(environ=SETTINGS)["OIDC_PROVIDERS"] == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"key": "Kakao!"}, "key must be"),
        ({"issuer": "http://kauth.kakao.com"}, "issuer must be an https address"),
        ({"issuer": "https://kauth.kakao.com?a=b"}, "issuer must be an https address"),
        ({"issuer": "https://me:secret@kauth.kakao.com"}, "issuer must be an https address"),
        ({"client_id": ""}, "client_id must be a text"),
        ({"name_ko": None}, "name_ko must be a text"),
        ({"client_secret": 1}, "client_secret must be a text"),
        ({"audiences": "native-key"}, "audiences must be a list of texts"),
        ({"scopes": [1]}, "scopes must be a list of texts"),
        ({"redirect_uris": ["http://dongne.example/"]}, "redirect_uris has"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "redirect_uris has"),
        ({"redirect_uris": ["https://dongne.example/#here"]}, "redirect_uris has"),
        ({"redirect_uris": ["/signed-in"]}, "redirect_uris has"),
        ({"clientid": "x"}, "nobody knows 'clientid'"),
    ],
)
def test_a_mistake_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read(GOOD | changes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "neither a JSON list nor a file"),
        ("[", "no JSON"),
        ("/nowhere/providers.json", "neither a JSON list nor a file"),
        ('["kakao"]', "provider 1 must be a JSON object"),
    ],
)
def test_what_is_no_list_is_said_so(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_providers(text)


@pytest.mark.parametrize("name", ["key", "issuer"])
def test_two_providers_are_told_apart(name: str) -> None:
    other = GOOD | {"key": "other", "issuer": "https://other.example", name: GOOD[name]}
    with pytest.raises(ValueError, match=f"the same {name}"):
        read(GOOD, other)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("DONGNE_OIDC_PROVIDERS", '[{"key": "kakao"}]'),
        ("DONGNE_GUARDIAN_LINK", "https://dongne.example/consent"),
        ("DONGNE_GUARDIAN_LINK", "http://dongne.example/{token}"),
    ],
)
def test_the_application_does_not_start_with_a_mistake(variable: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=variable):
        load_config(environ=SETTINGS | {variable: text})
