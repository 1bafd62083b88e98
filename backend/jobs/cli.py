"""Owns the commands of the queue."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from backend import clock
from backend.db import unit_of_work
from backend.jobs.queue import load_tasks
from backend.jobs.sweeper import STALLED_AFTER_S, sweep
from backend.jobs.worker import CONCURRENCY, create_worker

commands = AppGroup("jobs", help="The job queue.")


def init_app(app: Flask) -> None:
    """Register every task and the commands."""
    load_tasks()
    app.cli.add_command(commands)


@commands.command("work")
@click.option("--once", is_flag=True, help="Stop when the queue is empty.")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 32),
    default=CONCURRENCY,
    show_default=True,
    help="Jobs at a time.",
)
def work(once: bool, concurrency: int) -> None:
    """Run jobs until told to stop; those under way are finished first."""
    create_worker(
        current_app._get_current_object(),  # type: ignore[attr-defined]  # a proxy's own method
        concurrency=concurrency,
    ).run(wait=not once)


@commands.command("sweep")
@click.option(
    "--stalled-after",
    type=click.FloatRange(min=0),
    default=STALLED_AFTER_S,
    show_default=True,
    help="Seconds of silence after which a worker counts as dead.",
)
def sweep_now(stalled_after: float) -> None:
    """Queue the jobs of dead workers again, as the worker does every minute."""
    with unit_of_work() as session:
        swept = sweep(session, now=clock.now(), stalled_after_s=stalled_after)
    click.echo(
        f"{len(swept.retried)} queued again, {len(swept.given_up)} given up,"
        f" {len(swept.superseded)} superseded"
    )
