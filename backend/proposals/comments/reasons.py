"""Owns the reasons for which a comment is reported and hidden."""

from collections.abc import Mapping

REASONS: Mapping[str, tuple[str, str]] = {
    "illegal": ("법에 어긋나는 내용", "unlawful content"),
    "personal_data": ("다른 사람의 개인정보", "personal data of somebody"),
    "abuse": ("욕설이나 비방", "abuse"),
    "spam": ("광고나 도배", "advertising or flooding"),
    "off_topic": ("제안과 관계없는 내용", "nothing to do with the proposal"),
}
"""What each is called in Korean and English."""


def in_both_languages(reason: str) -> dict[str, str]:
    """Return a reason as notices take it."""
    ko, en = REASONS[reason]
    return {"ko": ko, "en": en}
