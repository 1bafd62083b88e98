"""Owns who answers whose a point is: memory for nearly all points, the database for the rest.

What memory knows of a generation never goes stale. Which generation is in force is asked of the
database once in `TRUSTED_S`, so that an activation reaches these answers that much later at most;
each answer is wholly of the one generation that it names.
"""

import time
from collections.abc import Callable
from threading import Lock

from sqlalchemy import Engine

from backend.db import read_connection, read_engine
from backend.regions import service
from geo.regions import NoActiveGeneration, Owner, Recall, active_generation, read_recall

TRUSTED_S = 1.0
"""How long the generation in force is taken for granted."""

ATLAS = "regions.atlas"
"""Extension of the application that holds it."""


class Atlas:
    """Finds the owners of single points, of the generation that this process saw in force last.

    :param clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._in_force: tuple[int, float] = (0, float("-inf"))
        self._recall: Recall | None = None
        self._reading = Lock()

    def find_owner(self, *, lon: float, lat: float) -> Owner:
        """Return who owns a point; takes and raises what `service.find_owner` does."""
        engine = read_engine()
        recall = self._current(engine) if engine else None
        owner = recall.find_owner(lon, lat) if recall else None
        if owner is None:
            with read_connection() as connection:
                owner = service.find_owner(connection, lon=lon, lat=lat)
            # Whoever was shown new boundaries is not shown the old ones again.
            self._trust(owner.gazetteer.generation.id)
        return owner

    def _current(self, engine: Engine) -> Recall | None:
        """Return what is known of the generation in force, None while another thread reads it."""
        generation_id, since = self._in_force
        if self._clock() - since >= TRUSTED_S:
            with engine.connect() as connection:
                try:
                    generation_id = active_generation(connection).id
                except NoActiveGeneration:
                    return None
            self._trust(generation_id)
        known = self._recall
        if known is not None and known.generation_id == generation_id:
            return known
        # The one who reads is late by 0.3 s; the others ask the database meanwhile.
        if not self._reading.acquire(blocking=False):
            return None
        try:
            with engine.connect() as connection:
                self._recall = read_recall(connection, generation_id)
            return self._recall
        finally:
            self._reading.release()

    def _trust(self, generation_id: int) -> None:
        self._in_force = (generation_id, self._clock())
