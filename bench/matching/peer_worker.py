"""Owns the peer's measurement; runs in the peer's environment and knows nothing of ours.

Reads a JSON file of rankings, priorities and capacities, prints seconds, memory and who got what.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from pathlib import Path

from matching.games import HospitalResident  # type: ignore[import-not-found]

# It copies all its players into each other, deeper than Python's own stack goes.
_DEPTH = 1_000_000
_STACK_BYTES = 1_000_000_000


def measure(file: str) -> None:
    """Solve the market of a file and print what came of it."""
    market = json.loads(Path(file).read_text("utf-8"))
    start = time.perf_counter()
    game = HospitalResident.create_from_dictionaries(
        market["rankings"], market["priorities"], market["placements"]
    )
    matching = game.solve(optimal="resident")
    seconds = {"match": time.perf_counter() - start}
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    holders = sorted([p.name, i.name] for p, those in matching.items() for i in those)
    sys.stdout.write(json.dumps({"seconds": seconds, "peak_mb": peak_mb, "holders": holders}))


if __name__ == "__main__":
    sys.setrecursionlimit(_DEPTH)
    threading.stack_size(_STACK_BYTES)
    thread = threading.Thread(target=measure, args=(sys.argv[1],))
    thread.start()
    thread.join()
