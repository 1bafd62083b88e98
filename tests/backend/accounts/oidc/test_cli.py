"""An operator asks whether the providers can be signed in with."""

from flask import Flask
from flask.testing import FlaskClient

from tests.support.oidc_provider import DISCOVERY, KEYS, Fault, TestProvider


def test_providers_that_answer_are_listed(
    app: Flask, client: FlaskClient, provider: TestProvider
) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", "check-providers"])
    assert result.exit_code == 0
    assert result.stdout == f"test  {provider.issuer}  {provider.issuer}/token  keys: 1\n"


def test_a_provider_that_fails_is_named_with_the_reason(
    app: Flask, client: FlaskClient, provider: TestProvider
) -> None:
    provider.faults[DISCOVERY] = Fault(status=404)
    result = app.test_cli_runner().invoke(args=["accounts", "check-providers"])
    assert result.exit_code == 1
    assert f"{provider.issuer}{DISCOVERY} answered 404" in result.stdout


def test_a_provider_without_a_key_that_we_can_use_is_no_good(
    app: Flask, client: FlaskClient, provider: TestProvider
) -> None:
    provider.faults[KEYS] = Fault(body=b'{"keys": []}')
    result = app.test_cli_runner().invoke(args=["accounts", "check-providers"])
    assert result.exit_code == 1
    assert result.stdout.endswith("keys: 0\n")
