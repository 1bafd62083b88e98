"""The cache of tiles: made once, kept within its bytes, and never an error kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.maps.tile_cache import ENTRY_BYTES, TileCache, size_of
from geo.finished_tiles import FinishedTile, finish

THREADS = 20
PATIENCE_S = 30


class Maker:
    """Makes tiles and counts how often it had to."""

    def __init__(self, tile: bytes | None = b"tile") -> None:
        self.tile = tile
        self.calls = 0
        self._lock = Lock()

    def __call__(self) -> FinishedTile:
        with self._lock:
            self.calls += 1
        return finish(self.tile)


def ask_at_once(cache: TileCache, make: Callable[[], FinishedTile]) -> list[bytes]:
    """Ask for one key in many threads, all held until every one of them is there."""
    together = Barrier(THREADS)

    def ask() -> bytes:
        together.wait(PATIENCE_S)
        return cache.get("key", make).plain.body

    with ThreadPoolExecutor(THREADS) as threads:
        asked = [threads.submit(ask) for _ in range(THREADS)]
        return [one.result(PATIENCE_S) for one in asked]


def test_twenty_who_ask_at_once_get_one_tile_made_once() -> None:
    make = Maker()
    assert ask_at_once(TileCache(1_000_000), make) == [b"tile"] * THREADS
    assert make.calls == 1


def test_a_tile_that_takes_long_is_waited_for_by_all() -> None:
    cache, started, released = TileCache(1_000_000), Event(), Event()
    calls = Maker()

    def make() -> FinishedTile:
        started.set()
        assert released.wait(PATIENCE_S)
        return calls()

    with ThreadPoolExecutor(THREADS) as threads:
        first = threads.submit(cache.get, "key", make)
        assert started.wait(PATIENCE_S)
        others = [threads.submit(cache.get, "key", make) for _ in range(THREADS - 1)]
        assert not any(other.done() for other in others)
        released.set()
        finished = {id(one.result(PATIENCE_S)) for one in (first, *others)}
    assert (calls.calls, len(finished)) == (1, 1)


def test_a_tile_in_the_making_keeps_no_other_tile_waiting() -> None:
    cache, started, released = TileCache(1_000_000), Event(), Event()

    def make_slowly() -> FinishedTile:
        started.set()
        assert released.wait(PATIENCE_S)
        return finish(b"slow")

    with ThreadPoolExecutor(1) as thread:
        slow = thread.submit(cache.get, "slow", make_slowly)
        assert started.wait(PATIENCE_S)
        assert cache.get("other", Maker(b"other")).plain.body == b"other"
        released.set()
        assert slow.result(PATIENCE_S).plain.body == b"slow"


def test_what_failed_fails_for_all_who_wait_and_is_tried_anew() -> None:
    cache, started, released = TileCache(1_000_000), Event(), Event()
    make = Maker()

    def break_down() -> FinishedTile:
        started.set()
        assert released.wait(PATIENCE_S)
        raise RuntimeError("no database")

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(cache.get, "key", break_down)
        assert started.wait(PATIENCE_S)
        second = threads.submit(cache.get, "key", break_down)
        released.set()
        for asked in (first, second):
            with pytest.raises(RuntimeError, match="no database"):
                asked.result(PATIENCE_S)
    assert (cache.get("key", make).plain.body, make.calls) == (b"tile", 1)


def test_a_tile_that_is_there_is_not_made_again() -> None:
    cache, make = TileCache(1_000_000), Maker()
    assert cache.get("key", make) is cache.get("key", make)
    assert make.calls == 1


def test_an_empty_tile_is_kept_as_well() -> None:
    cache, make = TileCache(1_000_000), Maker(None)
    assert cache.get("key", make).is_empty
    assert cache.get("key", make).packed is None
    assert make.calls == 1


def test_the_tile_not_asked_for_the_longest_leaves_first() -> None:
    cache, make = TileCache(2 * (ENTRY_BYTES + len(b"tile"))), Maker()
    for key in ("old", "used", "old", "new"):
        cache.get(key, make)
    before = make.calls
    cache.get("old", make)
    cache.get("new", make)
    assert make.calls == before
    cache.get("used", make)
    assert make.calls == before + 1


def test_a_tile_larger_than_the_cache_is_served_and_not_kept() -> None:
    cache, make = TileCache(ENTRY_BYTES), Maker()
    assert [cache.get("key", make).plain.body for _ in range(2)] == [b"tile", b"tile"]
    assert (make.calls, cache.size_bytes) == (2, 0)


@given(
    capacity=st.integers(0, 20_000),
    asked=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3_000)), max_size=60),
)
def test_the_cache_never_outgrows_its_bytes(capacity: int, asked: list[tuple[int, int]]) -> None:
    cache = TileCache(capacity)
    for key, size in asked:
        tile = cache.get(key, Maker(b"x" * size))
        assert cache.get(key, Maker()) is tile or size_of(tile) > capacity
        assert 0 <= cache.size_bytes <= capacity
