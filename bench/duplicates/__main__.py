"""Entry of `python -m bench.duplicates FILE ...`: scores labelled pairs in their own database."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from backend.app import create_app
from backend.db import db
from backend.ops import signals
from backend.ops.errors import OpsError
from backend.ops.paths import here
from backend.ops.progress import Progress
from bench.duplicates import fitting, labelled, scoring
from bench.serving import database

NAME = "dongne_bench_duplicates"
_INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Score the pairs of a file; return 1 when that cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m bench.duplicates", description=__doc__)
    parser.add_argument("file", type=Path, nargs="+", help="labelled pairs, such as tuning.json")
    parser.add_argument("--fit", action="store_true", help="fit weights; leave families out")
    options = parser.parse_args(arguments)
    signals.unwind_when_stopped()
    progress = Progress()
    pairs = labelled.read(*options.file)
    try:
        with database.loaded(here(), progress, NAME, keep=False) as url:
            given = url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
            app = create_app(
                {"SQLALCHEMY_DATABASE_URI": given, "SECRET_KEY": "of a benchmark only, no other"}
            )
            with app.app_context():
                session = db.session()
                ids = labelled.store(session, pairs)
                found = scoring.look(session, pairs, ids)
                names = " + ".join(file.name for file in options.file)
                progress.say(scoring.tabulate(found, names))
                if options.fit:
                    alone = fitting.only_attested_once(pairs)
                    forgotten = scoring.look(session, pairs, ids, forgotten=alone)
                    progress.say("\n" + fitting.report(found, forgotten))
                session.rollback()
                session.close()
                for engine in db.engines.values():
                    engine.dispose()
    except OpsError as error:
        progress.say(f"The benchmark stopped: {error.message}")
        return 1
    except KeyboardInterrupt:
        progress.say("Stopped.")
        return _INTERRUPTED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
