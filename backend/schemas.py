"""Owns what all schemas share: strictness, the problem document and the page envelope."""

from typing import Any
from urllib.parse import urlencode

from flask import request
from marshmallow import RAISE, fields, validate
from marshmallow import Schema as MarshmallowSchema

from backend.fields import Degrees, Text
from backend.pagination import Page


class Schema(MarshmallowSchema):
    """Base of every schema; a field that nobody declared is an error, never ignored."""

    class Meta:
        unknown = RAISE


class ProblemSchema(Schema):
    """An error, as RFC 9457 describes it."""

    type = fields.String(required=True, metadata={"description": "Stable name of the problem"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(
        required=True, metadata={"description": "What happened, in the caller's language"}
    )
    code = fields.String(required=True, metadata={"description": "Machine code, snake case"})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": 'Messages by field path, such as "json.title"'},
    )
    rule = fields.String(
        metadata={"description": "Name of the published rule that refuses the request"}
    )
    challenge = fields.String(
        metadata={"description": "Goes to POST /sessions/second-factor together with a code"}
    )
    offset = fields.Integer(
        metadata={"description": "Bytes of an upload that have arrived: go on from there"}
    )
    merged_into = fields.UUID(
        metadata={"description": "With `proposal_merged`: the proposal that stands for both"}
    )
    survivor_id = fields.UUID(
        metadata={"description": "Where a merge is refused: the proposal that others go into"}
    )


class LocationSchema(Schema):
    """A place given as a point in WGS 84."""

    lon = Degrees(required=True, metadata={"example": 126.9779})
    lat = Degrees(required=True, metadata={"example": 37.5663})


MOST_ITEMS = 100
ITEMS = 20
"""Of a page: at most, and where nobody says how many."""


class PageQuerySchema(Schema):
    """Which part of a list is asked for."""

    limit = fields.Integer(
        load_default=ITEMS,
        validate=validate.Range(min=1, max=MOST_ITEMS),
        metadata={"description": f"Items a page, at most {MOST_ITEMS}"},
    )
    after = Text(max_length=500, load_default=None, metadata={"description": "Cursor of a page"})


_PAGES: dict[type[Schema], type[Schema]] = {}


def page_of(item: type[Schema]) -> type[Schema]:
    """Return the schema of one page of `item`: its items and the cursor of the next page."""
    if item not in _PAGES:
        name = item.__name__.removesuffix("Schema") + "PageSchema"
        body: dict[str, Any] = {
            "items": fields.List(fields.Nested(item), required=True),
            "next_cursor": fields.String(required=True, allow_none=True),
            "__doc__": "One page of a list; `next_cursor` goes into `after`, null at the end.",
        }
        _PAGES[item] = type(name, (Schema,), body)
    return _PAGES[item]


def with_next_link(page: Page) -> tuple[Page, dict[str, str]]:
    """Return a page and the `Link: rel="next"` header (RFC 8288) that its answer carries."""
    if page.next_cursor is None:
        return page, {}
    query = request.args.to_dict(flat=False) | {"after": [page.next_cursor]}
    return page, {"Link": f'<{request.path}?{urlencode(query, doseq=True)}>; rel="next"'}
