"""The process that reads strangers' pictures: one job from standard input, its answer on output.

Started by `backend.files.sandbox`, which knows both ends of the protocol: a line of JSON, then
bytes. It gives up what it could do before it looks at the first byte of a picture: memory, time,
files, further processes.
"""

import json
import resource
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO

from backend.errors import DomainError
from backend.files import images
from backend.files.redaction import Rectangle

MEMORY_BYTES = 1024 * 1024 * 1024
"""Address space, which bounds what can become resident."""
CPU_S = 10
MOST_OUTPUT_BYTES = 64 * 1024 * 1024


def main() -> None:
    """Carry out one job and end."""
    _confine()
    _answer(sys.stdin.buffer, sys.stdout.buffer)


def _confine() -> None:
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, MOST_OUTPUT_BYTES),
    ):
        resource.setrlimit(what, (limit, limit))


def _answer(source: BinaryIO, target: BinaryIO) -> None:
    job = json.loads(source.readline())
    body = source.read()
    try:
        picture = _carry_out(job, body)
        head: dict[str, Any] = {"width": picture.width, "height": picture.height}
        result = picture.body
    except DomainError as exc:
        head, result = {"refused": exc.code}, b""
    target.write(json.dumps(head).encode() + b"\n" + result)
    target.flush()


def _carry_out(job: Mapping[str, Any], body: bytes) -> images.Picture:
    if job["do"] == "redact":
        return images.redact(body, [Rectangle(**part) for part in job["rectangles"]])
    return images.shrink(body) if job["do"] == "shrink" else images.clean(body)


if __name__ == "__main__":
    main()
