"""Owns finished tiles in memory: made once for all who ask meanwhile, the least used leave first.

Knows neither Flask nor the database: whoever asks brings what makes a missing tile.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock

from geo.finished_tiles import FinishedTile

ENTRY_BYTES = 1024
"""What an entry takes beside its bodies: key, ETags and the cache's own books, rounded up."""


def size_of(tile: FinishedTile) -> int:
    """Return the bytes that keeping a tile takes."""
    return ENTRY_BYTES + len(tile.plain.body) + (len(tile.packed.body) if tile.packed else 0)


class TileCache:
    """Tiles by key up to a number of bytes; safe for threads.

    :param capacity_bytes: what is kept at most; a tile that alone is larger is not kept.
    """

    def __init__(self, capacity_bytes: int) -> None:
        self._capacity_bytes = capacity_bytes
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, FinishedTile] = OrderedDict()
        self._size_bytes = 0
        self._in_the_making: dict[Hashable, Future[FinishedTile]] = {}

    @property
    def size_bytes(self) -> int:
        """Return the bytes in use."""
        return self._size_bytes

    def get(self, key: Hashable, make: Callable[[], FinishedTile]) -> FinishedTile:
        """Return the tile of a key; of many who ask at once, one makes it and the others wait.

        What `make` raises is raised to all who wait for it and not kept: the next one tries anew.

        :param key: the tile's whole address.
        :param make: returns the tile; called without a lock held.
        """
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
            making = self._in_the_making.get(key)
            is_mine = making is None
            if making is None:
                making = self._in_the_making[key] = Future()
        if is_mine:
            self._make(key, make, making)
        return making.result()

    def _make(
        self, key: Hashable, make: Callable[[], FinishedTile], making: Future[FinishedTile]
    ) -> None:
        try:
            tile = make()
        except BaseException as exc:
            self._end_making(key)
            making.set_exception(exc)
            # Raised here rather than by the future, so that the trace leads to its origin.
            raise
        self._end_making(key, tile)
        making.set_result(tile)

    def _end_making(self, key: Hashable, tile: FinishedTile | None = None) -> None:
        """Forget the making and keep the tile in one step, so that nobody falls in between."""
        with self._lock:
            del self._in_the_making[key]
            if tile is None or size_of(tile) > self._capacity_bytes:
                return
            self._kept[key] = tile
            self._size_bytes += size_of(tile)
            while self._size_bytes > self._capacity_bytes:
                _, dropped = self._kept.popitem(last=False)
                self._size_bytes -= size_of(dropped)
