"""Owns the token of a copy: how far one person has read, in which database.

It is opaque and carries a version. It is not signed, for it opens nothing: whoever makes one up
gets less of what is theirs.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from backend.errors import Gone, Invalid

VERSION = 1
LENGTH = 500
"""Most characters of a token."""

_LARGEST = 2**63


class SyncTokenInvalid(Invalid):
    """No token of ours."""

    code = "sync_token_invalid"
    ko = "동기화 토큰이 아닙니다. since 없이 처음부터 다시 받아 주세요."
    en = "Not a token of ours. Start anew, without since."


class SyncTokenExpired(Gone):
    """What the token would have to be told is not kept any more, or is of another database."""

    code = "sync_token_expired"
    ko = (
        "너무 오래된 동기화 토큰입니다. 받아 둔 내용을 지우고 since 없이 처음부터 다시 받아 주세요."
    )
    en = "This token is too old. Drop your copy and start anew, without since."


@dataclass(frozen=True, slots=True)
class Position:
    """All changes up to here were read: the number of a transaction, and the place within it."""

    xid: int
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """The first copy is being read, page by page.

    :param began: where the changes begin that may have passed the reader by.
    :param kind: what comes next.
    :param after: the last of them that was read, None before the first.
    """

    began: Position
    kind: str
    after: UUID | None = None


def write_token(place: Position | Reading, *, account_id: UUID, epoch: str) -> str:
    """Return a place as an opaque text.

    :param epoch: names the history of transactions in which the place has a meaning.
    """
    began = place.began if isinstance(place, Reading) else place
    parts: list[object] = [VERSION, epoch, _mark(account_id), began.xid, began.seq]
    if isinstance(place, Reading):
        parts += [place.kind, str(place.after) if place.after else None]
    packed = json.dumps(parts, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_token(token: str, *, account_id: UUID, epoch: str) -> Position | Reading:
    """Return the place that a token stands for.

    :raises SyncTokenInvalid: when it is no token.
    :raises SyncTokenExpired: when it is one of another person, version or database: what was
        kept with it has to go.
    """
    try:
        padded = token + "=" * (-len(token) % 4)
        parts = json.loads(base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True))
        if not isinstance(parts, list) or len(parts) < 3:
            raise SyncTokenInvalid(field="query.since")
        if parts[:3] != [VERSION, epoch, _mark(account_id)]:
            raise SyncTokenExpired(field="query.since")
        began = Position(_number(parts[3]), _number(parts[4]))
        if len(parts) == 5:
            return began
        kind, after = parts[5:]
        if not isinstance(kind, str):
            raise SyncTokenInvalid(field="query.since")
        return Reading(began, kind, None if after is None else UUID(after))
    except (ValueError, TypeError, AttributeError, IndexError, binascii.Error) as exc:
        raise SyncTokenInvalid(field="query.since") from exc


def _mark(account_id: UUID) -> str:
    return sha256(b"sync" + account_id.bytes).hexdigest()[:12]


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value < _LARGEST:
        raise SyncTokenInvalid(field="query.since")
    return value
