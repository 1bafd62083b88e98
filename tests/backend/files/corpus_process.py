"""Reads every bad file as the application does, and prints what came of it, with peak memory."""

import json
import resource
import sys
from pathlib import Path

from backend.errors import DomainError
from backend.files import sandbox
from tests.support.bad_files import CORPUS
from tests.support.forged_files import CANARY
from tests.support.pictures import webp_chunks


def outcome(body: bytes) -> dict[str, object]:
    """Return what a file is refused for, or what of it is kept."""
    try:
        picture = sandbox.clean(body)
    except DomainError as exc:
        return {"refusal": exc.code}
    return {
        "refusal": None,
        "chunks": [kind.decode() for kind in webp_chunks(picture.body)],
        "canary": CANARY in picture.body,
        "edge": max(picture.width, picture.height),
    }


def forget_peak() -> int:
    """Measure the peak anew from now on, and return what is resident (proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return status_kb("VmRSS")


def status_kb(name: str) -> int:
    """Return a figure of this process's memory."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1])


def main() -> None:
    """Print one document about the whole corpus."""
    # Made before anything is measured: some are made of much more than they are.
    bodies = {bad.name: bad.make() for bad in CORPUS}
    before_kb = forget_peak()
    outcomes = {name: outcome(body) for name, body in bodies.items()}
    report = {
        "outcomes": outcomes,
        "own_growth_kb": status_kb("VmHWM") - before_kb,
        "reader_peak_kb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,
    }
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main()
