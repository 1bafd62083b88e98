"""A tile has bytes and a tag of its own under every coding, and keeps them when it is stored."""

import gzip

from hypothesis import given
from hypothesis import strategies as st

from geo.finished_tiles import SMALLEST_WORTH_PACKING, finish, pack, unpack


def test_each_coding_has_bytes_and_a_tag_of_its_own() -> None:
    body = b"vector" * SMALLEST_WORTH_PACKING
    tile, again = finish(body), finish(body)
    assert tile == again
    assert tile.packed is not None
    assert gzip.decompress(tile.packed.body) == tile.plain.body == body
    assert tile.packed.etag != tile.plain.etag


def test_what_is_small_is_not_packed() -> None:
    assert finish(b"x" * (SMALLEST_WORTH_PACKING - 1)).packed is None


@given(body=st.binary(min_size=1, max_size=3 * SMALLEST_WORTH_PACKING))
def test_a_stored_tile_is_the_same_again(body: bytes) -> None:
    assert unpack(pack(body)) == finish(body)
