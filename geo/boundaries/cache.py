"""Owns keeping an assembled layer in one file, so that it is computed once per edition."""

import json
import os
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo.boundaries.layer import Layer, Overview, RegionRecord
from geo.crs import Shapes
from geo.tiling import Band


def cache_path(directory: Path, key: str) -> Path:
    """Return where the layer of a key is kept."""
    return directory / f"layer-{key[:16]}.npz"


def save_layer(layer: Layer, path: Path) -> None:
    """Write a layer; a reader finds the whole file or none."""
    meta = {
        "key": layer.key,
        "label": layer.label,
        "data_date": layer.data_date.isoformat(),
        "sources": [dict(source) for source in layer.sources],
        "warnings": list(layer.warnings),
        "regions": [asdict(region) for region in layer.regions],
        "overviews": [
            {**asdict(overview.band), "codes": list(overview.codes)} for overview in layer.overviews
        ],
    }
    arrays = {"meta": np.frombuffer(json.dumps(meta, ensure_ascii=False).encode(), dtype=np.uint8)}
    arrays |= _pack("shapes", layer.shapes)
    for number, overview in enumerate(layer.overviews):
        arrays |= _pack(f"overview{number}", overview.shapes)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    scratch = Path(file.name)
    # the temporary file is private to its writer; the cache may be shared between accounts
    scratch.chmod(0o644)
    os.replace(scratch, path)  # noqa: PTH105 (atomic, also over an existing file)


def read_layer(path: Path) -> Layer:
    """Read a layer that `save_layer` wrote."""
    with np.load(path, allow_pickle=False) as arrays:
        meta = json.loads(arrays["meta"].tobytes())
        overviews = [
            Overview(
                Band(found["level"], found["min_zoom"], found["max_zoom"]),
                found["codes"],
                _unpack(f"overview{number}", arrays),
            )
            for number, found in enumerate(meta["overviews"])
        ]
        return Layer(
            key=meta["key"],
            label=meta["label"],
            data_date=date.fromisoformat(meta["data_date"]),
            sources=meta["sources"],
            regions=[RegionRecord(**region) for region in meta["regions"]],
            shapes=_unpack("shapes", arrays),
            overviews=overviews,
            warnings=meta["warnings"],
        )


def _pack(name: str, shapes: Shapes) -> dict[str, Any]:
    members = [bytes(member) for member in shapely.to_wkb(shapes, byte_order=1)]
    ends = np.cumsum([len(member) for member in members], dtype=np.int64)
    return {f"{name}_wkb": np.frombuffer(b"".join(members), dtype=np.uint8), f"{name}_ends": ends}


def _unpack(name: str, arrays: Any) -> Shapes:
    blob, ends = arrays[f"{name}_wkb"].tobytes(), arrays[f"{name}_ends"].tolist()
    starts = [0, *ends[:-1]]
    members = [blob[start:end] for start, end in zip(starts, ends, strict=True)]
    shapes: Shapes = shapely.from_wkb(np.array(members, dtype=object))
    return shapes
