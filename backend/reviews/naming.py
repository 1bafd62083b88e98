"""Owns how a local government is called in events and in notices."""

from backend.organizations.models import Organization


def named(government: Organization) -> dict[str, str | None]:
    """Return a local government as events name it."""
    return {"code": government.local_government_code, "name": government.name_ko}


def in_both_languages(government: Organization) -> dict[str, str | None]:
    """Return a local government's name as notices take it."""
    return {"ko": government.name_ko, "en": government.name_en}
