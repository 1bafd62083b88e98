"""Owns what an installation says about itself."""

from marshmallow import fields

from backend.proposals.schemas import CategorySchema
from backend.schemas import Schema


class RateSchema(Schema):
    """How often an account may do something (429 beyond)."""

    name = fields.String(required=True, metadata={"example": "sign_in"})
    requests = fields.Integer(required=True)
    window_s = fields.Integer(required=True)


class LimitsSchema(Schema):
    """What is refused beyond; each name ends in its unit."""

    body_bytes = fields.Integer(
        required=True, metadata={"description": "Largest body of a request (413 beyond)"}
    )
    page_items = fields.Integer(required=True, metadata={"description": "Items a page at most"})
    page_items_unasked = fields.Integer(
        required=True, metadata={"description": "Items a page where no limit is given"}
    )
    title_characters = fields.Integer(
        required=True, metadata={"description": "Longest title of a proposal"}
    )
    text_characters = fields.Integer(
        required=True, metadata={"description": "Longest problem or idea of a proposal"}
    )
    photos = fields.Integer(required=True, metadata={"description": "Photos of a proposal"})
    photo_bytes = fields.Integer(
        required=True, metadata={"description": "Largest file of a photo, as it is sent"}
    )
    photo_pixels = fields.Integer(
        required=True, metadata={"description": "Width times height of the largest photo"}
    )
    photo_edge_px = fields.Integer(
        required=True,
        metadata={"description": "Longest edge that is kept: a larger photo is scaled down"},
    )
    photo_types = fields.List(fields.String(), required=True)
    uploads_open = fields.Integer(
        required=True, metadata={"description": "Uploads in chunks that one person may have open"}
    )
    upload_kept_s = fields.Integer(
        required=True, metadata={"description": "After which an unfinished upload is given up"}
    )
    alt_characters = fields.Integer(required=True)
    caption_characters = fields.Integer(required=True)
    comment_characters = fields.Integer(required=True)
    comment_editable_s = fields.Integer(
        required=True, metadata={"description": "How long a comment can be corrected"}
    )
    co_authors = fields.Integer(
        required=True, metadata={"description": "Besides the first author of a proposal"}
    )
    password_characters_least = fields.Integer(required=True)
    password_characters = fields.Integer(required=True)
    located_points = fields.Integer(
        required=True, metadata={"description": "Points a request of POST /regions/locate"}
    )
    radius_m = fields.Float(
        required=True, metadata={"description": "Largest radius of a search around a point"}
    )
    area_subscriptions = fields.Integer(
        required=True, metadata={"description": "Areas that one person follows at most"}
    )
    area_radius_m_least = fields.Integer(required=True)
    area_radius_m = fields.Integer(
        required=True, metadata={"description": "Largest circle that one follows"}
    )
    push_subscriptions = fields.Integer(
        required=True, metadata={"description": "Devices that are rung; of more the oldest goes"}
    )
    answer_kept_s = fields.Integer(
        required=True, metadata={"description": "How long an Idempotency-Key stands for a request"}
    )
    sync_days = fields.Integer(
        required=True,
        metadata={"description": "How long an app may be away before /sync starts anew (410)"},
    )
    access_token_s = fields.Integer(required=True, metadata={"description": "Life of a token"})
    sign_in_s = fields.Integer(
        required=True, metadata={"description": "How long an unused refresh token can be used"}
    )
    rates = fields.List(
        fields.Nested(RateSchema),
        required=True,
        metadata={"description": "Empty where nothing is counted"},
    )


class MetaSchema(Schema):
    """What an app has to know before anything else."""

    version = fields.String(required=True, metadata={"description": "Of this server"})
    minimum_app_version = fields.String(
        required=True,
        metadata={"description": "An older app asks its user to update", "example": "1.4.0"},
    )
    languages = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "For Accept-Language; the first is spoken where none is asked"},
    )
    categories = fields.List(fields.Nested(CategorySchema), required=True)
    searches_addresses = fields.Boolean(
        required=True, metadata={"description": "Whether /places/search has a geocoder to ask"}
    )
    sends_mail = fields.Boolean(
        required=True, metadata={"description": "Whether a forgotten password can be reset"}
    )
    limits = fields.Nested(LimitsSchema, required=True)
