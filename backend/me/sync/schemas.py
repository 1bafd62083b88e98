"""Owns what changes look like from outside: each thing as its own address answers it."""

from typing import Any

from marshmallow import fields, post_dump, pre_dump, validate

from backend.accounts.schemas import ResidenceSchema
from backend.fields import Text
from backend.me.sync.service import KINDS, Item
from backend.me.sync.tokens import LENGTH
from backend.notifications.schemas import NoticeSchema
from backend.preconditions import tag_of_content
from backend.proposals.schemas import ProposalSchema, PublicProposalSchema
from backend.schemas import ITEMS, MOST_ITEMS, Schema

TAGGED = ("residence", "own_proposal", "proposal")
"""What can be read by itself, and so has a tag."""


class SyncQuerySchema(Schema):
    """Since when changes are asked for."""

    since = Text(
        max_length=LENGTH,
        load_default=None,
        metadata={"description": "`next_since` of the answer before; without it, all there is"},
    )
    limit = fields.Integer(
        load_default=ITEMS,
        validate=validate.Range(min=1, max=MOST_ITEMS),
        metadata={"description": f"Items an answer, at most {MOST_ITEMS}"},
    )


class SyncItemSchema(Schema):
    """One thing as it is now, in the field of its name; in none of them when it is gone."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    id = fields.UUID(required=True, metadata={"description": "Of a residence: the account's"})
    deleted = fields.Boolean(
        required=True, metadata={"description": "Gone, or not the caller's to keep any more"}
    )
    etag = fields.String(
        metadata={"description": "For If-Match and If-None-Match at the thing's own address"}
    )
    residence = fields.Nested(
        ResidenceSchema, metadata={"description": "As /me/residence answers it"}
    )
    own_proposal = fields.Nested(
        ProposalSchema, metadata={"description": "As /me/proposals/{id} answers it"}
    )
    proposal = fields.Nested(
        PublicProposalSchema, metadata={"description": "As /proposals/{id} answers it"}
    )
    notice = fields.Nested(NoticeSchema, metadata={"description": "As /me/notices answers it"})

    @pre_dump
    def _place_content(self, item: Item, **_: Any) -> dict[str, Any]:
        shown = {"kind": item.kind, "id": item.id, "deleted": item.content is None}
        if item.content is None:
            return shown
        is_own_proposal = item.kind == "proposal" and item.is_own
        return shown | {"own_proposal" if is_own_proposal else item.kind: item.content}

    @post_dump
    def _tag(self, shown: dict[str, Any], **_: Any) -> dict[str, Any]:
        for name in TAGGED:
            if name in shown:
                shown["etag"] = tag_of_content(shown[name])
        return shown


class SyncSchema(Schema):
    """One page of what changed: apply the items in their order, then keep `next_since`."""

    items = fields.List(fields.Nested(SyncItemSchema), required=True)
    next_since = fields.String(
        required=True, metadata={"description": "Goes into `since`, now or another day"}
    )
    has_more = fields.Boolean(
        required=True, metadata={"description": "Ask again at once: there is more"}
    )
