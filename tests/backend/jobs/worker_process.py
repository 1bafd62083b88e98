"""Owns the worker that the job tests start, stop and kill: its database is the first argument."""

import sys

from backend.app import create_app
from backend.jobs.worker import create_worker
from tests.backend.jobs import sample_tasks
from tests.support.databases import TEST_SETTINGS

if __name__ == "__main__":
    assert sample_tasks
    create_worker(create_app({**TEST_SETTINGS, "SQLALCHEMY_DATABASE_URI": sys.argv[1]})).run()
