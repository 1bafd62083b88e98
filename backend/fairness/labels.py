"""Owns the words for kinds of institutions, in both languages."""

from collections.abc import Iterable, Mapping

INSTITUTION_TYPE_NAMES: Mapping[str, Mapping[str, str]] = {
    "state_body": {"ko": "국가기관", "en": "state body"},
    "police": {"ko": "경찰", "en": "police"},
    "coast_guard": {"ko": "해양경찰", "en": "coast guard"},
    "fire": {"ko": "소방", "en": "fire service"},
    "forest": {"ko": "산림", "en": "forest office"},
    "health_centre": {"ko": "보건소", "en": "health centre"},
    "community_office": {"ko": "읍·면·동 주민센터", "en": "community office"},
    "local_government_body": {"ko": "지방자치단체 기관", "en": "local government body"},
    "education": {"ko": "교육기관", "en": "education"},
    "central_public_institution": {"ko": "공공기관", "en": "central public institution"},
    "local_public_corporation": {"ko": "지방공기업", "en": "local public corporation"},
    "non_profit": {"ko": "비영리단체", "en": "non-profit"},
    "overseas": {"ko": "해외기관", "en": "overseas institution"},
}
"""Every type of institution there is (`backend.organizations.models.INSTITUTION_TYPES`)."""


def type_name(institution_type: str, language: str) -> str:
    """Return what a type of institution is called."""
    return INSTITUTION_TYPE_NAMES[institution_type][language]


def list_types(counts: Iterable[tuple[str, int]], language: str) -> str:
    """Write numbers of institutions by type in one line, such as ``보건소 1곳, 소방 2곳``."""
    if language == "ko":
        return ", ".join(f"{type_name(kind, 'ko')} {count}곳" for kind, count in counts)
    return ", ".join(f"{type_name(kind, 'en')} ({count})" for kind, count in counts)
