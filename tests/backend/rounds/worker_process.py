"""Owns the worker that hangs in a stage of a run, to be killed there.

Arguments: its database, and `computing` or `verifying`.
"""

import sys
import time
from typing import NoReturn

from backend.app import create_app
from backend.jobs.worker import create_worker
from backend.rounds import engine, verification
from tests.support.databases import TEST_SETTINGS

HANG_S = 60


def hang(*_: object) -> NoReturn:
    """Tell the test that the stage has begun, and stay in it."""
    print("started", flush=True)  # noqa: T201 (the test waits for this line)
    time.sleep(HANG_S)
    raise TimeoutError


if __name__ == "__main__":
    if sys.argv[2] == "computing":
        engine.compute = hang
    else:
        verification.verify_texts = hang
    create_worker(create_app({**TEST_SETTINGS, "SQLALCHEMY_DATABASE_URI": sys.argv[1]})).run()
