"""Owns the handing of pictures to a process of their own, bounded in memory, time and number.

A bomb that gets past the checks, or a fault in a decoder written in C, ends that process and not
the one that answers requests; what it left in memory goes with it.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from backend.errors import DomainError, Unavailable
from backend.files.images import REFUSALS, Picture, PictureUnreadable
from backend.files.redaction import Rectangle

AT_A_TIME = 2
"""Pictures that one process of ours has under way; each may take `worker.MEMORY_BYTES`."""

PATIENCE_S = 10
"""Longest wait for a turn; with `LONGEST_S` less than a transaction may idle."""

LONGEST_S = 15
"""Longest time for one picture on a busy machine; `worker.CPU_S` ends a runaway before."""

ROOT = Path(__file__).resolve().parents[2]
_turns = BoundedSemaphore(AT_A_TIME)
_REFUSALS: Mapping[str, type[DomainError]] = {refusal.code: refusal for refusal in REFUSALS}


class PicturesBusy(Unavailable):
    """Too many pictures are being read at this moment."""

    code = "photos_busy"
    ko = "지금 사진이 많이 올라오고 있습니다. 잠시 뒤에 다시 보내 주세요."
    en = "Many photos are coming in right now. Send yours again in a moment."
    retry_after_s = 5


class ReaderBroken(RuntimeError):
    """The process that reads pictures does not even start: a fault of ours, not of a picture."""


def clean(body: bytes) -> Picture:
    """Return what is kept of a photo (`images.clean`).

    :raises PictureUnreadable, PictureTooManyPixels, PictureTooSmall: when it is refused.
    :raises PicturesBusy: when no turn came up.
    """
    return _carry_out({"do": "clean"}, body)


def shrink(body: bytes) -> Picture:
    """Return the thumbnail of a kept picture (`images.shrink`)."""
    return _carry_out({"do": "shrink"}, body)


def redact(body: bytes, rectangles: Sequence[Rectangle]) -> Picture:
    """Return a kept picture with parts of it covered (`images.redact`)."""
    return _carry_out({"do": "redact", "rectangles": [asdict(part) for part in rectangles]}, body)


def _carry_out(job: Mapping[str, Any], body: bytes) -> Picture:
    if not _turns.acquire(timeout=PATIENCE_S):
        raise PicturesBusy
    try:
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "backend.files.worker"],
            input=json.dumps(job).encode() + b"\n" + body,
            capture_output=True,
            # Nothing of ours: the environment holds the secrets.
            env={"PYTHONPATH": str(ROOT)},
            cwd="/",
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as exc:
        raise PictureUnreadable from exc
    finally:
        _turns.release()
    return _read_answer(ended)


def _read_answer(ended: "subprocess.CompletedProcess[bytes]") -> Picture:
    if ended.returncode < 0:
        # Ended by a signal: the picture cost more than any photo does, or broke its decoder.
        raise PictureUnreadable
    if ended.returncode:
        raise ReaderBroken(ended.stderr.decode(errors="replace")[-2000:])
    line, _, body = ended.stdout.partition(b"\n")
    head = json.loads(line)
    if "refused" in head:
        raise _REFUSALS[head["refused"]]
    return Picture(body, head["width"], head["height"])
