"""Owns what is hashed: the canonical form of an event, as Python recomputes it.

The database computes the same in `audit_event_link()`, where events are appended. Both say:

    hash = SHA-256(prev_hash || UTF-8(canonical)), prev_hash of the first event being 32 zero bytes,
    canonical = the JSON array [chain, seq, occurred_at, actor_id, action, subject_type,
                subject_id, data], ", " between elements, only the escapes that JSON demands,
                occurred_at as 2025-01-31T09:00:00.000000Z, an absent actor as null, and data as the
                stored text inside a string.

An array of JSON strings cannot be read in two ways, whatever the values contain.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias
from uuid import UUID

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"

GENESIS = bytes(32)
"""What the first event of a chain names as the hash before it."""


def event_hash(
    prev_hash: bytes,
    *,
    chain: str,
    seq: int,
    occurred_at: datetime,
    actor_id: UUID | None,
    action: str,
    subject_type: str,
    subject_id: str,
    data: str,
) -> bytes:
    """Return the hash of one event after `prev_hash`.

    :param data: the stored text.
    """
    canonical = json.dumps(
        [
            chain,
            seq,
            # Not strftime: it writes the year 1 without its zeros.
            occurred_at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
            + "Z",
            None if actor_id is None else str(actor_id),
            action,
            subject_type,
            subject_id,
            data,
        ],
        ensure_ascii=False,
    )
    return hashlib.sha256(prev_hash + canonical.encode()).digest()


def canonical_data(data: Mapping[str, JSON]) -> str:
    """Return an object as JSON text: keys sorted, nothing between tokens.

    :raises TypeError: when a value is no JSON.
    :raises ValueError: when a number is no JSON (NaN, infinity).
    """
    return json.dumps(
        data, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def pseudonym(value: str, key: bytes) -> str:
    """Return a stand-in for a personal value, the same each time, as 64 hex digits.

    Put this into an event in place of the value: erasing the value elsewhere, and the key if it
    is one person's, leaves the chain whole and the event about nobody (HMAC-SHA-256, RFC 2104).

    :param key: secret, 32 bytes or more; who has it can confirm a guess.
    """
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
