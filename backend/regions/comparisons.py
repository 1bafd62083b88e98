"""Owns keeping the differences that were asked for: they take seconds and never change."""

from threading import Lock

from geo import regions
from geo.orm import Executor
from geo.regions import Difference

COMPARISONS = "regions.comparisons"
"""Extension of the application that holds them."""

KEPT = 8
"""Pairs of generations; there are few, and one may hold thousands of changes."""


class Comparisons:
    """The last differences between generations that were in force, each computed once."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int], Difference] = {}
        self._turn = Lock()

    def get(self, conn: Executor, before: int, after: int) -> Difference:
        """Return a difference; whoever asks while another is computed waits.

        :param before: id of the earlier generation, one that was in force.
        :param after: id of the later one, one that was in force.
        """
        with self._turn:
            found = self._found.pop((before, after), None)
            if found is None:
                found = regions.compare(conn, before, after)
            self._found[before, after] = found
            for oldest in list(self._found)[:-KEPT]:
                del self._found[oldest]
            return found
