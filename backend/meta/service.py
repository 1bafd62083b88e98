"""Owns what is told of an installation; every value is read where it is enforced."""

from collections.abc import Mapping
from typing import Any

from backend.accounts import passwords
from backend.config.limits import Limit
from backend.files.images import FULL_EDGE_PX, MEDIA_TYPES, MOST_PIXELS
from backend.idempotency.service import KEPT_FOR
from backend.mail import is_mail_on
from backend.notifications.areas.circles import LEAST_RADIUS_M, MOST_RADIUS_M
from backend.notifications.areas.service import MOST_AREAS
from backend.notifications.push.service import MOST_SUBSCRIPTIONS
from backend.proposals.categories import CATEGORIES
from backend.proposals.co_authors.invitations import MOST_CO_AUTHORS
from backend.proposals.comments.schemas import COMMENT_LENGTH
from backend.proposals.comments.states import EDITABLE_FOR
from backend.proposals.photos.schemas import ALT_LENGTH, CAPTION_LENGTH
from backend.proposals.photos.service import MOST_BYTES, MOST_PHOTOS
from backend.proposals.schemas import TEXT_LENGTH, TITLE_LENGTH
from backend.proposals.uploads import service as uploads
from backend.proposals.uploads.service import MOST_OPEN
from backend.regions.schemas import MOST_POINTS
from backend.schemas import ITEMS, MOST_ITEMS
from backend.translations import LANGUAGES
from geo.proximity import MAX_RADIUS_M

MINUTE_S, DAY_S = 60, 24 * 60 * 60


def describe_installation(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return versions, languages, categories and limits.

    :param settings: the application's own (`backend.config`).
    """
    return {
        "version": settings["API_VERSION"],
        "minimum_app_version": settings["MINIMUM_APP_VERSION"],
        "languages": LANGUAGES,
        "categories": CATEGORIES,
        "searches_addresses": bool(settings["GEOCODER_URL"]),
        "sends_mail": is_mail_on(settings),
        "limits": {
            "body_bytes": settings["MAX_CONTENT_LENGTH"],
            "page_items": MOST_ITEMS,
            "page_items_unasked": ITEMS,
            "title_characters": TITLE_LENGTH,
            "text_characters": TEXT_LENGTH,
            "photos": MOST_PHOTOS,
            "photo_bytes": MOST_BYTES,
            "photo_pixels": MOST_PIXELS,
            "photo_edge_px": FULL_EDGE_PX,
            "photo_types": MEDIA_TYPES,
            "uploads_open": MOST_OPEN,
            "upload_kept_s": int(uploads.KEPT_FOR.total_seconds()),
            "alt_characters": ALT_LENGTH,
            "caption_characters": CAPTION_LENGTH,
            "comment_characters": COMMENT_LENGTH,
            "comment_editable_s": round(EDITABLE_FOR.total_seconds()),
            "co_authors": MOST_CO_AUTHORS,
            "password_characters_least": passwords.MIN_LENGTH,
            "password_characters": passwords.MAX_LENGTH,
            "located_points": MOST_POINTS,
            "radius_m": MAX_RADIUS_M,
            "area_subscriptions": MOST_AREAS,
            "area_radius_m_least": LEAST_RADIUS_M,
            "area_radius_m": MOST_RADIUS_M,
            "push_subscriptions": MOST_SUBSCRIPTIONS,
            "answer_kept_s": round(KEPT_FOR.total_seconds()),
            "sync_days": settings["SYNC_DAYS"],
            "access_token_s": settings["ACCESS_TOKEN_MINUTES"] * MINUTE_S,
            "sign_in_s": settings["REFRESH_TOKEN_DAYS"] * DAY_S,
            "rates": list_rates(settings),
        },
    }


def list_rates(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return how often an account may do what; nothing where nothing is counted."""
    if not settings["RATE_LIMITS"]:
        return []
    limits = {
        key.removeprefix("LIMIT_").lower(): value
        for key, value in settings.items()
        if isinstance(value, Limit)
    }
    return [
        {
            "name": name,
            "requests": limit.per_caller.requests,
            "window_s": limit.per_caller.window_s,
        }
        for name, limit in sorted(limits.items())
    ]
