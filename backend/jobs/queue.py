"""Owns the one procrastinate application of the process and the register of tasks.

Owns no connection: jobs are deferred on the connection of a session (`backend.jobs.outbox`), and
the worker brings its own. The application is module-level because a task belongs to the last
application that it was added to, while a test process makes several Flask applications.

A task may run twice: a worker can be killed after the task's commit and before the job is marked
done. Every task therefore looks first whether its effect is there, or has one that may repeat.
"""

import importlib
import pkgutil
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from procrastinate import App, SyncPsycopgConnector
from procrastinate.retry import BaseRetryStrategy
from procrastinate.tasks import Task

import backend
from backend.jobs.retry import Backoff

P = ParamSpec("P")
R = TypeVar("R")

LONGEST_OUTAGE_S = 24 * 3600
"""A periodic task that fell due while no worker ran is made up for within this time."""


class UnknownTask(LookupError):
    """No module of tasks registers this name."""


class Tasks:
    """Registers functions as tasks of the application, with the house's retries.

    :param app: the application that keeps them.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    def task(
        self, *, name: str, retry: BaseRetryStrategy | None = None
    ) -> Callable[[Callable[P, R]], Task[P, R, P]]:
        """Register a function, which takes ids by keyword and runs inside the Flask application.

        :param name: ``<domain>.<verb>``; it is stored with each job, so that it cannot change
            while jobs wait.
        :param retry: other than ten attempts with doubling waits.
        """
        return self.app.task(name=name, retry=retry or Backoff())

    def periodic(self, *, name: str, cron: str) -> Callable[[Callable[[], R]], Callable[[], R]]:
        """Register a function without arguments that runs at each time of `cron`.

        At most one of its jobs waits; a time missed while no worker ran is made up for once.

        :param name: as in `task`.
        :param cron: five fields, or six with seconds last; UTC.
        """

        def register(function: Callable[[], R]) -> Callable[[], R]:
            @self.app.periodic(cron=cron)
            @self.app.task(name=name, retry=Backoff(), queueing_lock=name)
            def run(timestamp: int) -> R:  # noqa: ARG001 (procrastinate says when it was due)
                return function()

            return function

        return register

    def get(self, name: str) -> Task[Any, Any, Any]:
        """Return the task of that name.

        :raises UnknownTask: when there is none.
        """
        try:
            return self.app.tasks[name]
        except KeyError:
            raise UnknownTask(name) from None


tasks = Tasks(
    App(connector=SyncPsycopgConnector(), periodic_defaults={"max_delay": LONGEST_OUTAGE_S})
)
"""The register; its connector is never opened, so that nothing is queued outside a transaction."""


def load_tasks() -> None:
    """Import every module called `tasks` of the application."""
    for module in pkgutil.walk_packages(backend.__path__, "backend."):
        if module.name.endswith(".tasks"):
            importlib.import_module(module.name)
