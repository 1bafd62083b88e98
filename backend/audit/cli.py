"""Owns the commands of the audit chains."""

import click
from flask import Flask
from flask.cli import AppGroup

from backend.audit import service
from backend.audit.verification import check
from backend.db import db

commands = AppGroup("audit", help="The audit chains.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(commands)


@commands.command("verify")
@click.option("--chain", help="Only this one: an organization's id, or public.")
def verify(chain: str | None) -> None:
    """Recompute every hash; exit with 1 when something was edited, deleted, moved or cut off."""
    found = check(db.session(), chain)
    for broken in found.breaks:
        click.echo(str(broken))
    if found.breaks:
        raise SystemExit(1)
    click.echo(f"{found.events} events in {found.chains} chains: intact")


@commands.command("heads")
def show_heads() -> None:
    """Print the last event of each chain: chain, number and hash, between tabs."""
    for head in service.heads(db.session()):
        click.echo(f"{head.chain}\t{head.seq}\t{head.hash.hex()}")
