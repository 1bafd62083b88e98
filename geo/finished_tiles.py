"""Owns a tile as it goes out: its bytes under every content coding, and their strong ETags."""

import gzip
from dataclasses import dataclass
from hashlib import sha256

GZIP_LEVEL = 5

SMALLEST_WORTH_PACKING = 1024
"""Bytes; below it gzip saves nothing that a packet would notice."""


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
    def is_empty(self) -> bool:
        """Tell whether nothing lies in the tile."""
        return not self.plain.body


def finish(tile: bytes | None) -> FinishedTile:
    """Return a tile with its codings; the same tile gets the same bytes and ETags for ever.

    :param tile: a vector tile, None when nothing lies in it.
    """
    body = tile or b""
    return _finish(body, pack(body) if len(body) >= SMALLEST_WORTH_PACKING else None)


def pack(body: bytes) -> bytes:
    """Return the gzip form of a tile (RFC 1952)."""
    # Without the time, the same tile has the same packed bytes again.
    return gzip.compress(body, GZIP_LEVEL, mtime=0)


def unpack(packed: bytes) -> FinishedTile:
    """Return the tile that `pack` has packed; a tenth of the work of packing it anew."""
    body = gzip.decompress(packed)
    return _finish(body, packed if len(body) >= SMALLEST_WORTH_PACKING else None)


def _finish(body: bytes, packed: bytes | None) -> FinishedTile:
    etag = sha256(body).hexdigest()[:32]
    return FinishedTile(
        Representation(body, etag), Representation(packed, f"{etag}-gzip") if packed else None
    )
