"""Owns finished tiles in memory: made once for all who ask meanwhile, the least used leave first.

Knows neither Flask nor the database: whoever asks brings what makes a missing tile.
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

GZIP_LEVEL = 5

SMALLEST_WORTH_PACKING = 1024
"""Bytes; below it gzip saves nothing that a packet would notice."""

ENTRY_BYTES = 1024
"""What an entry takes beside its bodies: key, ETags and the cache's own books, rounded up."""


@dataclass(frozen=True, slots=True)
class Representation:
    """A tile as it goes out under one content coding, with its strong ETag (RFC 9110, 8.8.3)."""

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class FinishedTile:
    """A tile under every coding it is served with; `packed` is None where gzip is not worth it."""

    plain: Representation
    packed: Representation | None

    @property
    def size(self) -> int:
        """Return the bytes that keeping it takes."""
        packed = len(self.packed.body) if self.packed else 0
        return ENTRY_BYTES + len(self.plain.body) + packed

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing lies in the tile."""
        return not self.plain.body


def finish(tile: bytes | None) -> FinishedTile:
    """Return a tile with its codings; the same tile gets the same bytes and ETags for ever.

    :param tile: a vector tile, None when nothing lies in it.
    """
    body = tile or b""
    etag = sha256(body).hexdigest()[:32]
    packed = None
    if len(body) >= SMALLEST_WORTH_PACKING:
        # Without the time, the same tile has the same packed bytes again.
        packed = Representation(gzip.compress(body, GZIP_LEVEL, mtime=0), f"{etag}-gzip")
    return FinishedTile(Representation(body, etag), packed)


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

    def get(self, key: Hashable, make: Callable[[], bytes | None]) -> FinishedTile:
        """Return the tile of a key; of many who ask at once, one makes it and the others wait.

        What `make` raises is raised to all who wait for it and not kept: the next one tries anew.

        :param key: the tile's whole address.
        :param make: returns the tile, None when nothing lies in it; called without a lock held.
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
        self, key: Hashable, make: Callable[[], bytes | None], making: Future[FinishedTile]
    ) -> None:
        try:
            tile = finish(make())
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
            if tile is None or tile.size > self._capacity_bytes:
                return
            self._kept[key] = tile
            self._size_bytes += tile.size
            while self._size_bytes > self._capacity_bytes:
                _, dropped = self._kept.popitem(last=False)
                self._size_bytes -= dropped.size
