"""Owns the sentences of notices: what happened, why, and what comes next; a file per subject."""

from collections.abc import Mapping
from typing import Any

from backend.notifications.texts import (
    accounts,
    areas,
    boundaries,
    merges,
    objections,
    proposals,
    rounds,
    talk,
)
from backend.notifications.texts.notice_text import NoticeText
from backend.particles import settle_particles

SUBJECTS = (proposals, talk, merges, rounds, objections, boundaries, accounts, areas)

TEXTS: Mapping[str, NoticeText] = {
    kind: text for subject in SUBJECTS for kind, text in subject.TEXTS.items()
}
"""Every kind of notice there is."""


def render(kind: str, params: Mapping[str, Any], language: str) -> str:
    """Return a notice's sentences.

    :param params: a value that is a mapping with ``ko`` and ``en`` is taken in `language`.
    :param language: ``ko`` or ``en``.
    """
    text = TEXTS[kind]
    chosen = {
        name: value.get(language) or value.get("ko") if isinstance(value, Mapping) else value
        for name, value in params.items()
    }
    if language == "ko":
        return settle_particles(text.ko.format_map(chosen))
    return text.en.format_map(chosen)
