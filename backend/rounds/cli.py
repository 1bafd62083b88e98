"""Owns the operator's commands of rounds: the files that anybody can verify, and the same again."""

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from backend.db import db
from backend.rounds.queries import find_round_by_code
from backend.rounds.reruns import rerun
from backend.rounds.run_queries import PlanNotFound, get_current_run, get_texts

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
    run = get_current_run(db.session(), round_.id)
    instance_text, plan_text = get_texts(db.session(), round_.id, run.id)
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in (("instance.json", instance_text), ("plan.json", plan_text)):
        (directory / name).write_bytes(text.encode())
        click.echo(str(directory / name))
    click.echo(f"inputs {run.inputs_sha256}, seed {run.seed}")
    click.echo("check with: python -m geo.matching verify instance.json plan.json")


@commands.command("rerun")
@click.argument("round_code")
def rerun_round(round_code: str) -> None:
    """Compute the plan of a round anew and compare it with the stored one, byte by byte."""
    round_ = find_round_by_code(db.session(), round_code)
    if round_ is None:
        msg = f"there is no round {round_code}"
        raise click.ClickException(msg)
    try:
        found = rerun(db.session(), round_.id)
    except PlanNotFound as exc:
        msg = f"round {round_code} has no plan yet"
        raise click.ClickException(msg) from exc
    for name, is_equal in (
        ("inputs hash", found.is_hash_equal),
        ("instance.json", found.is_instance_equal),
        ("plan.json", found.is_plan_equal),
    ):
        click.echo(f"{name}: {'equal' if is_equal else 'DIFFERENT'}")
    if not found.is_equal:
        msg = f"a rerun of round {round_code} gives something else than what is stored"
        raise click.ClickException(msg)
