"""The commands as sequences of steps: demo, serve, db, stop; each step is owned elsewhere."""

from __future__ import annotations

from backend.ops import cluster, database, orphans, serve, setup
from backend.ops.command import run_attached
from backend.ops.errors import OpsError
from backend.ops.paths import Paths
from backend.ops.progress import Progress

_EMPTY = """make demo
or, for an installation of your own:
make db
.venv/bin/flask --app wsgi db upgrade
.venv/bin/flask --app wsgi regions load
.venv/bin/flask --app wsgi accounts create-admin
make serve"""
_STOPPED_BY_SIGNAL = 128


def demo(paths: Paths, progress: Progress) -> int:
    """Set everything up, play the demonstration and serve it until Ctrl-C.

    :raises OpsError: when a step fails.
    """
    setup.everything(paths, progress)
    with database.available(paths, progress) as env, orphans.ended():
        command = [str(paths.venv / "bin" / "flask"), "--app", "wsgi", "prepare", "--demo"]
        code = run_attached(command, cwd=paths.root, env=env)
        if code >= _STOPPED_BY_SIGNAL:
            return code
        if code != 0:
            message = f"The demonstration could not be prepared (exit code {code})."
            raise OpsError(message, "make db && .venv/bin/flask --app wsgi prepare --demo")
        return serve.run(paths, progress, env, if_unready="make doctor")


def serve_existing(paths: Paths, progress: Progress) -> int:
    """Set everything up and serve the data that is there until Ctrl-C.

    :raises OpsError: when a step fails, or there is no data.
    """
    if not database.is_given() and cluster.find_url(paths) is None:
        raise OpsError("There is no database in this clone yet.", _EMPTY)
    setup.everything(paths, progress)
    with database.available(paths, progress) as env, orphans.ended():
        return serve.run(paths, progress, env, if_unready=_EMPTY)


def start_database(paths: Paths, progress: Progress) -> int:
    """Start the private cluster and leave it running.

    :raises OpsError: when it does not start.
    """
    if database.is_given():
        raise OpsError("DATABASE_URL is set: that server is not ours.", "unset DATABASE_URL")
    setup.server(paths, progress)
    with progress.step("Private PostgreSQL cluster"):
        cluster.keep(paths)
    database.say_where(paths, progress)
    url = cluster.find_url(paths) or ""
    progress.say(f"    {url}")
    progress.say(f"    psql -h {url.partition('host=')[2]} -U dongne dongne")
    progress.say("    make stop stops it.")
    return 0


def stop_database(paths: Paths, progress: Progress) -> int:
    """Stop the private cluster, whoever started it.

    :raises OpsError: when it does not stop.
    """
    if cluster.stop(paths):
        progress.say("The private cluster is stopped.")
    else:
        progress.say("The private cluster was not running.")
    return 0


def bench(paths: Paths, progress: Progress, arguments: list[str], only: str = "") -> int:
    """Run the benchmarks, each a package of bench/, with the database at hand; return the worst
    exit code.

    :param arguments: passed on to each of them.
    :param only: the name of the one to run; all by default.
    :raises OpsError: when a step fails, or there is no benchmark of that name.
    """
    names = [name for name in benchmarks(paths) if only in ("", name)]
    if not names:
        message = f"There is no benchmark {only or 'at all'} in bench/."
        raise OpsError(message, "ls bench")
    setup.everything(paths, progress, tests=True)
    worst = 0
    with database.available(paths, progress) as env, orphans.ended():
        for name in names:
            progress.say(f"==> bench/{name}")
            command = [str(paths.python), "-m", f"bench.{name}", *arguments]
            code = run_attached(command, cwd=paths.root, env=env)
            if code >= _STOPPED_BY_SIGNAL:
                return code
            worst = max(worst, code)
    return worst


def benchmarks(paths: Paths) -> list[str]:
    """Return the names of the packages of bench/ that can be run."""
    return sorted(entry.parent.name for entry in (paths.root / "bench").glob("*/__main__.py"))
