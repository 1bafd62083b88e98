"""Owns what is told of an installation; every value is read where it is enforced."""

from collections.abc import Mapping
from typing import Any

from backend.accounts import passwords
from backend.idempotency.service import KEPT_FOR
from backend.proposals.categories import CATEGORIES
from backend.proposals.schemas import TEXT_LENGTH, TITLE_LENGTH
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
        "limits": {
            "body_bytes": settings["MAX_CONTENT_LENGTH"],
            "page_items": MOST_ITEMS,
            "page_items_unasked": ITEMS,
            "title_characters": TITLE_LENGTH,
            "text_characters": TEXT_LENGTH,
            "password_characters_least": passwords.MIN_LENGTH,
            "password_characters": passwords.MAX_LENGTH,
            "located_points": MOST_POINTS,
            "radius_m": MAX_RADIUS_M,
            "answer_kept_s": round(KEPT_FOR.total_seconds()),
            "sync_days": settings["SYNC_DAYS"],
            "access_token_s": settings["ACCESS_TOKEN_MINUTES"] * MINUTE_S,
            "sign_in_s": settings["REFRESH_TOKEN_DAYS"] * DAY_S,
        },
    }
