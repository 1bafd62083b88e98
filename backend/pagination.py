"""Owns keyset paging: stable order, no counting, a cost that does not grow with the table."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.errors import Invalid


class InvalidCursor(Invalid):
    """The cursor was not made by this list."""

    code = "cursor_invalid"
    ko = "이 목록의 커서가 아닙니다."
    en = "Not a cursor of this list."


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its items, and where the next one starts (None at the end)."""

    items: Sequence[Any]
    next_cursor: str | None


def paginate(
    session: Session,
    statement: Select[Any],
    *keys: InstrumentedAttribute[Any],
    limit: int,
    after: str | None,
    descending: bool = False,
) -> Page:
    """Read one page of a statement that selects an entity.

    :param keys: columns of the entity that order it, unique together and never null.
    :param limit: most items of the page.
    :param after: cursor of the page before, None for the first.
    :raises InvalidCursor: when `after` was not made by this list.
    """
    order = tuple_(*keys)
    if after is not None:
        position = tuple_(*decode_cursor(after, keys))
        statement = statement.where(order < position if descending else order > position)
    ordering = [key.desc() if descending else key.asc() for key in keys]
    rows = session.scalars(statement.order_by(*ordering).limit(limit + 1)).unique().all()
    items = rows[:limit]
    more = len(rows) > limit
    return Page(
        items, encode_cursor([getattr(items[-1], key.key) for key in keys]) if more else None
    )


def encode_cursor(values: Sequence[Any]) -> str:
    """Return the position in a list as an opaque text."""
    texts = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    packed = json.dumps([text if isinstance(text, int) else str(text) for text in texts])
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, keys: Sequence[InstrumentedAttribute[Any]]) -> list[Any]:
    """Return the position that a cursor stands for, a value for each column.

    :raises InvalidCursor: when it was not made for such columns.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        if not isinstance(values, list) or len(values) != len(keys):
            raise InvalidCursor(field="query.after")
        return [_value(value, key) for value, key in zip(values, keys, strict=True)]
    except (ValueError, TypeError, binascii.Error) as exc:
        raise InvalidCursor(field="query.after") from exc


def _value(value: Any, key: InstrumentedAttribute[Any]) -> Any:
    kind = key.type.python_type
    if kind in (datetime, UUID) and not isinstance(value, str):
        raise InvalidCursor(field="query.after")
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is UUID:
        return UUID(value)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise InvalidCursor(field="query.after")
    if kind is int and abs(value) >= 2**31:
        raise InvalidCursor(field="query.after")
    return value
