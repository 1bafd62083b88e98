"""Owns how answers are packed for bad networks: zstd, Brotli or gzip, with tags that still match.

A packed answer is another representation, so that its strong tag is another one (RFC 9110,
8.8.3): `"abc~br"` for `"abc"`. Readers send either back, and both name the same state.

What tells a secret is not packed: where a sender can have text of theirs beside the secret, its
length would give the secret away, letter by letter (BREACH). Such answers are those of POSTs that
are not kept; one that tells none is marked `packable`. Nothing else mixes the two for a stranger:
who is calling is told by a header that no other site can make a browser send.
"""

import gzip
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import brotli
from flask import Flask, Response, current_app, g, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from backend.idempotency import is_kept

try:
    from compression import zstd  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    from backports import zstd

View = TypeVar("View", bound=Callable[..., Any])

CODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstd.compress(body, 3),
    "br": lambda body: brotli.compress(body, quality=4),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
"""Content codings (RFC 9110, 8.4.1), the best first: of alike lengths, the quickest to make."""

SMALLEST = 1_000
"""Bytes below which an answer fits into one packet of the network anyhow."""

MOST_FILES = 64
"""Packed files of the pages that are kept in memory."""

EXTENSION = "dongne_packed_files"

_PACKABLE = re.compile(
    r"text/.+|application/(?:.+\+)?(?:json|xml)|application/javascript|image/svg\+xml"
)
_CODED_TAG = re.compile(r'"([^"]*)~(zstd|br|gzip)"')
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH")


def init_app(app: Flask) -> None:
    """Pack the answers of an application, and understand the tags of packed ones."""
    app.extensions[EXTENSION] = {}
    app.before_request(read_tags)
    app.after_request(pack_answer)


def packable(view: View) -> View:
    """Mark a POST whose answer is not kept and tells no secret."""
    view._packable = True  # type: ignore[attr-defined]
    return view


def is_packed(view: Callable[..., Any]) -> bool:
    """Tell whether a view's answers may be packed."""
    return is_kept(view) or getattr(view, "_packable", False)


def read_tags() -> None:
    """Read the tags of packed answers as those of what was packed, in the request's conditions."""
    g.coded_tags = []
    for name in _CONDITIONS:
        given = request.environ.get(name, "")
        found = _CODED_TAG.findall(given)
        if found:
            g.coded_tags += found
            request.environ[name] = _CODED_TAG.sub(r'"\1"', given)


def pack_answer(response: Response) -> Response:
    """Pack an answer where its reader takes that, it is worth it, and it gives nothing away."""
    if not _may_be_packed(response):
        return response
    response.vary.add("Accept-Encoding")
    coding = choose_coding(request.headers.get("Accept-Encoding", ""))
    if response.status_code == 304:
        _name_held(response, coding)
        return response
    if coding is None or "no-transform" in response.headers.get("Cache-Control", ""):
        return response
    is_file = response.direct_passthrough
    if is_file:
        response.direct_passthrough = False
    body = response.get_data()
    if len(body) < SMALLEST:
        return response
    tag, is_weak = response.get_etag()
    response.set_data(_pack_file(tag, coding, body) if is_file else CODINGS[coding](body))
    response.headers["Content-Encoding"] = coding
    response.headers.pop("Accept-Ranges", None)
    if tag is not None and not is_weak:
        response.set_etag(f"{tag}~{coding}")
    return response


@lru_cache(maxsize=256)
def choose_coding(accepted: str) -> str | None:
    """Return the coding for a reader, None where none is taken.

    :param accepted: the `Accept-Encoding` of the request; without one nothing is packed.
    """
    wanted = parse_accept_header(accepted, Accept)
    qualities = {coding: wanted.quality(coding) for coding in CODINGS}
    best = max(CODINGS, key=lambda coding: qualities[coding])
    return best if qualities[best] > 0 else None


def _may_be_packed(response: Response) -> bool:
    if "Content-Encoding" in response.headers or request.endpoint is None:
        return False
    if response.status_code != 304:
        if response.status_code in (204, 206) or not _PACKABLE.fullmatch(response.mimetype or ""):
            return False
        if response.is_streamed and not response.direct_passthrough:
            return False
    return is_packed(current_app.view_functions[request.endpoint])


def _name_held(response: Response, coding: str | None) -> None:
    """Let a 304 name the very answer that the reader holds (RFC 9111, 4.3.4)."""
    tag, is_weak = response.get_etag()
    held = [found for of, found in g.coded_tags if of == tag]
    if tag is not None and held and not is_weak:
        response.set_etag(f"{tag}~{coding if coding in held else held[0]}")


def _pack_file(tag: str | None, coding: str, body: bytes) -> bytes:
    """Return a file of the pages, packed the first time that it is asked for."""
    files: dict[tuple[str | None, str, str], bytes] = current_app.extensions[EXTENSION]
    key = (tag, coding, request.path)
    if tag is None or key not in files:
        if len(files) >= MOST_FILES:
            files.clear()
        files[key] = CODINGS[coding](body)
    return files[key]
