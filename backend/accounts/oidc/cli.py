"""Owns the operator's question whether the configured providers can be signed in with."""

import sys

import click
from flask import current_app

from backend import clock
from backend.accounts.cli import commands
from backend.accounts.oidc.directory import Directory
from backend.accounts.oidc.fetching import ProviderUnavailable


@commands.command("check-providers")
def check_providers() -> None:
    """Ask every configured sign-in provider for its documents, and say what is wrong."""
    directory, failed = Directory(), 0
    for provider in current_app.config["OIDC_PROVIDERS"]:
        try:
            endpoints = directory.endpoints(provider, clock.now())
            keys = directory.count_keys(provider, clock.now())
        except ProviderUnavailable as exc:
            failed += 1
            click.echo(f"{provider.key}  {provider.issuer}  {exc.__cause__ or exc}")
            continue
        click.echo(f"{provider.key}  {provider.issuer}  {endpoints.token}  keys: {keys}")
        if not keys:
            failed += 1
    sys.exit(1 if failed else 0)
