"""Owns the operator's commands of rounds: writing out the files that anybody can verify."""

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from backend.db import db
from backend.rounds.queries import PlanNotFound, find_round_by_code, get_current_run

commands = AppGroup("rounds", help="Pilot purchase rounds and their plans.")


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(commands)


@commands.command("export")
@click.argument("round_code")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def export_round(round_code: str, directory: Path) -> None:
    """Write instance.json and plan.json of a round's published plan into DIRECTORY."""
    round_ = find_round_by_code(db.session(), round_code)
    if round_ is None:
        msg = f"there is no round {round_code}"
        raise click.ClickException(msg)
    if round_.status != "published":
        msg = f"the plan of round {round_code} is not published"
        raise click.ClickException(msg)
    try:
        run = get_current_run(db.session(), round_.id, with_texts=True)
    except PlanNotFound as exc:
        msg = f"the plan of round {round_code} was superseded"
        raise click.ClickException(msg) from exc
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in (("instance.json", run.instance_text), ("plan.json", run.plan_text)):
        (directory / name).write_bytes(text.encode())
        click.echo(str(directory / name))
    click.echo(f"inputs {run.inputs_sha256}, seed {run.seed}")
    click.echo("check with: python -m geo.matching verify instance.json plan.json")
