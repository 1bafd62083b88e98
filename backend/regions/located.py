"""Owns the answers about points as text: what is said of a region is written once per generation.

A phone asks with every move of a pin; writing the same names again would cost more than finding the
owner. What the parts look like is decided by `schemas`.
"""

import json
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from backend.regions import schemas
from geo.regions import BorderCandidate, Gazetteer, Near, Owned, Owner, Owners, describe


@dataclass(slots=True)
class _Written:
    """The parts of one generation that have been asked for, by region id."""

    owners: dict[int, str] = field(default_factory=dict)
    candidates: dict[int, str] = field(default_factory=dict)
    entries: dict[int, str] = field(default_factory=dict)


_written: WeakKeyDictionary[Gazetteer, _Written] = WeakKeyDictionary()

_LOCATED = schemas.LocatedSchema(exclude=("match", "distance_m", "border"))
_CANDIDATE = schemas.BorderCandidateSchema(exclude=("distance_m",))
_ENTRY = schemas.LocatedEntrySchema(exclude=("match", "distance_m"))


def write_located(owner: Owner) -> str:
    """Return the answer about one point, as `LocatedSchema` describes it."""
    written = _parts_of(owner.gazetteer)
    region_id = owner.region.region_id
    about = written.owners.get(region_id)
    if about is None:
        about = written.owners[region_id] = _open(_LOCATED.dump(describe(owner)))
    border = ",".join(_write_candidate(owner.gazetteer, near) for near in owner.border)
    return f'{about},"match":"{owner.match}","distance_m":{owner.distance_m},"border":[{border}]}}'


def write_all_located(found: Owners) -> str:
    """Return the answer about many points, as `LocatedManySchema` describes it."""
    items = ",".join([_write_entry(found.gazetteer, owned) for owned in found.owners])
    generation = _write(schemas.GenerationSchema().dump(found.gazetteer.generation))
    return f'{{"items":[{items}],"generation":{generation}}}'


def _write_candidate(names: Gazetteer, near: Near) -> str:
    candidates = _parts_of(names).candidates
    part = candidates.get(near.region_id)
    if part is None:
        candidate = BorderCandidate(names.regions[near.region_id], near.distance_m)
        part = candidates[near.region_id] = _open(_CANDIDATE.dump(candidate))
    return f'{part},"distance_m":{round(near.distance_m, 1)}}}'


def _write_entry(names: Gazetteer, owned: Owned | None) -> str:
    if owned is None:
        return "null"
    entries = _parts_of(names).entries
    part = entries.get(owned.region_id)
    if part is None:
        part = entries[owned.region_id] = _open(_ENTRY.dump(names.regions[owned.region_id]))
    return f'{part},"match":"{owned.match}","distance_m":{owned.distance_m}}}'


def _parts_of(names: Gazetteer) -> _Written:
    found = _written.get(names)
    return found if found is not None else _written.setdefault(names, _Written())


def _open(data: Any) -> str:
    """Write an object without its closing brace, for what differs from point to point."""
    return _write(data)[:-1]


def _write(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
